"""The register: enter what a round's folder says of institutions, and tell what stood on a given day."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, Prefetch
from django.utils import timezone

from hatchmark.db.models import (
    Entry,
    Institution,
    InstitutionName,
    Operator,
    OperatorTenure,
    Qualification,
    QualificationEvent,
    RegisterNote,
    Round,
)
from hatchmark.domain.notice_import import KnownInstitution, KnownQualification
from hatchmark.domain.register import Certainty, Event, Period, qualification_state, standing
from hatchmark.domain.round_folder import RegisterChange, RegisterRow
from hatchmark.domain.scheme import Status
from hatchmark.services.refusals import faulty


def enter_in_register(
    evaluation_round: Round, rows: Sequence[RegisterRow], changes: Sequence[RegisterChange]
) -> dict[tuple[str, str], Qualification]:
    """Enter a round's rows and the changes before it; return the qualifications by (kind, institution).

    Runs inside the transaction of the act that opens the round. What an earlier round entered is kept: a
    new name or operator is added beside the old one, which is closed.
    """
    qualifications: dict[tuple[str, str], Qualification] = {}
    by_institution: dict[str, list[RegisterChange]] = {}
    for change in changes:
        by_institution.setdefault(change.institution, []).append(change)
    of_institution: dict[str, list[RegisterRow]] = {}
    for row in rows:
        of_institution.setdefault(row.institution, []).append(row)
    for code, own_rows in of_institution.items():
        institution, _ = Institution.objects.get_or_create(
            authority=evaluation_round.authority,
            code=code,
            defaults={"fictional": evaluation_round.fictional},
        )
        own = by_institution.get(code, [])
        _enter_names(institution, own_rows, own, year=evaluation_round.year)
        _enter_operators(institution, own_rows, own, year=evaluation_round.year)
        for change in own:
            if change.what == "note":
                RegisterNote.objects.get_or_create(
                    institution=institution, text=change.new, defaults={"source": change.source}
                )
        for row in own_rows:
            qualifications[row.key.kind, code] = _enter_qualification(institution, row)
    return qualifications


def _enter_names(
    institution: Institution, rows: Sequence[RegisterRow], changes: Sequence[RegisterChange], *, year: int
) -> None:
    # Two qualifications of one institution may bear two names at once: neither ends the other.
    printed = {row.name: row for row in rows}
    open_names = {each.name: each for each in institution.names.filter(until="")}
    new = {name: row for name, row in printed.items() if name not in open_names}
    for name, row in new.items():
        change = next((each for each in changes if each.what == "name" and each.new == name), None)
        effective = (change.effective if change else "") or (str(year) if open_names else "")
        if not open_names and change is not None:
            InstitutionName.objects.create(
                institution=institution, name=change.old, until=effective, source=change.source
            )
        for ended in open_names.values():
            if ended.name not in printed and (change is None or len(rows) == 1 or ended.name == change.old):
                ended.until = effective
                ended.save(update_fields=["until"])
        InstitutionName.objects.create(
            institution=institution,
            name=name,
            aliases=list(row.aliases),
            since=effective,
            source=change.source if change else "",
        )


def _enter_operators(
    institution: Institution, rows: Sequence[RegisterRow], changes: Sequence[RegisterChange], *, year: int
) -> None:
    authority = institution.authority

    def operator_named(name: str) -> Operator:
        return Operator.objects.get_or_create(authority=authority, name=name)[0]

    since: dict[str, RegisterChange] = {}
    for change in changes:
        if change.what == "operator":
            since[change.new] = change
            OperatorTenure.objects.get_or_create(
                institution=institution,
                operator=operator_named(change.old),
                since="",
                defaults={"until": change.effective, "source": change.source},
            )
        elif change.what == "operator_alias":
            operator = operator_named(change.old)
            if change.new not in operator.aliases:
                operator.aliases = [*operator.aliases, change.new]
                operator.save(update_fields=["aliases"])
    printed = list(dict.fromkeys(name for row in rows for name in row.operators))
    open_tenures = {tenure.operator.name: tenure for tenure in institution.tenures.filter(until="")}
    known_before = bool(open_tenures)
    for name, tenure in open_tenures.items():
        if name not in printed:
            ended = next(
                (each.effective for each in changes if each.what == "operator" and each.old == name), ""
            )
            tenure.until = ended or str(year)
            tenure.save(update_fields=["until"])
    for name in printed:
        if name not in open_tenures:
            begun = since.get(name)
            OperatorTenure.objects.create(
                institution=institution,
                operator=operator_named(name),
                since=(begun.effective if begun else "")
                or (str(year) if known_before and begun is None else ""),
                source=begun.source if begun else "",
            )


def _enter_qualification(institution: Institution, row: RegisterRow) -> Qualification:
    qualification, _ = Qualification.objects.update_or_create(
        institution=institution,
        kind=row.key.kind,
        defaults={
            "level": row.level or "",
            "sub_type": row.sub_type or "",
            "status": row.status,
            "recognised_in": row.recognised_in or "",
            "channel": row.channel,
            "channel_type": row.channel_type,
            "region": row.region or "",
        },
    )
    return qualification


def change_name(institution: Institution, *, old: str, new: str, effective: str, source: str) -> None:
    """Enter a granted change of name: the old name ends when the new one begins. Runs inside the act that grants it.

    Raises UnsoundError where `old` is not borne now, or `new` is.
    """
    borne = {each.name: each for each in institution.names.filter(until="")}
    if old not in borne:
        raise faulty(
            "old_name_gone",
            f"{institution} does not bear the name {old} now; the change has to be asked for anew",
            name=old,
        )
    if new in borne:
        raise faulty("name_there", f"{institution} bears the name {new} already", name=new)
    ended = borne[old]
    ended.until = effective
    ended.save(update_fields=["until"])
    InstitutionName.objects.create(institution=institution, name=new, since=effective, source=source)


def change_operator(institution: Institution, *, old: str, new: str, effective: str, source: str) -> None:
    """Enter a granted change of operator: the old one's tenure ends when that of the new one begins.

    Runs inside the act that grants it. Raises UnsoundError where `old` does not run the institution now, or `new` does.
    """
    running = {
        each.operator.name: each for each in institution.tenures.select_related("operator").filter(until="")
    }
    if old not in running:
        raise faulty(
            "old_operator_gone",
            f"{old} does not run {institution} now; the change has to be asked for anew",
            name=old,
        )
    if new in running:
        raise faulty("operator_there", f"{new} runs {institution} already", name=new)
    ended = running[old]
    ended.until = effective
    ended.save(update_fields=["until"])
    operator, _ = Operator.objects.get_or_create(authority=institution.authority, name=new)
    OperatorTenure.objects.create(institution=institution, operator=operator, since=effective, source=source)


def known_institutions(authority_code: str) -> tuple[KnownInstitution, ...]:
    """Return the institutions of an authority with every name and operator they ever had, the present ones first."""
    rows = (
        Institution.objects.filter(authority__code=authority_code)
        .prefetch_related(
            "names",
            "qualifications",
            Prefetch("tenures", OperatorTenure.objects.select_related("operator")),
        )
        .order_by("code")
    )
    return tuple(_known(institution) for institution in rows)


def _known(institution: Institution) -> KnownInstitution:
    # The sort keeps the order of entry among the open ones and among the closed ones.
    names = sorted(institution.names.all(), key=lambda name: name.until != "")
    tenures = sorted(institution.tenures.all(), key=lambda tenure: tenure.until != "")
    return KnownInstitution(
        code=institution.code,
        names=tuple(dict.fromkeys(name.name for name in names)),
        operators=tuple(dict.fromkeys(tenure.operator.name for tenure in tenures)),
        present_names=tuple(name.name for name in names if not name.until),
        present_operators=tuple(tenure.operator.name for tenure in tenures if not tenure.until),
        qualifications=tuple(
            KnownQualification(
                kind=each.kind,
                status=Status(each.status),
                channel=each.channel,
                channel_type=each.channel_type,
                region=each.region,
                level=each.level,
                sub_type=each.sub_type,
                recognised_in=each.recognised_in,
            )
            for each in sorted(institution.qualifications.all(), key=lambda each: each.kind)
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the register says of one qualification on one day. `certain` is False where a date is not known."""

    authority: str
    institution: str
    kind: str
    names: tuple[str, ...]
    operators: tuple[str, ...]
    channel: str
    region: str | None
    status: str
    state: str
    certain: bool
    note: str

    def as_document(self) -> Mapping[str, Any]:
        """Return the line of `register as-of --json`."""
        return {
            "authority": self.authority,
            "institution": self.institution,
            "kind": self.kind,
            "names": list(self.names),
            "operators": list(self.operators),
            "channel": self.channel,
            "region": self.region,
            "status": self.status,
            "state": self.state,
            "certain": self.certain,
            "note": self.note,
        }


