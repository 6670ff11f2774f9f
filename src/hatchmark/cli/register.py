"""`hatchmark register as-of DATE`: what the register said on a day, and what of it is not sure."""

import argparse
import json
import sys

from hatchmark.cli.database import configured_database


def execute(args: argparse.Namespace) -> int:
    """Print every qualification as it stood on a day, of the configured database."""
    with configured_database():
        from hatchmark.services.register import as_of

        standings = as_of(args.date, authority_code=args.authority)
    if args.json:
        print(json.dumps([standing.as_document() for standing in standings], ensure_ascii=False, indent=1))
        return 0
    for standing in standings:
        names = " / ".join(standing.names)
        operators = "、".join(standing.operators)
        unsure = f"  （{standing.note}）" if standing.note else ""
        print(
            f"{standing.authority}  {standing.kind}  {standing.institution}  {names}  {operators}  "
            f"{standing.channel}  {standing.status}  {standing.state}{unsure}"
        )
    if not standings:
        print(
            "名册中没有机构 the register holds nothing; run a round into this database "
            "(hatchmark run FOLDER --out DIR --database URL), or set HATCHMARK_DEMO=true for the demo's",
            file=sys.stderr,
        )
    return 0
