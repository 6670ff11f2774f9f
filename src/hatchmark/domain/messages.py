"""Which event is told to whom, and in what words?

The words are Chinese, since they go out by mail to people who work in it; the pages in English name the event in
English and keep the text. A fact stands in a text as `{name}`; a test holds that every text can be filled.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hatchmark.domain.permissions import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that needs somebody: who is told, the title and the text, and the page where it is acted on."""

    code: str
    to: Role
    title: str
    text: str
    route: str


_EVENTS = (
    Event(
        code="round_opened",
        to=Role.INSTITUTION,
        title="{year}年度绩效评价启动，请于{due}前申报",
        text="{name}列入{year}年度绩效评价参评名单。请登录填报申报材料，截止时间{due}。",
        route="submission",
    ),
    Event(
        code="round_opened_channel",
        to=Role.CHANNEL,
        title="{year}年度绩效评价启动，本部门有{n}家参评机构",
        text="{year}年度绩效评价已启动。请督促所属{n}家机构于{due}前申报，并在申报截止后开展初审。",
        route="queue",
    ),
    Event(
        code="submitted",
        to=Role.CHANNEL,
        title="{name}提交了申报材料",
        text="{name}提交了{year}年度申报材料（第{version}版）。申报截止后请开展初审。",
        route="review",
    ),
    Event(
        code="withdrawn",
        to=Role.CHANNEL,
        title="{name}撤回了申报材料",
        text="{name}撤回了{year}年度申报材料（第{version}版）。",
        route="review",
    ),
    Event(
        code="returned",
        to=Role.INSTITUTION,
        title="申报材料被退回，请于{due}前补正",
        text="{name}的{year}年度申报材料被退回补正。需补正：{fields}。意见：{opinion}",
        route="submission",
    ),
    Event(
        code="approved",
        to=Role.INSTITUTION,
        title="{year}年度申报材料初审通过",
        text="{name}的{year}年度申报材料（第{version}版）初审通过，材料已锁定。",
        route="submission",
    ),
    Event(
        code="refused",
        to=Role.INSTITUTION,
        title="{year}年度申报材料初审未通过",
        text="{name}的{year}年度申报材料初审未通过。理由：{opinion}",
        route="submission",
    ),
    Event(
        code="extended",
        to=Role.INSTITUTION,
        title="申报时间延长至{due}",
        text="{name}的{year}年度办理时限延长至{due}。说明：{reason}",
        route="submission",
    ),
    Event(
        code="asked",
        to=Role.DEPARTMENT,
        title="{name}提出申请",
        text="{name}提出申请：{what}。理由：{reason}",
        route="rulings",
    ),
    Event(
        code="ruled",
        to=Role.INSTITUTION,
        title="您的申请已有结果：{ruling}",
        text="{name}的申请（{what}）：{ruling}。说明：{reason}",
        route="requests",
    ),
    Event(
        code="reminder",
        to=Role.INSTITUTION,
        title="提醒：{year}年度申报材料将于{due}截止",
        text="{name}尚未提交{year}年度申报材料，截止时间{due}。{note}",
        route="submission",
    ),
)

EVENTS: Mapping[str, Event] = {event.code: event for event in _EVENTS}

LONGEST_TITLE = 200
LONGEST_TEXT = 2000


def written(event: Event, facts: Mapping[str, object]) -> tuple[str, str]:
    """Return the title and the text of a message, cut to what is kept of them. Raises KeyError for a missing fact."""
    return event.title.format_map(facts)[:LONGEST_TITLE], event.text.format_map(facts)[:LONGEST_TEXT]