def events_of(qualification: Qualification) -> list[Event]:
    """Return the events of a qualification as the domain reads them."""
    return [_event(event) for event in qualification.events.all()]


def _event(event: QualificationEvent) -> Event:
    bound = re.match(r"\d{4}", event.happened_bound)
    return Event(
        name=event.event,
        on=timezone.localtime(event.happened_at).date() if event.happened_at else None,
        not_before=int(bound.group()) if bound else None,
    )


def as_of(on: date, *, authority_code: str | None = None) -> list[Standing]:
    """Return every qualification as it stood on a day, by authority, kind and institution code.

    A qualification that was recognised later, as far as its date is known, is left out. Where it is not
    known, nothing is sure before the year of the first round that lists the qualification.
    """
    first_years = _first_years()
    found = []
    for qualification in _qualifications(authority_code):
        recognised = standing([Period(value="", since=qualification.recognised_in)], on)
        if not recognised:
            continue
        listed = bool(qualification.recognised_in) or on.year >= first_years.get(qualification.pk, 0)
        certainties = [certainty if listed else Certainty.POSSIBLE for _, certainty in recognised]
        found.append(_standing(qualification, on, recognised=certainties))
    return found


def _first_years() -> dict[int, int]:
    listed = Entry.objects.order_by().values("qualification").annotate(year=Min("round__year"))
    return dict(listed.values_list("qualification", "year"))


