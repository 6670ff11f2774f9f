"""Narrow rows to what an actor may reach, before anything is searched, counted, sorted or shown.

The same table answers for one object (`services/permissions.py: require`) and for many (here): a test holds that an
entry is in the list exactly where the act on it alone is allowed.
"""

from django.db.models import Q, QuerySet

from hatchmark.db.models import Entry, Round
from hatchmark.domain.permissions import Actor, Scope, scope_of

_NOTHING = Q(pk__in=[])


def entries_for(actor: Actor, act: str) -> QuerySet[Entry]:
    """Return the entries of live rounds to which `actor` may do `act`, as far as scope goes, ordered as printed."""
    return Entry.objects.filter(_entries_in(scope_of(actor, act), actor), round__past=False)


def rounds_for(actor: Actor, act: str) -> QuerySet[Round]:
    """Return the live rounds in which `actor` may do `act` to anything, the latest first."""
    scope = scope_of(actor, act)
    if scope is Scope.AUTHORITY:
        narrowed = Round.objects.filter(authority__code=actor.authority)
    elif scope is None:
        narrowed = Round.objects.none()
    else:
        narrowed = Round.objects.filter(pk__in=entries_for(actor, act).values("round"))
    return narrowed.filter(past=False).order_by("-year")


def _entries_in(scope: Scope | None, actor: Actor) -> Q:
    own = Q(round__authority__code=actor.authority)
    match scope:
        case Scope.EVERYTHING:
            return Q()
        case Scope.AUTHORITY:
            return own
        case Scope.CHANNEL:
            return own & Q(channel=actor.unit)
        case Scope.INSTITUTION:
            return own & Q(qualification__institution__code=actor.unit)
        case Scope.ASSIGNMENT:
            return own & Q(assignments__expert__code=actor.code)
        case None:
            return _NOTHING
