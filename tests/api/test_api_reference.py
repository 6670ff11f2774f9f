"""docs/reference/api.md is the OpenAPI description. `python tests/api/test_api_reference.py` writes it anew."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"
HEAD = """# The interface for programs

Made from the OpenAPI description (`/api/v1/openapi.json`) by tests/api/test_api_reference.py. How to begin, and what
the statuses mean: [use-the-api.md](../how-to/use-the-api.md). Who may do an act, at
which stage: [permissions.md](permissions.md).

Every operation wants `Authorization: Bearer hm_…` and is declared to answer {statuses}. Those that
write take `?dry_run=true`. A form is sent as `multipart/form-data`, the bytes of a file as they are. An act is opened
by any one of the scopes beside it, and then by the permission table.
"""


def typed(schema: Mapping[str, Any]) -> str:
    """Return what a field holds, in a word, with its bounds."""
    if "$ref" in schema:
        return named(schema["$ref"])
    if "anyOf" in schema:
        return " or ".join(typed(each) for each in schema["anyOf"])
    if len(schema.get("allOf", ())) == 1:
        return typed(schema["allOf"][0])
    kind: str = schema.get("format") or schema.get("type") or "anything"
    if kind == "binary":
        kind = "a file"
    if schema.get("type") == "array":
        kind = f"list of {typed(schema['items'])}"
    elif isinstance(schema.get("additionalProperties"), dict):
        kind = f"{typed(schema['additionalProperties'])} by name"
    bounds = [
        f"{word} {schema[bound]}"
        for bound, word in (
            ("minimum", "from"),
            ("maximum", "to"),
            ("maxLength", "at most"),
            ("maxItems", "at most"),
        )
        if bound in schema
    ]
    return f"{kind} ({' '.join(bounds)})" if bounds else kind


def named(reference: str) -> str:
    name = reference.rpartition("/")[2]
    return f"[{name}](#{name.lower()})"


def answer_of(operation: Mapping[str, Any]) -> str:
    return content_of(operation["responses"]["200"])


def body_of(operation: Mapping[str, Any]) -> str:
    body = operation.get("requestBody")
    return content_of(body) if body else ""


def content_of(message: Mapping[str, Any]) -> str:
    """Return what a body holds: a schema, the bytes of a file, or the fields of a form."""
    [(media_type, content)] = message["content"].items()
    schema = content["schema"]
    match media_type:
        case "application/json":
            return typed(schema)
        case "application/octet-stream":
            return "the bytes of a file"
        case _:
            fields = [f"`{name}` {typed(each)}" for name, each in schema["properties"].items()]
            return f"a form: {', '.join(fields)}"


def rows(description: Mapping[str, Any]) -> Iterator[list[str]]:
    """Yield a row of the table for every operation: what it does, where, its act and scopes, what goes in and out."""
    from hatchmark.domain.token_scopes import scopes_for

    for path, operations in description["paths"].items():
        for method, each in operations.items():
            asked = [
                f"`{parameter['name']}` {typed(parameter['schema'])}"
                for parameter in each.get("parameters", [])
                if parameter["in"] == "query" and parameter["name"] != "dry_run"
            ]
            yield [
                f"`{method.upper()} {path.removeprefix('/api/v1')}`",
                each["summary"],
                f"`{each['x-act']}`",
                ", ".join(f"`{scope}`" for scope in scopes_for(each["x-act"])),
                "; ".join([*filter(None, [body_of(each)]), *asked]),
                answer_of(each),
            ]


def section(name: str, schema: Mapping[str, Any]) -> list[str]:
    """Return what the page says about one schema."""
    lines = [f"### {name}", "", schema.get("description", "").replace("\n", " "), ""]
    if "enum" in schema:
        return [*lines, ", ".join(f"`{each}`" for each in schema["enum"]), ""]
    needed = set(schema.get("required", ()))
    lines += ["| field | |", "|---|---|"]
    for field, each in schema["properties"].items():
        lines.append(f"| `{field}`{'' if field in needed else ' (optional)'} | {typed(each)} |")
    return [*lines, ""]


def used(description: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schemas that go in or out; those of parameters stand in the table."""
    schemas = description["components"]["schemas"]
    found: dict[str, Any] = {}
    wanted = [description["paths"]]
    while wanted:
        node = wanted.pop()
        if isinstance(node, dict):
            name = str(node.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found[name] = schemas[name]
                wanted.append(schemas[name])
            wanted.extend(node.values())
        elif isinstance(node, list):
            wanted.extend(node)
    return {name: found[name] for name in sorted(found)}


def page() -> str:
    """Return the page as it ought to be."""
    import json

    from hatchmark.api import urls  # noqa: F401  (the operations are declared there)
    from hatchmark.api.operations import api

    description = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
    statuses = {tuple(each["responses"]) for path in description["paths"].values() for each in path.values()}
    [declared] = statuses
    lines = [
        HEAD.format(statuses=", ".join(map(str, declared))),
        "## Operations",
        "",
        "| operation | what it does | act | scope | takes | answers |",
        "|---|---|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in rows(description)),
        "",
        "## What goes in and out",
        "",
    ]
    for name, schema in used(description).items():
        lines += section(name, schema)
    return "\n".join(lines).rstrip() + "\n"


def test_the_reference_is_the_description():
    assert PAGE.read_text("utf-8") == page(), "run: python tests/api/test_api_reference.py"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hatchmark.config.settings")
    import django

    django.setup()
    PAGE.write_text(page(), "utf-8")