def _qualifications(authority_code: str | None) -> Sequence[Qualification]:
    rows = Qualification.objects.select_related("institution__authority").prefetch_related(
        "events",
        "institution__names",
        Prefetch("institution__tenures", OperatorTenure.objects.select_related("operator")),
    )
    if authority_code is not None:
        rows = rows.filter(institution__authority__code=authority_code)
    return list(rows.order_by("institution__authority__code", "kind", "institution__code"))


def _standing(qualification: Qualification, on: date, *, recognised: Sequence[Certainty]) -> Standing:
    institution = qualification.institution
    names = standing(
        [Period(value=name.name, since=name.since, until=name.until) for name in institution.names.all()], on
    )
    operators = standing(
        [
            Period(value=tenure.operator.name, since=tenure.since, until=tenure.until)
            for tenure in institution.tenures.all()
        ],
        on,
    )
    state, state_certainty = qualification_state(events_of(qualification), on)
    unsure = [
        word
        for word, certainties in (
            ("recognition", recognised),
            ("name", [certainty for _, certainty in names]),
            ("operator", [certainty for _, certainty in operators]),
            ("state", [state_certainty]),
        )
        if Certainty.POSSIBLE in certainties
    ]
    return Standing(
        authority=institution.authority.code,
        institution=institution.code,
        kind=qualification.kind,
        names=tuple(value for value, _ in names),
        operators=tuple(value for value, _ in operators),
        channel=qualification.channel,
        region=qualification.region or None,
        status=qualification.status,
        state=state,
        certain=not unsure,
        note=f"date not known to the day: {', '.join(unsure)}" if unsure else "",
    )
