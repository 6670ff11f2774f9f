"""The addresses of the public site. Each is there twice, in Chinese and under /en/ in English."""

from django.urls import path, register_converter

from hatchmark.web import views


class AuthorityCode:
    """Letters, digits and hyphens, as a round folder allows them; never the name of a branch of the site."""

    regex = r"(?!(?:en|static)/)[A-Za-z0-9][A-Za-z0-9-]{0,39}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Year:
    """Four digits."""

    regex = "[12][0-9]{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(AuthorityCode, "authority")
register_converter(Year, "year")

patterns = [
    path("", views.home, name="home"),
    path("<authority:authority>/<year:year>/", views.round_page, name="round"),
    path("<authority:authority>/<year:year>/rows.csv", views.rows, name="rows"),
    path("<authority:authority>/<year:year>/notice/", views.notice, name="notice"),
    path("<authority:authority>/<year:year>/files/<str:name>", views.document, name="document"),
    path("<authority:authority>/institutions/<str:code>/", views.institution, name="institution"),
]
