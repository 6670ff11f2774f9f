"""The addresses of the public site. Each is there twice, in Chinese and under /en/ in English."""

from django.urls import path, register_converter

from hatchmark.web import (
    administration,
    certificates,
    demo,
    evidence,
    reviews,
    rosters,
    rounds,
    schemes,
    submissions,
    versions,
    views,
    whatif,
    work,
)

BRANCHES = (
    "en",
    "static",
    "schemes",
    "certificates",
    "work",
    "accounts",
    "permissions",
    "api",
    "check-a-notice",
)
"""Words that begin an address of the site itself: no authority can be called so."""


class AuthorityCode:
    """Letters, digits and hyphens, as a round folder allows them; never the name of a branch of the site."""

    regex = rf"(?!(?:{'|'.join(BRANCHES)})/)[A-Za-z0-9][A-Za-z0-9-]{{0,39}}"

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


class Code:
    """A kind or part of a scheme's code: letters, digits, hyphens and underscores."""

    regex = "[A-Za-z0-9][A-Za-z0-9_-]{0,59}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(AuthorityCode, "authority")
register_converter(Code, "code")
register_converter(Year, "year")

patterns = [
    path("", views.home, name="home"),
    path("schemes/", schemes.schemes, name="schemes"),
    path("schemes/<code:authority>/<code:name>/", schemes.scheme, name="scheme"),
    path("schemes/<code:authority>/<code:name>/files/<str:file>", schemes.scheme_file, name="scheme-file"),
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/<str:code>/", certificates.certificate, name="certificate"),
    path("work/clock/", demo.demo_clock, name="demo-clock"),
    path("work/", work.todo, name="todo"),
    path("work/submissions/<int:pk>/", submissions.submission, name="submission"),
    path("work/submissions/<int:pk>/roster/", rosters.roster, name="roster"),
    path("work/submissions/<int:pk>/roster/new/", rosters.new, name="roster-new"),
    path("work/submissions/<int:pk>/roster/rows/<slug:row>/", rosters.row, name="roster-row"),
    path("work/submissions/<int:pk>/roster/template.xlsx", rosters.template, name="roster-template"),
    path("work/submissions/<int:pk>/roster/import/", rosters.import_file, name="roster-import"),
    path("work/submissions/<int:pk>/evidence/", evidence.files, name="evidence"),
    path("work/submissions/<int:pk>/evidence/upload/", evidence.upload, name="evidence-upload"),
    path("work/submissions/<int:pk>/evidence/<slug:key>/content", evidence.chunk, name="evidence-chunk"),
    path("work/submissions/<int:pk>/evidence/<slug:key>/file", evidence.download, name="evidence-file"),
    path("work/submissions/<int:pk>/evidence/<slug:key>/remove/", evidence.remove, name="evidence-remove"),
    path("work/submissions/<int:pk>/versions/<int:version>/scan/", evidence.scan, name="scan"),
    path("work/queue/<int:pk>/", reviews.queue, name="queue"),
    path("work/rounds/<int:pk>/", rounds.board, name="board"),
    path("work/pending/<int:pk>/", rounds.pending, name="pending"),
    path("work/administrators/", administration.administrators, name="administrators"),
    path("work/mail/", administration.mail, name="mail"),
    path("work/large-type/", work.large_type, name="large-type"),
    path("<authority:authority>/<year:year>/", views.round_page, name="round"),
    path("<authority:authority>/<year:year>/rows.csv", views.rows, name="rows"),
    path("<authority:authority>/<year:year>/notice/", views.notice, name="notice"),
    path("<authority:authority>/<year:year>/notice/<int:number>/", versions.version, name="version"),
    path(
        "<authority:authority>/<year:year>/corrections/<int:number>/", versions.correction, name="correction"
    ),
    path("<authority:authority>/<year:year>/versions/<str:name>", versions.file, name="version-file"),
    path("<authority:authority>/<year:year>/files/<str:name>", views.document, name="document"),
    path("<authority:authority>/institutions/<str:code>/", views.institution, name="institution"),
    path(
        "<authority:authority>/institutions/<str:code>/<year:year>/<code:kind>/",
        views.scorecard,
        name="scorecard",
    ),
    path("<authority:authority>/<year:year>/what-if/<code:kind>/", whatif.what_if, name="what-if"),
]
