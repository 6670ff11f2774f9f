"""What does the 公示 say: which results are proposed, until which second anybody may object, and to whom?"""

from dataclasses import dataclass
from datetime import date, datetime, time

from hatchmark.domain.deadlines import CHINA, is_working_day
from hatchmark.domain.notices import (
    Paper,
    Quoted,
    day_words,
    result_annexes,
    sentences_on_results,
)
from hatchmark.domain.papers import PaperFacts, counts_of_results, digest_line, make_paper, paragraph_of
from hatchmark.domain.results import RoundResults
from hatchmark.domain.templates import Template
from hatchmark.domain.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The window for objections: from a day to a moment."""

    opens_on: date
    closes_at: datetime

    @property
    def working_days(self) -> int:
        """How many working days lie in it, counted anew and not taken from what was ordered.

        Raises NoCalendarError past the last official calendar.
        """
        last = self.closes_at.astimezone(CHINA).date()
        days = range(self.opens_on.toordinal(), last.toordinal() + 1)
        return sum(is_working_day(date.fromordinal(day)) for day in days)

    @property
    def closes(self) -> str:
        """2025年7月25日23时59分59秒: to the last second."""
        at = self.closes_at.astimezone(CHINA)
        return day_words(at.date()) + _time_words(at.time())


def _time_words(at: time) -> str:
    return f"{at.hour}时{at.minute:02}分{at.second:02}秒"


def build_public_notice(
    results: RoundResults,
    vocabulary: Vocabulary,
    facts: PaperFacts,
    template: Template,
    *,
    window: Window,
    scores_shown: bool,
) -> Paper:
    """Make the 公示 of the proposed results, with the annexes that the result notice will have. Pure."""
    return make_paper(
        template,
        counts_of_results(results)
        | {
            "list:results": tuple(
                paragraph_of(sentences) for sentences in sentences_on_results(results, vocabulary).values()
            ),
            "opened": (Quoted(text=day_words(window.opens_on)),),
            "closes": (Quoted(text=window.closes),),
            "working_days": (Quoted(text=str(window.working_days)),),
        },
        results=results,
        vocabulary=vocabulary,
        facts=facts,
        addressees=facts.addressees,
        annexes=result_annexes(results, vocabulary, scores_shown=scores_shown),
        closing=[digest_line("本公示和附件由拟定结果数据生成。拟定结果数据的校验值", results.digest)],
    )
