"""Who may do what, and why: the whole permission table as a page, and as docs/reference/permissions.md."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hatchmark.domain.permissions import CONDITIONS, RULES, SCOPES, Role, Rule, Scope
from hatchmark.domain.workflow import STAGES
from hatchmark.web import words
from hatchmark.web.pages import show


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One act as the table prints it."""

    act: str
    title: str
    roles: tuple[str, ...]
    stages: str
    conditions: tuple[str, ...]


@require_safe
def permissions(request: HttpRequest, language: str) -> HttpResponse:
    """Show the table, all of it or what one role may do."""
    asked = request.GET.get("role", "")
    role = Role(asked) if asked in set(Role) else None
    rules = [rule for rule in RULES.values() if role is None or role in rule.roles]
    return show(
        request,
        "web/permissions.html",
        language,
        {
            "rows": [row_of(language, rule) for rule in rules],
            "roles": [
                {"code": each.value, "name": words.say(language, f"role_{each}"), "here": each is role}
                for each in Role
            ],
            "scopes": list(scopes(language)),
            "asked": role,
        },
    )


def row_of(language: str, rule: Rule) -> Row:
    """Put one rule into words."""
    return Row(
        act=rule.act,
        title=words.say(language, f"act_{rule.act}"),
        roles=_roles(language, rule),
        stages=_stages(language, rule),
        conditions=tuple(words.say(language, f"condition_{CONDITIONS[each]}") for each in rule.conditions),
    )


def _roles(language: str, rule: Rule) -> tuple[str, ...]:
    if rule.roles == frozenset(Role):
        return (words.say(language, "role_everybody"),)
    if rule.roles == frozenset(Role) - {Role.PUBLIC}:
        return (words.say(language, "role_signed_in"),)
    return tuple(words.say(language, f"role_{role}") for role in Role if role in rule.roles)


def _stages(language: str, rule: Rule) -> str:
    if not rule.stages or rule.stages == frozenset(STAGES):
        return words.say(language, "stages_any")
    comma = "、" if language == "zh" else ", "
    return comma.join(words.say(language, f"stage_{stage}") for stage in STAGES if stage in rule.stages)


def scopes(language: str) -> Iterator[tuple[str, str]]:
    """Yield each scope in words, with the roles that it holds for."""
    comma = "、" if language == "zh" else ", "
    for scope in Scope:
        roles = [words.say(language, f"role_{role}") for role in Role if SCOPES[role] is scope]
        yield comma.join(roles), words.say(language, f"scope_{scope}")


def as_markdown() -> str:
    """Return docs/reference/permissions.md. A test holds that the file is this text."""
    lines = [
        "# Who may do what",
        "",
        "Made from the table `RULES` in `src/hatchmark/domain/permissions.py`; a test holds the two together. What no",
        "row opens is closed. The same table is the page `/permissions/`.",
        "",
        "## How far a role reaches",
        "",
        "| role | reaches |",
        "|---|---|",
        *(f"| {roles} | {reach} |" for roles, reach in scopes("en")),
        "",
        "## Acts",
        "",
        "| act | what it is | who | at which stage | under which conditions |",
        "|---|---|---|---|---|",
    ]
    for rule in RULES.values():
        row = row_of("en", rule)
        lines.append(
            f"| `{row.act}` | {row.title} | {', '.join(row.roles)} | {row.stages} | {'; '.join(row.conditions)} |"
        )
    return "\n".join(lines) + "\n"
