"""What does an official write into the paper of an authority and a year, and what may only be computed?

A template is plain text: the lines up to the first empty one are the title, each line after it a paragraph, one
that begins with `# ` a heading. A field in braces is filled from the round: `{year}`, `{count:excellent}`,
`{list:results}`. `{if:FIELD}…{else}…{end}` keeps a part only where the field says something. There is nothing
else: no loop, no attribute, no call. A number is a field, never typed, and the check refuses a typed one.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from hatchmark.domain.notices import Claim, Paragraph, Part, Quoted, Role, Sentence, typed_counts

DEFAULT = "default"
"""The folder of templates that stand for every authority which has none of its own."""

Block = tuple[tuple[Part, ...], ...]
"""The value of a field that fills lines of its own: the parts of each line."""

Value = tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a paper. `block`: it fills lines of its own. `counted`: it prints a number of rows."""

    name: str
    meaning: str
    block: bool = False

    @property
    def counted(self) -> bool:
        """Whether it prints a number of rows."""
        return self.name.startswith("count:")


def _fields(block: str = "", **meanings: str) -> tuple[Field, ...]:
    """Return fields, with `__` in a keyword for the colon of a name; `block` lists those with lines of their own."""
    names = {name: name.replace("__", ":") for name in meanings}
    return tuple(
        Field(name=names[key], meaning=meaning, block=names[key] in block.split())
        for key, meaning in meanings.items()
    )


_COMMON = _fields(
    block="contact",
    authority="发文机关",
    year="评价年度",
    next_year="下一年度",
    procedures="评价事项，如“科技企业孵化器绩效评价和众创空间绩效考核”",
    bases="依据文件，带书名号和文号",
    channel_word="归口部门的称谓，如“主管部门”",
    contact="联系方式，取自 contact.txt，每行一段",
)

_RESULT_COUNTS = _fields(
    count__rows="全部行数",
    count__excellent="最高等次的家数",
    count__good="第二等次的家数",
    count__qualified="合格等次的家数",
    count__unqualified="不合格等次的家数",
    count__disqualified="取消资格的家数",
    count__pilot_cancelled="取消试点培育资格的家数",
    count__carried="以另一类结果作为结果的家数",
    count__deferred="本年度不作评定的家数",
    count__absent="未参加评价的家数",
)

PAPERS: Mapping[str, tuple[Field, ...]] = {
    "public-notice": (
        *_COMMON,
        *_RESULT_COUNTS,
        *_fields(
            block="list:results",
            list__results="每类一段：各类结果的家数及合计",
            opened="公示起始日",
            closes="公示截止时刻，到秒",
            working_days="公示期的工作日数",
        ),
    ),
    "letter": (
        *_COMMON,
        *_RESULT_COUNTS,
        *_fields(
            channel="收文的归口部门",
            published="结果通知的公布日",
            follow_up_closes="后续工作截止日",
            count__rectify="应当整改的家数",
            count__take_part_again="应当再次或改期参加评价的家数",
            count__deregister="应当办理注销手续的家数",
            list__rectify="应当整改的机构名称",
            list__take_part_again="应当再次或改期参加评价的机构名称",
            list__deregister="应当办理注销手续的机构名称",
            duties_annex="整改和再次参加评价名单的附件号",
            deregistration_annex="注销名单的附件号",
        ),
    ),
    "call": (
        *_COMMON,
        *_fields(
            block="list:due",
            list__due="每类一段：应当参加的家数及其中按往年结果应当参加的家数",
            count__due="应当参加的家数",
            count__owed="其中按往年结果应当参加的家数",
            count__left="不再列入名单的家数",
        ),
    ),
    "correction": (
        *_COMMON,
        *_fields(
            block="list:changes list:results",
            list__changes="逐行一段：原公布内容和更正后内容",
            list__results="每类一段：更正后各类结果的家数及合计",
            count__changed="更正的行数",
            count__added="新增公布的行数",
            count__removed="撤下的行数",
            was="被更正的版本，如“第1版（2025年7月14日公布）”",
            now="更正后的版本",
            reason="更正的理由",
        ),
    ),
    "certificate": _fields(
        authority="发文机关",
        year="评价年度",
        name="机构名称",
        operators="运营机构，如表中所印",
        kind="机构类别",
        procedure="评价事项",
        grade="等次",
    ),
}
"""The papers that have a template, and the fields that each may use. `count:KIND.CLASS` counts one kind."""

