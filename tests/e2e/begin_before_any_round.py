"""Make a database in which no round was ever held: an authority, who may sign in, and a clock of its own.

Run as a program, in the environment of the site that is served from it afterwards. Whoever is on the list of the round
is entered there by the department, in the browser: the codes `demo-i01` to `demo-i06` are those that it will get.
"""

from datetime import datetime

from hatchmark.cli.database import demo_database

BEGINS = "2026-03-02T09:00:00+08:00"
CHANNELS = {"ch-01": "示例甲市科学技术局", "ch-02": "示例乙盟科学技术局"}
INSTITUTIONS = {f"demo-i{n:02}": f"示例{name}孵化器" for n, name in enumerate("一二三四五六", start=1)}


def begin() -> None:
    """Fill the database that the environment names, which must be a new one."""
    with demo_database(fresh=True):
        from django.contrib.auth.hashers import make_password

        from hatchmark.db.models import Account, Authority
        from hatchmark.domain.permissions import Role
        from hatchmark.services import clock
        from hatchmark.services.demonstration import PASSWORD

        at = datetime.fromisoformat(BEGINS)
        clock.begin_demonstration(at)
        authority = Authority.objects.create(code="demo", name="示例自治区科学技术厅")
        people = [("dep-1", "示例经办", Role.DEPARTMENT, "示例厅")]
        people += [(code, f"示例{code}", Role.CHANNEL, unit) for code, unit in CHANNELS.items()]
        people += [(code, name, Role.INSTITUTION, code) for code, name in INSTITUTIONS.items()]
        password = make_password(PASSWORD)
        for username, name, role, unit in people:
            Account.objects.create(
                username=username,
                name=name,
                role=role.value,
                unit=unit,
                authority=authority,
                demo=True,
                made_at=at,
                password=password,
                password_set_at=at,
            )


if __name__ == "__main__":
    begin()
