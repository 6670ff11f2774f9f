"""`hatchmark accounts init`: invite the three administrators of a new installation."""

import argparse
import sys

from hatchmark.cli.database import configured_database
from hatchmark.domain.accounts import INVITATION_VALID
from hatchmark.domain.permissions import Role


def execute(args: argparse.Namespace) -> int:
    """Print the address of each invitation, once; 2 where somebody can sign in already."""
    with configured_database():
        from django.conf import settings

        from hatchmark.services import clock
        from hatchmark.services.accounts import invite_first_administrators
        from hatchmark.services.refusals import RefusedError

        names = {
            Role.SYSTEM_ADMIN: args.system,
            Role.SECURITY_ADMIN: args.security,
            Role.AUDIT_ADMIN: args.audit,
        }
        try:
            codes = invite_first_administrators(names=names, at=clock.now())
        except RefusedError as error:
            print(f"hatchmark accounts init: {error}", file=sys.stderr)
            return 2
        days = INVITATION_VALID.days
        print(f"邀请链接只显示这一次，{days}天内有效。 Shown this once; valid for {days} days.")
        for role, code in codes.items():
            print(f"{role}\t{names[role]}\t{settings.PUBLIC_ADDRESS}/work/invitations/{code}/")
    return 0
