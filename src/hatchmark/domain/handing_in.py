"""How far is an entry with its papers, and who has to do something about it next?"""

from enum import StrEnum

from hatchmark.domain.permissions import Role


class Standing(StrEnum):
    """Where the papers of an entry stand, from the call to the end of the preliminary review."""

    NOTHING = "nothing"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    DEFERRED = "deferred"
    ABSENT = "absent"


def standing_of(*, submission: str, drafted: bool, deferred: bool, absence_explained: bool) -> Standing:
    """Return the standing of an entry.

    `submission` is the state of the version that counts, or "" where none does: withdrawn and superseded versions
    are none. What was handed in outweighs a word about why nothing was.
    """
    if submission:
        return Standing(submission)
    if deferred:
        return Standing.DEFERRED
    if absence_explained:
        return Standing.ABSENT
    return Standing.DRAFT if drafted else Standing.NOTHING


SETTLED = frozenset({Standing.APPROVED, Standing.REFUSED, Standing.DEFERRED, Standing.ABSENT})
"""Nobody has to do anything more about these before the preliminary review closes."""


def whose_turn(standing: Standing, *, window_open: bool) -> Role | None:
    """Return who acts next on an entry; None where nobody has to. `window_open`: it may still hand in."""
    if standing in SETTLED:
        return None
    if standing is Standing.SUBMITTED:
        return Role.CHANNEL
    if standing is Standing.RETURNED or window_open:
        return Role.INSTITUTION
    # Too late, and nothing there: the channel says why.
    return Role.CHANNEL
