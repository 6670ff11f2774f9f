"""The addresses of the public site. Each is there twice, in Chinese and under /en/ in English."""

from django.urls import path, register_converter

from hatchmark.web import (
    administration,
    certificates,
    demo,
    evidence,
    invitations,
    messages,
    notice_check,
    openings,
    own_schemes,
    pages,
    permissions,
    qualifications,
    receipts,
    requests,
    reviews,
    rosters,
    rounds,
    scheme_changes,
    schemes,
    statistics,
    submissions,
    tokens,
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
    "receipts",
    "work",
    "accounts",
    "permissions",
    "large-type",
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
    path("check-a-notice/", notice_check.check_a_notice, name="check-a-notice"),
    path("work/clock/", demo.demo_clock, name="demo-clock"),
    path("work/", work.todo, name="todo"),
    path("work/submissions/<int:pk>/", submissions.submission, name="submission"),
    path("work/queue/", reviews.queues, name="queues"),
    path("receipts/", receipts.receipts, name="receipts"),
    path("receipts/<str:code>/", receipts.receipt, name="receipt"),
    path("work/submissions/<int:pk>/save/", submissions.save, name="submission-save"),
    path("work/submissions/<int:pk>/score/", submissions.score, name="submission-score"),
    path("work/submissions/<int:pk>/hand-in/", submissions.hand_in, name="submission-hand-in"),
    path("work/submissions/<int:pk>/withdraw/", submissions.withdraw, name="submission-withdraw"),
    path("work/submissions/<int:pk>/versions/<int:version>/", submissions.version, name="submission-version"),
    path(
        "work/submissions/<int:pk>/versions/<int:version>/receipt/",
        submissions.receipt,
        name="submission-receipt",
    ),
    path(
        "work/submissions/<int:pk>/versions/<int:version>/receipt.pdf",
        submissions.receipt_file,
        name="submission-receipt-pdf",
    ),
    path(
        "work/submissions/<int:pk>/versions/<int:version>/form.pdf",
        submissions.form_file,
        name="submission-form-pdf",
    ),
    path("work/history/", submissions.history, name="history"),
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
    path("work/queue/<int:pk>/queue.xlsx", reviews.queue_file, name="queue-file"),
    path("work/queue/<int:pk>/approval/", reviews.batch_approval, name="batch-approval"),
    path("work/reviews/<int:pk>/", reviews.review, name="review"),
    path("work/reviews/<int:pk>/approve/", reviews.approve, name="approve"),
    path("work/reviews/<int:pk>/return/", reviews.return_fields, name="return-fields"),
    path("work/reviews/<int:pk>/refuse/", reviews.refuse, name="refuse"),
    path("work/reviews/<int:pk>/flags/", reviews.explain_flag, name="explain-flag"),
    path("work/reviews/<int:pk>/absence/", reviews.explain_absence, name="explain-absence"),
    path("work/reviews/<int:pk>/letter/", reviews.letter, name="letter"),
    path("work/rounds/<int:pk>/statistics/", statistics.statistics_return, name="statistics"),
    path("permissions/", permissions.permissions, name="permissions"),
    path("work/invitations/<str:code>/", invitations.invitation, name="invitation"),
    path("work/messages/", messages.messages, name="messages"),
    path("work/messages/read/", messages.read_all, name="messages-read"),
    path("work/rounds/<int:pk>/reminders/", messages.reminders, name="reminders"),
    path("work/tokens/", tokens.tokens, name="tokens"),
    path("work/tokens/<int:pk>/revoke/", tokens.revoke, name="token-revoke"),
    path("work/accounts/", administration.accounts, name="accounts"),
    path("work/accounts/invite/", administration.invite, name="invite"),
    path(
        "work/accounts/invitations/<int:pk>/revoke/",
        administration.revoke_invitation,
        name="revoke-invitation",
    ),
    path("work/accounts/<int:pk>/", administration.account, name="account"),
    path("work/rounds/", rounds.all_rounds, name="rounds"),
    path("work/rounds/open/", openings.open_round, name="open-round"),
    path("work/rounds/<int:pk>/", rounds.board, name="board"),
    path("work/rounds/<int:pk>/entries.xlsx", rounds.board_xlsx, name="board-xlsx"),
    path("work/rounds/<int:pk>/move-on/", rounds.move_on, name="move-on"),
    path("work/rounds/<int:pk>/due/", rounds.due, name="due"),
    path("work/rounds/<int:pk>/call.<code:ending>", rounds.call_file, name="call-file"),
    path("work/rounds/<int:pk>/deadlines/", rounds.deadlines, name="deadlines"),
    path("work/rounds/<int:pk>/scheme/", scheme_changes.propose, name="scheme-change"),
    path("work/schemes/", own_schemes.own_schemes, name="own-schemes"),
    path("work/pending/<int:pk>/", scheme_changes.pending, name="pending"),
    path("work/entries/<int:pk>/", rounds.entry, name="entry"),
    path("work/requests/", requests.own_requests, name="requests"),
    path("work/requests/<int:pk>/<code:what>/", requests.ask_change, name="ask-change"),
    path("work/deferrals/<int:pk>/", requests.ask_deferral, name="ask-deferral"),
    path("work/rulings/", requests.rulings, name="rulings"),
    path("work/rulings/<int:pk>/", requests.ruling, name="ruling"),
    path("work/register/", qualifications.register, name="register"),
    path("work/register/register.xlsx", qualifications.register_xlsx, name="register-xlsx"),
    path("work/register/<int:pk>/", qualifications.qualification, name="qualification"),
    path("work/administrators/", administration.administrators, name="administrators"),
    path(
        "work/administrators/<int:pk>/decide/",
        administration.decide_administrator,
        name="decide-administrator",
    ),
    path("work/mail/", administration.mail, name="mail"),
    path("work/mail/<int:pk>/retry/", administration.retry, name="mail-retry"),
    path("work/ledger/", administration.ledger, name="ledger"),
    path("work/ledger/check/", administration.ledger_check, name="ledger-check"),
    path("work/ledger/ledger.jsonl", administration.ledger_file, name="ledger-file"),
    path("large-type/", pages.large_type, name="large-type"),
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
