"""Which acts may a program do with a token? A part of what its account may do, and never more.

A scope opens acts; the permission table still asks for role, scope of the role, stage and conditions of each.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum


class TokenScope(StrEnum):
    """What a token is good for. The stored word; pages explain each."""

    READ = "read"
    HAND_IN = "hand_in"
    REVIEW = "review"
    RUN_ROUND = "run_round"


ACTS: Mapping[TokenScope, frozenset[str]] = {
    TokenScope.READ: frozenset(
        {
            "read_own_work",
            "read_entry",
            "read_draft",
            "read_submission",
            "read_evidence",
            "read_flags",
            "read_queue",
            "read_board",
        }
    ),
    TokenScope.HAND_IN: frozenset(
        {
            "save_draft",
            "add_evidence",
            "attach_scan",
            "submit",
            "withdraw",
            "correct",
            "explain_flag",
            "ask_deferral",
            "ask_change",
        }
    ),
    TokenScope.REVIEW: frozenset(
        {"approve", "return_fields", "refuse", "explain_flag", "explain_absence", "import_statistics"}
    ),
    TokenScope.RUN_ROUND: frozenset(
        {
            "open_round",
            "import_statistics",
            "extend_deadline",
            "send_reminders",
            "rule_deferral",
            "rule_change",
            "open_submission",
            "close_submission",
            "close_preliminary_review",
        }
    ),
}

LONGEST_LIFE = timedelta(days=365)


def scopes_for(act: str) -> tuple[TokenScope, ...]:
    """Return the scopes that open an act; none for an act that no program can do."""
    return tuple(scope for scope in TokenScope if act in ACTS[scope])


def opens(scopes: Iterable[str], act: str) -> bool:
    """Say whether a token with these scopes may be used for an act at all. A word that is no scope opens nothing."""
    return any(act in ACTS[TokenScope(scope)] for scope in scopes if scope in set(TokenScope))
