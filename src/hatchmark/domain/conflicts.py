"""May this expert judge this file, or must they stand back (回避)?

Some conflicts the expert declares; one the register itself shows: to be employed by the institution, by one
of its operators, or by the body that supervises it. A conflict leaves the assignment on record and takes
away its effect.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

SAME_UNIT = "same_unit"

CONFLICT_TITLES: Mapping[str, str] = MappingProxyType({
    SAME_UNIT: "与参评机构、运营机构或主管部门同一单位",
    "relative": "与参评机构人员有近亲属关系",
    "shareholding": "持有参评机构或其运营机构股份",
    "adviser": "担任参评机构顾问或导师",
    "joint_project": "与参评机构人员有合作项目或成果",
    "teacher_student": "与参评机构人员有师生关系",
    "dispute": "与参评机构有争议或利益纠纷",
    "own_application": "本人或所在单位在同批参评",
    "named_by_applicant": "参评机构提出回避",
})  # fmt: skip
"""The kinds of conflict, by the code that a folder and a row hold."""

# Names of whole bodies end so. A longer name that begins with one is a unit of that body
# (内蒙古农业大学招生就业处 of 内蒙古农业大学); a place name alone never makes two bodies one.
_WHOLE_BODY_ENDINGS = ("大学", "学院", "学校", "研究院", "研究所", "科学院", "公司", "管理委员会", "管委会")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFacts:
    """What the register knows of the entry that is to be judged."""

    institution: str
    operators: tuple[str, ...]
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MayScore:
    """The answer, with the conflict that forbids it and the reason in words."""

    allowed: bool
    conflict: str
    reason: str


def may_score(*, employer: str, entry: EntryFacts, declared: str = "") -> MayScore:
    """Tell whether an expert of `employer` may judge the entry.

    `declared` is the code of the conflict that the expert declared, or empty.
    """
    if declared:
        if declared not in CONFLICT_TITLES:
            raise ValueError(f"no conflict '{declared}'; there are: {', '.join(CONFLICT_TITLES)}")
        return MayScore(allowed=False, conflict=declared, reason=f"已申报回避：{CONFLICT_TITLES[declared]}")
    shared = _shared_body(employer, entry)
    if shared:
        return MayScore(
            allowed=False, conflict=SAME_UNIT, reason=f"应当回避：所在单位“{employer}”与{shared}为同一单位"
        )
    return MayScore(allowed=True, conflict="", reason="无应当回避的情形")


def computed_conflict(
    *, employer: str, institution: str, operators: Iterable[str], channel: str
) -> str | None:
    """Return the code of the conflict that the register itself shows, or None."""
    entry = EntryFacts(institution=institution, operators=tuple(operators), channel=channel)
    return SAME_UNIT if _shared_body(employer, entry) else None


def _shared_body(employer: str, entry: EntryFacts) -> str:
    if _same_unit(employer, entry.institution):
        return f"参评机构“{entry.institution}”"
    for operator in entry.operators:
        if _same_unit(employer, operator):
            return f"运营机构“{operator}”"
    if _same_unit(employer, entry.channel) or _is_bureau_of(employer, entry.channel):
        return f"主管部门“{entry.channel}”"
    return ""


def _plain(name: str) -> str:
    """Write a name so that full and half width and white space make no difference."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def _same_unit(one: str, other: str) -> bool:
    shorter, longer = sorted((_plain(one), _plain(other)), key=len)
    if not shorter:
        return False
    return shorter == longer or (longer.startswith(shorter) and shorter.endswith(_WHOLE_BODY_ENDINGS))


def _is_bureau_of(employer: str, channel: str) -> bool:
    """Tell whether the employer is the bureau that 地区 means by a place (包头市 → 包头市科技局)."""
    name, place = _plain(employer), _plain(channel)
    return bool(place) and name.startswith(place) and name.endswith("局") and "科" in name[len(place) :]