CONTACT = "contact"
"""The file of contacts: plain lines without a title and without fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFault:
    """What is wrong in a template, and where: line and column count from 1, the column in characters."""

    line: int
    column: int
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.problem}; {self.remedy}"


class TemplateError(ValueError):
    """A template cannot be used. `faults` are all of them, in order of place."""

    def __init__(self, name: str, faults: Sequence[TemplateFault]) -> None:
        super().__init__("\n".join(f"{name}: {fault}" for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class _Use:
    field: Field
    at: int


@dataclass(frozen=True, slots=True)
class _If:
    field: Field
    yes: tuple["_Node", ...]
    no: tuple["_Node", ...]
    at: int


_Node = _Text | _Use | _If


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A checked template. `source` is what the official wrote."""

    paper: str
    source: str
    title: tuple[_Node, ...]
    body: tuple[_Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a template says with the values of one round."""

    title_lines: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]


# ---- reading and checking ----------------------------------------------------------------------------

_TOKEN = re.compile(r"\{\{|\}\}|\{[^{}\n]*\}|[{}]")
_KIND_COUNT = re.compile(r"count:([a-z][a-z0-9_]*)\.([a-z_]+)")
_NUMERAL = "0-9〇零一二两三四五六七八九十百千万"
# 第一家 is an order and 每一行 is each of them; neither is a count. A term (15个工作日, 3个月) counts no rows.
_TYPED = re.compile(
    rf"(?<![第每{_NUMERAL}])[{_NUMERAL}]+[\s余多几来]*"
    "(?:家|个(?!工作日|自然日|日|月|季度)|件|户|所|名|人|行|份|年度)"
)
# The window of the 公示 is one of its fields: a typed one could contradict the real one.
_TYPED_WINDOW = re.compile(rf"[{_NUMERAL}]+\s*个?工作日")
_DIGIT_BEFORE = re.compile(rf"[{_NUMERAL}]\s*$")
_DIGIT_AFTER = re.compile(rf"^\s*[{_NUMERAL}]")
_LONGEST = 20_000


def parse(paper: str, source: str, *, kinds: Collection[str]) -> Template:
    """Read a template and check it whole. Raises TemplateError with every fault.

    `kinds` are the codes that `count:KIND.CLASS` may name. Raises KeyError for a paper that has no template.
    """
    reader = _Reader(paper, source, kinds)
    template = reader.read()
    if reader.faults:
        raise TemplateError(
            f"{paper}.txt", sorted(reader.faults, key=lambda fault: (fault.line, fault.column))
        )
    return template


def check_contact(source: str) -> None:
    """Check a file of contacts: lines of plain text. Raises TemplateError where it holds a brace."""
    faults = [
        TemplateFault(
            line=number,
            column=found.start() + 1,
            problem="a contact is plain text and holds no field",
            remedy="leave out the braces",
        )
        for number, line in enumerate(source.splitlines(), start=1)
        for found in _TOKEN.finditer(line)
    ]
    if faults:
        raise TemplateError(f"{CONTACT}.txt", faults)


def contact_lines(source: str) -> Block:
    """Return the lines of a file of contacts as the value of `{contact}`."""
    return tuple((Quoted(text=line.strip()),) for line in source.splitlines() if line.strip())


class _Level:
    """What has been read of a text: outside conditions, and in the one that is open. Conditions do not nest."""

    def __init__(self) -> None:
        self.outside: list[_Node] = []
        self.yes: list[_Node] = []
        self.no: list[_Node] = []
        self.current = self.outside
        self.field: Field | None = None
        self.opened_at: int | None = None


class _Reader:
    def __init__(self, paper: str, source: str, kinds: Collection[str]) -> None:
        self.paper = paper
        self.source = source.removeprefix("\ufeff").replace("\r\n", "\n")
        self.fields = {field.name: field for field in PAPERS[paper]}
        self.kinds = kinds
        self.faults: list[TemplateFault] = []

    def fault(self, at: int, problem: str, remedy: str) -> None:
        before = self.source[:at]
        self.faults.append(
            TemplateFault(
                line=before.count("\n") + 1,
                column=at - (before.rfind("\n") + 1) + 1,
                problem=problem,
                remedy=remedy,
            )
        )

    def read(self) -> Template:
        if len(self.source) > _LONGEST:
            self.fault(
                _LONGEST, f"the template has {len(self.source)} characters", f"keep it under {_LONGEST}"
            )
            return Template(paper=self.paper, source=self.source, title=(), body=())
        head = re.match(r"\s*", self.source)
        begin = head.end() if head else 0
        gap = re.compile(r"\n[ \t\u3000]*(?=\n)").search(self.source, begin)
        end = gap.start() if gap else len(self.source)
        title = self._nodes(begin, end)
        body = self._nodes(end, len(self.source))
        if not self.source[begin:end].strip():
            self.fault(begin, "the template has no title", "begin with the title, then an empty line")
        elif not self.source[end:].strip():
            self.fault(
                len(self.source), "the template has a title and no text", "write the text after an empty line"
            )
        for node in _uses(title):
            if node.field.block:
                self.fault(
                    node.at,
                    f"{{{node.field.name}}} fills lines of its own",
                    "move it from the title to the text",
                )
        self._check_blocks(body)
        self._check_typed(title)
        self._check_typed(body)
        return Template(paper=self.paper, source=self.source, title=title, body=body)

    def _nodes(self, begin: int, end: int) -> tuple[_Node, ...]:
        level = _Level()
        place = begin
        for token in _TOKEN.finditer(self.source, begin, end):
            if token.start() > place:
                level.current.append(_Text(self.source[place : token.start()], place))
            place = token.end()
            at, word = token.start(), token.group()
            if word in ("{{", "}}"):
                level.current.append(_Text(word[0], at))
            elif word in ("{", "}"):
                self.fault(
                    at,
                    f"'{word}' stands alone",
                    f"close the field, or write '{word * 2}' for the sign itself",
                )
            elif word.startswith("{if:"):
                self._begin(level, word[4:-1], at)
            elif word == "{else}":
                self._otherwise(level, at)
            elif word == "{end}":
                self._end(level, at)
            elif (field := self._field(word[1:-1], at)) is not None:
                level.current.append(_Use(field, at))
        if end > place:
            level.current.append(_Text(self.source[place:end], place))
        if level.opened_at is not None:
            self.fault(level.opened_at, "the condition is never ended", "write {end} after it")
        return tuple(level.outside)

    def _begin(self, level: "_Level", name: str, at: int) -> None:
        field = self._field(name, at)
        if level.opened_at is not None:
            self.fault(at, "a condition begins inside another", "end the first one before with {end}")
            return
        level.opened_at, level.field, level.yes, level.no = at, field, [], []
        level.current = level.yes

    def _otherwise(self, level: "_Level", at: int) -> None:
        if level.opened_at is None or level.current is level.no:
            self.fault(
                at, "{else} stands outside a condition, or twice in one", "write one between {if:…} and {end}"
            )
            return
        level.current = level.no

    def _end(self, level: "_Level", at: int) -> None:
        if level.opened_at is None:
            self.fault(at, "{end} ends nothing", "write {if:FIELD} before it, or leave it out")
            return
        if level.field is not None:
            level.outside.append(_If(level.field, tuple(level.yes), tuple(level.no), level.opened_at))
        level.opened_at, level.current = None, level.outside

    def _field(self, name: str, at: int) -> Field | None:
        if (field := self.fields.get(name)) is not None:
            return field
        of_kind = _KIND_COUNT.fullmatch(name)
        if of_kind is not None and (whole := self.fields.get(f"count:{of_kind.group(2)}")) is not None:
            if of_kind.group(1) in self.kinds:
                return Field(name=name, meaning=whole.meaning)
            self.fault(
                at, f"'{of_kind.group(1)}' is no kind", f"write one of {', '.join(sorted(self.kinds))}"
            )
            return None
        self.fault(
            at, f"{{{name}}} is no field of {self.paper}", f"write one of {', '.join(sorted(self.fields))}"
        )
        return None

    def _check_blocks(self, nodes: Sequence[_Node]) -> None:
        for node in _uses(nodes):
            if not node.field.block:
                continue
            length = len(node.field.name) + 2
            line = self.source[self.source.rfind("\n", 0, node.at) + 1 : node.at]
            rest = self.source[node.at + length :].partition("\n")[0]
            # A condition may stand on the same line: it prints nothing.
            around = re.sub(r"\{(?:if:[^{}\n]*|else|end)\}", "", line + rest)
            if around.strip():
                self.fault(node.at, f"{{{node.field.name}}} fills lines of its own", "give it a line alone")

    def _check_typed(self, nodes: Sequence[_Node]) -> None:
        """Refuse a number typed where a count stands, in each of the ways that conditions can go.

        What stands beside a field counts too: {count:good}0家 would print ten times as many.
        """
        told: set[int] = set()
        for way in _ways(nodes):
            text, places = "", list[int]()
            for node in way:
                if isinstance(node, _Text):
                    # Full-width digits are digits; each character stays one character, so that places hold.
                    plain = "".join(_folded(character) for character in node.text)
                    places += range(node.at, node.at + len(plain))
                    text += plain
                else:
                    text += "\ue000"
                    places.append(node.at)
            windows = _TYPED_WINDOW.finditer(text) if "working_days" in self.fields else ()
            for found in (*_TYPED.finditer(text), *windows):
                at = places[found.start()]
                if at not in told:
                    told.add(at)
                    self.fault(
                        at,
                        f"'{found.group()}' is a number typed where a count or a year stands",
                        "write a field ({count:rows}, {year}, {working_days}), or word it without a number",
                    )
            for mark in re.finditer("\ue000", text):
                at = places[mark.start()]
                before, after = text[: mark.start()], text[mark.end() :]
                if (_DIGIT_BEFORE.search(before) or _DIGIT_AFTER.search(after)) and at not in told:
                    told.add(at)
                    self.fault(
                        at,
                        "a number typed beside a field would be read as a part of it",
                        "put a word between them, or leave the number out",
                    )


def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def _uses(nodes: Sequence[_Node]) -> Iterator[_Use]:
    for node in nodes:
        if isinstance(node, _Use):
            yield node
        elif isinstance(node, _If):
            yield from _uses(node.yes)
            yield from _uses(node.no)


def _ways(nodes: Sequence[_Node]) -> Iterator[list[_Text | _Use]]:
    """Yield the text with all conditions kept, and with none kept; between, each pair of neighbours comes up.

    Neighbours across two conditions that go different ways hold a field or a line end between them in print
    only if the official wrote one; the two ways below and the four around each condition cover what can touch.
    """
    conditions = [node for node in nodes if isinstance(node, _If)]
    choices = [dict.fromkeys(map(id, conditions), True), dict.fromkeys(map(id, conditions), False)]
    for condition in conditions:
        choices.append({id(each): each is condition for each in conditions})
        choices.append({id(each): each is not condition for each in conditions})
    seen: set[tuple[bool, ...]] = set()
    for choice in choices:
        if (key := tuple(choice.values())) in seen:
            continue
        seen.add(key)
        way: list[_Text | _Use] = []
        for node in nodes:
            if isinstance(node, _If):
                way += [
                    each for each in (node.yes if choice[id(node)] else node.no) if not isinstance(each, _If)
                ]
            else:
                way.append(node)
        yield way


# ---- writing -----------------------------------------------------------------------------------------


def write(template: Template, values: Mapping[str, Value | Block]) -> Written:
    """Fill a template. Pure: same template and values, same text.

    Raises KeyError where a builder gives no value for a field of its paper, and ValueError where the text has
    a number that no row bears out: both are faults of Hatchmark, not of the official.
    """
    title = "".join(map(str, _flat(template.title, values)))
    paragraphs = tuple(_paragraphs(_flat(template.body, values)))
    if typed := typed_counts(sentence for paragraph in paragraphs for sentence in paragraph.sentences):
        raise ValueError(f"{template.paper}.txt: {'; '.join(typed)}")
    return Written(
        title_lines=tuple(line.strip() for line in title.splitlines() if line.strip()), paragraphs=paragraphs
    )


@dataclass(frozen=True, slots=True)
class _Lines:
    block: Block


def _flat(nodes: Sequence[_Node], values: Mapping[str, Value | Block]) -> Iterator[Part | _Lines]:
    for node in nodes:
        if isinstance(node, _Text):
            yield node.text
        elif isinstance(node, _If):
            yield from _flat(node.yes if _says(values[node.field.name]) else node.no, values)
        elif node.field.block:
            yield _Lines(tuple(part for part in values[node.field.name] if isinstance(part, tuple)))
        else:
            yield from (part for part in values[node.field.name] if not isinstance(part, tuple))


def _says(value: Value | Block) -> bool:
    """Tell whether a field has something to say: a count of zero and an empty list do not."""
    return any(
        part.count > 0 if isinstance(part, Claim) else bool(part if isinstance(part, tuple) else str(part))
        for part in value
    )


def _paragraphs(parts: Iterator[Part | _Lines]) -> Iterator[Paragraph]:
    line: list[Part] = []

    def ended() -> Iterator[Paragraph]:
        if (paragraph := _paragraph(line)) is not None:
            yield paragraph
        line.clear()

    for part in parts:
        if isinstance(part, _Lines):
            yield from ended()
            for each in part.block:
                line[:] = each
                yield from ended()
        elif isinstance(part, str):
            first, *others = part.split("\n")
            line.append(first)
            for other in others:
                yield from ended()
                line.append(other)
        else:
            line.append(part)
    yield from ended()


def _paragraph(parts: Sequence[Part]) -> Paragraph | None:
    trimmed = _trimmed(parts)
    if not any(str(part) for part in trimmed):
        return None
    first = trimmed[0]
    if isinstance(first, str) and first.startswith("# "):
        heading = _trimmed([first[2:], *trimmed[1:]])
        return Paragraph(role=Role.HEADING, sentences=(Sentence(tuple(heading)),))
    return Paragraph(role=Role.BODY, sentences=tuple(_sentences(trimmed)))


def _trimmed(parts: Sequence[Part]) -> list[Part]:
    """Drop the spaces at both ends of a line, and what is empty."""
    found = [part for part in parts if not isinstance(part, str) or part]
    if found and isinstance(found[0], str):
        found[0] = found[0].lstrip()
    if found and isinstance(found[-1], str):
        found[-1] = found[-1].rstrip()
    return [part for part in found if not isinstance(part, str) or part]


def _sentences(parts: Sequence[Part]) -> Iterator[Sentence]:
    current: list[Part] = []
    for part in parts:
        if not isinstance(part, str):
            current.append(part)
            continue
        pieces = re.findall(r"[^。]*。|[^。]+", part)
        for piece in pieces:
            current.append(piece)
            if piece.endswith("。"):
                yield Sentence(tuple(current))
                current = []
    if current:
        yield Sentence(tuple(current))


# ---- which template stands ---------------------------------------------------------------------------


def places_of(paper: str, *, authority: str, year: int) -> tuple[str, ...]:
    """Return where the template of a paper is looked for, the first place first, inside a folder of templates."""
    return (f"{authority}/{year}/{paper}.txt", f"{authority}/{paper}.txt", f"{DEFAULT}/{paper}.txt")


def shipped_template(place: str) -> str | None:
    """Return a template that ships, by its place, or None."""
    file = resources.files("hatchmark.domain") / "data" / "templates"
    for part in place.split("/"):
        file = file / part
    return file.read_text("utf-8") if file.is_file() else None


def source_of(
    paper: str, *, authority: str, year: int, own: Callable[[str], str | None] = lambda place: None
) -> str | None:
    """Return the template that stands for an authority and a year: an own one before a shipped one.

    `own` reads a place of the installation's folder. None only for contacts: every paper has a default.
    """
    for place in places_of(paper, authority=authority, year=year):
        for read in (own, shipped_template):
            if (text := read(place)) is not None:
                return text
    return None
