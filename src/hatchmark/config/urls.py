"""Every address of the site. Chinese at the root, English under /en/."""

from django.urls import include, path

from hatchmark.api.urls import patterns as api_patterns
from hatchmark.web.urls import patterns

urlpatterns = [
    path("api/v1/", include((api_patterns(), "api"), namespace="api")),
    # The parts of allauth that are used, by name: its own list of addresses has some without one.
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/identity/", include("allauth.socialaccount.urls")),
    path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("en/", include((patterns, "web"), namespace="en"), {"language": "en"}),
    path("", include((patterns, "web"), namespace="zh"), {"language": "zh"}),
]

handler400 = "hatchmark.web.errors.bad_request"
handler403 = "hatchmark.web.errors.forbidden"
handler404 = "hatchmark.web.errors.not_found"
handler429 = "hatchmark.web.errors.too_many"
handler500 = "hatchmark.web.errors.server_error"
