"""Every address of the site. Chinese at the root, English under /en/."""

from django.urls import include, path

from hatchmark.web.urls import patterns

urlpatterns = [
    path("en/", include((patterns, "web"), namespace="en"), {"language": "en"}),
    path("", include((patterns, "web"), namespace="zh"), {"language": "zh"}),
]

handler400 = "hatchmark.web.errors.bad_request"
handler403 = "hatchmark.web.errors.forbidden"
handler404 = "hatchmark.web.errors.not_found"
handler500 = "hatchmark.web.errors.server_error"
