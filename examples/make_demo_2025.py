"""Make examples/demo-2025: a fictional live round, from the call to the follow-up, with 2024 behind it.

    python examples/make_demo_2025.py            rewrites examples/demo-2025, byte for byte the same each time

Everybody and everything in it is invented and bears 示例. Each number is drawn from SHA-256 over the seed and
its own name, so one institution can change without moving another, and no clock or float comes near it.

One latent quality for each institution and year drives its figures, rosters and expert scores. Some qualities
are set in the tables below, because a story needs a strong or a weak institution; the others are drawn. No
grade is set anywhere: grades, proposals and what people decide about them follow from the shipped schemes.
"""

import csv
import functools
import hashlib
import io
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from hatchmark.domain.conflicts import computed_conflict
from hatchmark.domain.consequences import propose
from hatchmark.domain.deadlines import CHINA, is_working_day
from hatchmark.domain.grading import Facts
from hatchmark.domain.obligations import ObligedTo, judged_grade, obligations_of
from hatchmark.domain.outcomes import Decision, EntryKey, Grade, Mode, Outcome
from hatchmark.domain.sampling import select
from hatchmark.domain.scheme import LAST_YEAR, FigureValue, Scheme, Status, exact_text, read_figure
from hatchmark.domain.scoring import Scorecard, score_entry
from hatchmark.schemes.loader import shipped

SEED = "demo-2025"
YEAR = 2025
REPORTED = 2024
"""The figures of the 2025 round describe the year before."""

AUTHORITY = "示例自治区科学技术厅"
SCHEMES = {"incubator": "nmg/incubator-2020", "makerspace": "nmg/makerspace-2020"}
KIND_SHORT = {"incubator": "孵化器", "makerspace": "众创空间"}

# ---- chance ------------------------------------------------------------------------------------------------


def draw(*name: object) -> int:
    """Return the 64-bit number that belongs to a name, always the same one."""
    text = "|".join([SEED, *map(str, name)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def between(low: int, high: int, *name: object) -> int:
    """Draw evenly from low to high, both included."""
    return low + draw(*name) % (high - low + 1)


def bell(low: int, high: int, *name: object) -> int:
    """Draw from low to high, the middle more likely than the ends."""
    return sum(between(low, high, *name, turn) for turn in range(3)) // 3


def led(low: int, high: int, quality: int, *name: object, spread: int = 170) -> int:
    """Draw a value that quality (0 to 1000) leads from low to high, give or take `spread`."""
    place = min(1000, max(0, quality + bell(-spread, spread, *name)))
    return low + ((high - low) * place + 500) // 1000


def some(count: int, size: int, *name: object) -> frozenset[int]:
    """Choose `count` of the positions 0 to size - 1."""
    return frozenset(sorted(range(size), key=lambda position: draw(*name, position))[:count])


def shared_out(total: int, size: int, *name: object) -> list[int]:
    """Share `total` single units out among `size` takers; the shares sum to the total."""
    shares = [0] * size
    for unit in range(total):
        shares[draw(*name, unit) % size] += 1
    return shares


# ---- who takes part ----------------------------------------------------------------------------------------

CHANNELS = {
    "示例呼和浩特市": ("league_city", "150100"),
    "示例包头市": ("league_city", "150200"),
    "示例乌海市": ("league_city", "150300"),
    "示例赤峰市": ("league_city", "150400"),
    "示例通辽市": ("league_city", "150500"),
    "示例鄂尔多斯市": ("league_city", "150600"),
    "示例呼伦贝尔市": ("league_city", "150700"),
    "示例巴彦淖尔市": ("league_city", "150800"),
    "示例乌兰察布市": ("league_city", "150900"),
    "示例兴安盟": ("league_city", "152200"),
    "示例锡林郭勒盟": ("league_city", "152500"),
    "示例阿拉善盟": ("league_city", "152900"),
    "示例满洲里": ("direct_city", "150781"),
    # The column 地区 names who recommends, not where: for these the place is not known.
    "示例草原大学": ("university", ""),
    "示例北疆大学": ("university", ""),
    "示例高校": ("university", ""),
    "示例科研院所": ("research_institute", ""),
    "示例直属单位": ("affiliated_unit", ""),
}


@dataclass(frozen=True, slots=True)
class Who:
    """One line of the due list, before it has a serial. Quality None: drawn."""

    name: str
    printed: str
    quality: int | None = None
    before: int | None = None
    operators: tuple[str, ...] = ()
    alias: str = ""
    pilot: bool = False
    first: bool = False
    sub_type: str = ""
    level: str = "regional"
    role: str = ""
    """What the story needs from it; `story(role)` finds it again."""


C, P = "comprehensive", "professional"

INCUBATORS: dict[str, list[Who]] = {
    "示例呼和浩特市": [
        Who("示例青禾大学科技园", "示例青禾大学科技园管理有限责任公司", 900, sub_type=C, level="national"),
        Who("示例算力数据创客中心", "示例云禾互联网信息服务有限公司", 690, sub_type=P),
        Who(
            "示例光电研究所有限责任公司",
            "示例光电研究所有限责任公司",
            150,
            160,
            sub_type=P,
            role="incubator_twice",
        ),
    ],
    "示例包头市": [
        Who("示例赤岩科技园有限公司", "示例赤岩科技园有限公司", 860, sub_type=P, level="national"),
        Who("示例白峰工业技术研究院", "示例白峰工业技术研究院", 690, 720, sub_type=P, role="good_judge"),
        Who("示例铁马装备孵化器", "示例铁马装备科技有限公司", 520, 230, sub_type=P),
    ],
    "示例乌海市": [Who("示例乌金新材料孵化园", "示例乌金新材料产业发展中心", 480, sub_type=P)],
    "示例赤峰市": [Who("示例石榴创业孵化基地", "示例石榴创业服务有限公司", 560, sub_type=C)],
    "示例通辽市": [
        Who("示例西拉农牧科技孵化器", "示例西拉农牧科技事业发展中心", 500, sub_type=P, first=True)
    ],
    "示例鄂尔多斯市": [
        Who(
            "示例康远高新区科技企业孵化器",
            "示例康远高新技术产业开发区管委会",
            880,
            sub_type=C,
            level="national",
        ),
        Who(
            "示例能源互联创业园", "示例能源互联创业园管理有限公司", 610, sub_type=P, role="came_as_makerspace"
        ),
    ],
    "示例呼伦贝尔市": [
        # The name says 有限责任公司, the operator 有限公司; a clause of its own goes with its next round.
        Who(
            "示例林渊科技企业孵化器有限责任公司",
            "示例林渊科技企业孵化器有限公司",
            260,
            520,
            sub_type=C,
            level="",
            role="special_clause",
        ),
    ],
    "示例巴彦淖尔市": [Who("示例河湾青年创业孵化园", "共青团示例河湾区委员会", 640, sub_type=C)],
    "示例乌兰察布市": [
        Who(
            "示例察河数字商务创业孵化园",
            "示例察河众创数字商务创业孵化园",
            470,
            sub_type=C,
            role="almost_operator",
        ),
    ],
    "示例锡林郭勒盟": [
        Who(
            "示例东旗云漠源孵化器商务有限责任公司",
            "示例东旗云漠源孵化器商务有限责任公司",
            190,
            480,
            sub_type=C,
            role="failing_judge",
        ),
    ],
}

MAKERSPACES: dict[str, list[Who]] = {
    "示例呼和浩特市": [
        Who("示例禾苗众创空间（示例乳业电商创业园）", "示例禾苗信息技术有限公司", alias="示例乳业电商创业园"),
        Who("“示例弦歌”民族音乐创意专业众创空间", "示例弦歌文化传播有限公司"),
        Who("《示例创想》创业灯塔", "示例创想网络科技有限公司"),
        Who("示例梧桐大道孵化器", "示例梧桐软件开发有限公司"),
        Who(
            "示例毡房·皮艺创客营地（示例皮艺创客空间）", "示例毡房文化传媒有限公司", alias="示例皮艺创客空间"
        ),
        Who("示例雁阵众创空间", "示例雁阵投资咨询有限责任公司"),
        Who("示例人工智能+型创业街区", "示例天帆创业街区运营管理有限公司"),
        Who("示例数谷众创空间", "示例数谷数据科技有限公司", 700, role="minor_hit"),
        Who("示例标识设计众创空间", "示例欣锐商标代理有限公司"),
        Who("示例桅灯创客空间", "示例桅灯实业集团有限公司", 170, 150, role="twice_confirmed"),
        Who("示例创意⊕工坊", "示例星芯（自治区）科技有限公司"),
        Who("示例砚池书画众创空间", "示例砚池文化艺术教育有限责任公司", 240, 560),
        Who("示例青云小微企业孵化基地", "示例龙桥信息技术服务有限公司"),
        Who("示例云雀众创空间", "示例云雀科技股份有限公司"),
        Who("示例聚·空间", "示例聚元（自治区）投资控股有限公司", 700, role="deferred"),
        Who("示例晨光新媒体众创空间", "示例晨光新媒体有限公司", 790, role="severe_hit"),
    ],
    "示例包头市": [
        Who("示例铜铃电商众创空间", "示例铜铃企业管理有限公司", 820),
        Who(
            "示例北辰创业车间孵化器（示例北辰众创空间）",
            "示例北辰创业投资管理有限公司",
            alias="示例北辰众创空间",
        ),
        Who("示例赤松众创空间", "示例赤松众创空间管理有限公司"),
        Who("示例智造（包头）众创空间", "示例智造工艺研发中心"),
        Who("示例成果集市众创空间", "示例成果转化服务中心"),
        Who("示例货郎众创空间", "示例货郎科技有限公司", 250, 600),
        Who("示例铁砧企业孵化器", "示例铁砧创业投资管理有限公司", 550, 200),
        Who(
            "示例砂岭区创业就业孵化基地",
            "示例砂岭区发展改革局、示例砂岭区就业服务中心",
            180,
            170,
            operators=("示例砂岭区发展改革局", "示例砂岭区就业服务中心"),
            role="twice_confirmed",
        ),
        Who("示例双塔孵化器A座", "示例双塔物业服务有限公司"),
        Who("示例双塔企业孵化器B座", "示例锐和营销策划有限责任公司", 310),
        Who("示例云台众创空间", "示例远翔实业（集团）有限公司"),
        Who("示例白峰工业技术研究院众创空间", "示例白峰工业技术研究院", 700, 700, role="carried_good"),
        Who(
            "示例苏鲁（示例碳材料众创空间）",
            "示例碳材料研究院",
            680,
            alias="示例碳材料众创空间",
            role="deferred",
        ),
    ],
    "示例乌海市": [
        Who("示例沙枣众创空间", "示例沙枣文化传媒有限公司", 130, first=True, pilot=True),
        Who("示例精硅众创基地", "示例硅基材料科学研究院"),
        Who("示例点灯空间", "示例墨原科技发展有限公司", 160, 190, role="twice_confirmed"),
        Who("示例湖岸科技创业基地", "示例墨原科技发展有限公司", 270, 180, role="twice_not_confirmed"),
    ],
    "示例赤峰市": [
        Who("示例畜牧职业学院创客园", "示例畜牧职业学院"),
        Who("示例谷雨众创空间", "示例谷雨商务有限公司", 580, 210),
        Who("示例绒线众创空间", "示例绒线制品有限责任公司"),
        Who("示例松岭高新区众创空间", "示例松岭转型开发试验区管委会"),
        Who("示例星桥创客空间", "示例星桥网络科技有限公司", 760, first=True, pilot=True),
        Who("示例杏坡电子商务众创空间", "示例杏坡电子商务有限公司"),
        Who("示例湖光文旅众创空间", "示例湖光文化旅游开发有限公司", 620, role="renamed"),
    ],
    "示例通辽市": [
        Who("示例轻铝众创空间", "示例轻铝科技股份有限公司"),
        Who("示例中旗青贮众创基地", "示例青贮电子商务有限公司"),
        Who("示例矿灯众创空间", "示例矿灯公共实训中心"),
        Who("示例肉食品加工企业孵化器", "示例肉食品加工园区管理委员会"),
        Who("示例麦垛众创空间", "示例麦垛企业管理咨询有限公司", 220, 540),
        Who("示例通途创业孵化基地", "示例通途电子商务有限公司"),
    ],
    "示例鄂尔多斯市": [
        Who(
            "示例羊倌创业园众创空间（示例河口众创空间）",
            "示例羊倌产业园管理有限公司",
            alias="示例河口众创空间",
        ),
        # A short form of the place, as people write it: 鄂尔多斯 without 市.
        Who("示例炉火企业孵化园", "示例鄂尔多斯东城区炉火企业孵化园", 830),
        Who("示例沙柳创客服务中心", "示例沙柳城市建设投资有限责任公司"),
        Who("示例晨星众创基地", "示例晨星生产力促进中心"),
        Who("示例绿洲创新产业园", "示例绿洲网络技术有限公司"),
        Who("示例甘泉众创园", "示例甘泉科技和企业服务中心"),
        Who("示例沙海众创空间", "示例沙海治沙示范区管理委员会", 200, 190, role="twice_confirmed"),
        Who("示例废渣利用众创空间", "示例工业废渣综合利用技术研究所", 150, 430, pilot=True),
    ],
    "示例呼伦贝尔市": [
        Who("示例麦浪众创空间", "示例农机中等专业学校"),
        Who("示例蓝莓食品众创空间", "示例蓝莓食品有限责任公司"),
        Who("示例冰雪创客空间", "示例冰雪旅游发展有限公司"),
        Who("示例林海众创空间", "示例林海商务有限公司", 290),
        Who("示例草原云众创空间", "示例草原云信息技术有限公司"),
        Who("示例松果青年众创空间", "示例松果青年创业协会", 660, first=True, pilot=True),
    ],
    "示例巴彦淖尔市": [
        Who("示例渠北电子商务产业园", "示例渠北电子商务产业服务中心"),
        Who("示例农商协会众创空间", "示例农商协会"),
        Who("示例葵花电商众创空间（示例花海众创空间）", "示例葵花电子商务有限公司", alias="示例花海众创空间"),
        Who("示例乐创众创空间", "示例麦香电子商务有限公司"),
        Who("示例黄河湾众创空间", "示例黄河湾农产品服务有限公司"),
        Who("示例石韵创业孵化基地", "示例石韵文化有限公司", role="withheld_income"),
        Who("示例毡艺众创空间", "示例毡艺手工艺专业合作社", 600, 220),
    ],
    "示例乌兰察布市": [
        Who("示例乌兰乐创空间", "示例乐园众创空间商务有限公司"),
        Who("示例莜麦众创空间", "示例莜麦网络科技有限公司"),
        Who("示例岱青众创空间", "示例黛青网络有限公司"),
        Who("示例石磨创业示范空间", "示例东岭县农牧和科技局", 170, 420, pilot=True),
        Who("示例北坡乐创空间", "示例北坡商贸有限责任公司", 340),
    ],
    "示例兴安盟": [
        Who("示例稻田创业营", "示例稻田电子商务有限公司"),
        Who("示例温泉创业基地", "示例温泉物流有限责任公司"),
        Who("示例岭南经开区众创基地", "示例岭南基础设施投资有限责任公司", 480, role="absent"),
    ],
    "示例锡林郭勒盟": [
        Who(
            "示例牧青创业孵化园",
            "示例牧青投资咨询有限公司（2023年变更为示例牧青青年服务中心）",
            operators=("示例牧青青年服务中心",),
            first=True,
            role="operator_changed",
        ),
        # 旗 and 期, 源 and 缘: the operator is printed with two likely misprints, and nobody repairs them.
        Who("示例银铃民族文化众创空间", "示例东期云漠缘孵化器商务有限责任公司", 300, role="carried_failing"),
    ],
    "示例阿拉善盟": [
        Who("示例盐湖化工众创空间", "示例盐湖实业股份有限公司"),
        Who("示例骆驼创客空间", "示例骆驼电子商务有限责任公司", 380, role="refused"),
    ],
    "示例满洲里": [Who("示例口岸创业场", "示例口岸就业服务局")],
    "示例草原大学": [Who("示例草原大学艺术设计众创空间", "示例草原大学设计艺术学院", 780)],
    "示例北疆大学": [
        Who("示例北疆大学学生创业中心", "示例北疆大学学生创业中心", 690, first=True, pilot=True),
    ],
    "示例高校": [Who("示例物联网+众创空间", "示例物联网+研究院")],
    "示例科研院所": [
        Who(
            "示例陶瓷院众创空间",
            "示例陶瓷研究院（示例陶瓷产品质量检验所）",
            operators=("示例陶瓷研究院",),
            role="operator_alias",
        ),
    ],
    "示例直属单位": [Who("示例灯塔安全众创空间", "示例灯塔安全科技有限责任公司")],
}

RENAMED_FROM = "示例湖光旅游创客空间"

# Took part in 2024 and left the register then: they are on no list of 2025.
LEFT_IN_2024 = {
    "示例呼和浩特市": Who("示例旧城创客空间", "示例旧城商业管理有限公司", before=150),
    "示例通辽市": Who("示例辽河众创基地", "示例辽河农产品贸易有限公司", before=120),
    "示例巴彦淖尔市": Who("示例渠畔众创空间", "示例渠畔文化传播有限公司", before=180, pilot=True),
}


@functools.cache
def scheme_of(kind: str) -> Scheme:
    return shipped(SCHEMES[kind])


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a due list."""

    key: EntryKey
    institution: str
    channel: str
    who: Who
    quality: int

    @property
    def scheme(self) -> Scheme:
        return scheme_of(self.key.kind)

    @property
    def operators(self) -> tuple[str, ...]:
        return self.who.operators or (self.who.printed,)


def quality_of(who: Who, institution: str) -> int:
    """Return the latent quality of 2025: set where the story needs it, else drawn."""
    if who.quality is not None:
        return who.quality
    return (between(260, 960, institution, "quality") + between(260, 960, institution, "luck")) // 2


def due_list() -> list[Entry]:
    """Return the due list of 2025, ordered by channel as bureaus send it in, and numbered so."""
    entries = []
    for kind, table in (("incubator", INCUBATORS), ("makerspace", MAKERSPACES)):
        lines = [(channel, who) for channel in CHANNELS for who in table.get(channel, [])]
        for serial, (channel, who) in enumerate(lines, start=1):
            institution = f"demo-{kind[0]}{serial:02d}"
            quality = quality_of(who, institution)
            entries.append(Entry(EntryKey(kind, serial), institution, channel, who, quality))
    return entries


def story(entries: Iterable[Entry], role: str) -> Entry:
    """Return the one entry that plays a role."""
    [entry] = [each for each in entries if each.who.role == role]
    return entry


# ---- 2024 --------------------------------------------------------------------------------------------------


def due_list_before(entries: Sequence[Entry]) -> list[Entry]:
    """Return who took part in 2024: most of today's institutions, and three that have left since."""
    lines: list[tuple[str, str, str, Who]] = []
    for entry in entries:
        who = entry.who
        if who.role == "came_as_makerspace":
            lines.append(("makerspace", entry.channel, entry.institution, replace(who, sub_type="")))
        elif who.role == "renamed":
            lines.append((entry.key.kind, entry.channel, entry.institution, replace(who, name=RENAMED_FROM)))
        elif not who.first and (who.role or who.before is not None or draw(entry.institution, "batch") % 8):
            lines.append((entry.key.kind, entry.channel, entry.institution, who))
    for number, (channel, who) in enumerate(LEFT_IN_2024.items(), start=86):
        lines.append(("makerspace", channel, f"demo-m{number}", who))
    order = {channel: position for position, channel in enumerate(CHANNELS)}
    lines.sort(key=lambda line: (line[0], order[line[1]]))
    serials: Counter[str] = Counter()
    before = []
    for kind, channel, institution, who in lines:
        serials[kind] += 1
        today = quality_of(who, institution)
        drifted = today + bell(-140, 140, institution, "drift")
        quality = drifted if who.before is None else who.before
        before.append(Entry(EntryKey(kind, serials[kind]), institution, channel, who, quality))
    return before


def decisions_before(before: Sequence[Entry]) -> dict[EntryKey, Decision]:
    """Return what 2024 decided. Its papers are not published: the grade follows from the latent quality."""
    decisions = {}
    for entry in before:
        hundredths = 4200 + entry.quality * 52 // 10 + bell(-300, 300, entry.institution, "2024")
        cuts = entry.scheme.grades
        grade = next(cut.grade for cut in cuts if hundredths >= cut.at_least)
        decision = Decision(key=entry.key, mode=Mode.EVALUATED, outcome=Outcome.GRADED, grade=grade)
        if entry.who in LEFT_IN_2024.values():
            reached = Outcome.PILOT_CANCELLED if entry.who.pilot else Outcome.DISQUALIFIED
            decision = replace(
                decision,
                outcome=reached,
                grade=Grade.UNQUALIFIED if entry.who.pilot else None,
                reason="场地已停止运营，经主管部门核实后取消",
            )
        elif entry.who.role == "carried_good":
            decision = replace(
                decision,
                mode=Mode.CARRIED,
                outcome=Outcome.CARRIED,
                grade=None,
                carried_from=story(before, "good_judge").key,
                reason="同一运营机构的孵化器参加本年度评价，以其结果为考核结果",
            )
        elif entry.who.role == "came_as_makerspace":
            decision = replace(
                decision,
                mode=Mode.DEFERRED,
                outcome=Outcome.DEFERRED,
                grade=None,
                year=YEAR,
                as_kind="incubator",
                reason="本年度获认定为科技企业孵化器，下一年度以孵化器参加评价",
            )
        decisions[entry.key] = decision
    return decisions


# ---- figures and rosters -----------------------------------------------------------------------------------

# 30 × 30 × 30 names of enterprises, each used once at most.
FIRST_WORDS = "青云海星禾木金石长风远山明德创新智慧天和润泽宏图北辰嘉同春景"
SECOND_WORDS = "达源泰盛航诚恒信瑞丰华兴凯博宇腾峰晟翔锐联科众汇启元鼎益朗沃"
TRADES = (
    "信息技术", "网络科技", "生物科技", "农牧科技", "新材料", "环保科技", "电子商务", "文化传媒", "智能装备",
    "能源科技", "软件开发", "检测技术", "食品科技", "医药科技", "物联网", "大数据", "教育科技", "工业设计",
    "光伏科技", "稀土材料", "自动化", "测绘技术", "乳品科技", "机器人", "云计算", "节能技术", "物流科技",
    "创意设计", "种业科技", "草业科技",
)  # fmt: skip
FIRMS_PER_ENTRY = 100


@dataclass(frozen=True, slots=True)
class Firm:
    """One line of a roster."""

    name: str
    credit_code: str
    graduate: bool
    founded_on: date
    entered_on: date
    graduated_on: date | None
    high_tech: bool
    tech_sme: bool
    financed: bool
    valid_ip: int
    income: int
    staff: int


@dataclass(frozen=True, slots=True)
class Papers:
    """What an institution hands in: figures by code as (status, value), and its roster."""

    figures: Mapping[str, tuple[str, str]]
    roster: tuple[Firm, ...]

    def number(self, code: str) -> int:
        return int(self.figures[code][1])


def credit_code(number: int) -> str:
    """Return a unified social credit code of valid form (GB 32100-2015) that no enterprise can have.

    Its region is 990000, which GB/T 2260 does not know; both check characters are right.
    """
    body = f"{number:08d}"
    rest = (
        11
        - sum(int(digit) * weight for digit, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    )
    text = f"91990000{body}{ {10: 'X', 11: '0'}.get(rest, rest) }"
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(letters.index(letter) * pow(3, place, 31) for place, letter in enumerate(text))
    return text + letters[-total % 31]


def firm_name(number: int) -> str:
    """Return the name of the number-th enterprise: the stride 7919 visits each of the 27,000 names once."""
    place = (number * 7919 + 13) % 27000
    first, second, trade = place // 900, place // 30 % 30, place % 30
    return f"示例{FIRST_WORDS[first]}{SECOND_WORDS[second]}{TRADES[trade]}有限公司"


def firms(
    entry: Entry,
    *,
    tenants: int,
    graduates: int,
    new: int,
    financed: int,
    tech: int,
    valid_ip: Sequence[int],
    staff: Sequence[int],
) -> tuple[Firm, ...]:
    """Make a roster whose counts are the ones given: tenants first, of which `new` were founded in 2024."""
    code = entry.institution
    with_money = some(financed, tenants, code, "financed")
    technical = some(tech, tenants, code, "tech")
    base = first_number(entry)
    rows = []
    for place in range(tenants + graduates):
        graduate = place >= tenants
        if graduate:
            founded = date(
                between(2018, 2020, code, place, "founded"), between(1, 12, code, place, "month"), 15
            )
        elif place < new:
            founded = date(REPORTED, between(1, 9, code, place, "month"), between(1, 28, code, place, "day"))
        else:
            year = between(2020, REPORTED - 1, code, place, "founded")
            founded = date(year, between(1, 12, code, place, "month"), between(1, 28, code, place, "day"))
        entered = min(
            founded + timedelta(days=between(5, 240, code, place, "entered")), date(REPORTED, 12, 20)
        )
        left = date(REPORTED, between(3, 11, code, place, "left"), 20) if graduate else None
        kind_of_tech = draw(code, place, "sort") % 3
        rows.append(
            Firm(
                name=firm_name(base + place),
                credit_code=credit_code(base + place),
                graduate=graduate,
                founded_on=founded,
                entered_on=entered,
                graduated_on=left,
                high_tech=graduate or (place in technical and kind_of_tech == 0),
                tech_sme=not graduate and place in technical and kind_of_tech != 0,
                financed=place in with_money,
                valid_ip=between(2, 9, code, place, "ip") if graduate else valid_ip[place],
                income=firm_income(entry, place, graduate=graduate),
                staff=between(8, 40, code, place, "staff") if graduate else staff[place],
            )
        )
    return tuple(rows)


def first_number(entry: Entry) -> int:
    """Return the first running number of an entry's enterprises, which no other entry uses."""
    return (entry.key.serial + (0 if entry.key.kind == "incubator" else 20)) * FIRMS_PER_ENTRY


def firm_income(entry: Entry, place: int, *, graduate: bool) -> int:
    """Return a year's income in 千元; a graduate has grown above 3,000."""
    if graduate:
        return between(3200, 16000, entry.institution, place, "income")
    highest = 5200 if entry.key.kind == "incubator" else 900
    return led(60, highest, entry.quality // 2, entry.institution, place, "income", spread=450)


def tenths(value: int) -> str:
    """Write a number of tenths: 32605 is 3260.5."""
    return f"{value // 10}.{value % 10}" if value % 10 else str(value // 10)


def share(total: int, permille: int) -> int:
    """Return so many thousandths of a whole, rounded half up."""
    return (total * permille + 500) // 1000


def incubator_papers(entry: Entry, *, first: bool) -> Papers:
    """Draw what an incubator reports for 2024, as its latent quality leads it."""
    code, quality = entry.institution, 30 + entry.quality * 6 // 10
    professional = entry.who.sub_type == P

    def by(low: int, high: int, name: str) -> int:
        return max(0, led(low, high, quality, code, name))

    tenants = by(8, 40, "tenants") if professional else by(12, 70, "tenants")
    per_tenant = by(780, 360, "density") if professional else by(540, 230, "density")
    area = tenants * per_tenant * 10 + between(0, 9, code, "tenth")
    staff = tenants // 6 + between(3, 8, code, "staff")
    graduates = share(tenants, by(10, 320, "graduates"))
    with_ip = some(share(tenants, by(110, 460, "ip")), tenants, code, "with_ip")
    roster = firms(
        entry,
        tenants=tenants,
        graduates=graduates,
        new=share(tenants, 180),
        financed=share(tenants, by(0, 170, "financed")),
        tech=min(tenants, by(1, 24, "tech")),
        valid_ip=[
            between(1, 6, code, "firm_ip", place) if place in with_ip else 0 for place in range(tenants)
        ],
        staff=[between(3, 26, code, "firm_staff", place) for place in range(tenants)],
    )
    residents = [firm for firm in roster if not firm.graduate]
    firms_income = sum(firm.income for firm in residents)
    income = by(600, 14000, "income")
    figures: dict[str, int | str] = {
        "area": tenths(area),
        "area_firms": tenths(share(area, by(470, 700, "used"))),
        "area_public": tenths(share(area, by(50, 140, "public"))),
        "staff": staff,
        "staff_professional": share(staff, by(420, 960, "professional")),
        "fund": by(300, 9000, "fund"),
        "tenants": tenants,
        "graduates": graduates,
        "graduates_total": graduates + share(tenants, between(400, 2400, code, "graduates_total")),
        "firms_financed": sum(firm.financed for firm in residents),
        "firms_ip": sum(firm.valid_ip > 0 for firm in residents),
        "firms_tech": sum(firm.high_tech or firm.tech_sme for firm in residents),
        "firms_income": firms_income,
        "firms_income@last": firms_income * 1000 // (1000 + led(-190, 330, quality, code, "growth")),
        "mentors": max(1, share(tenants, by(30, 170, "mentors"))),
        "platforms": by(0, 5, "platforms"),
        "events": by(4, 32, "events"),
        "income": income,
        "income_service": share(income, by(90, 460, "service")),
        "radiation": by(-2, 6, "radiation"),
        "honours": by(-2, 6, "honours"),
        "firms_in_plans": min(tenants, share(tenants, by(-30, 160, "plans"))),
        "overseas": by(-1, 3, "overseas"),
        "chain": by(-1, 3, "chain"),
        "talents": by(-2, 6, "talents"),
    }
    return papers_of(entry, figures, roster, first=first)


def makerspace_papers(entry: Entry, *, first: bool) -> Papers:
    """Draw what a makerspace reports for 2024. Its roster lists enterprises; a team is none yet."""
    code, quality = entry.institution, 30 + entry.quality * 6 // 10

    def by(low: int, high: int, name: str) -> int:
        return max(0, led(low, high, quality, code, name))

    residents = by(5, 36, "residents")
    new = share(residents, by(140, 560, "new"))
    enterprises = max(1, new + share(residents - new, between(200, 550, code, "older")))
    area = by(1600, 9000, "area") + between(0, 9, code, "tenth")
    roster = firms(
        entry,
        tenants=enterprises,
        graduates=by(0, 5, "moved_on"),
        new=new,
        financed=min(enterprises, by(0, 9, "financed")),
        tech=min(enterprises, by(0, 6, "tech")),
        valid_ip=shared_out(by(2, 36, "ip"), enterprises, code, "firm_ip"),
        staff=[1 + more for more in shared_out(by(8, 130, "jobs"), enterprises, code, "firm_staff")],
    )
    tenants = [firm for firm in roster if not firm.graduate]
    income = by(80, 2800, "income")
    figures: dict[str, int | str] = {
        "area": tenths(area),
        "area_open": tenths(share(area, by(480, 900, "open"))),
        "workstations": by(8, 62, "workstations"),
        "residents": residents,
        "new_firms": sum(firm.founded_on.year == REPORTED for firm in tenants),
        "founders": by(2, 34, "founders"),
        "mentors": by(1, 7, "mentors"),
        "events": by(2, 22, "events"),
        "tech_served": share(residents, by(60, 520, "tech_served")),
        "finance_services": by(0, 8, "finance_services"),
        "firms_financed": sum(firm.financed for firm in tenants),
        "ip": sum(firm.valid_ip for firm in tenants),
        "jobs": sum(firm.staff for firm in tenants),
        "moved_on": sum(firm.graduate for firm in roster),
        "income": income,
        "income@last": income * 1000 // (1000 + led(-240, 360, quality, code, "growth")),
        "income_service": share(income, by(80, 480, "service")),
        "staff": by(1, 6, "staff"),
        "radiation": by(-2, 6, "radiation"),
        "honours": by(-2, 6, "honours"),
        "overseas": by(-2, 3, "overseas"),
        "talents": by(-2, 6, "talents"),
    }
    return papers_of(entry, figures, roster, first=first)


def papers_of(
    entry: Entry, figures: Mapping[str, int | str], roster: tuple[Firm, ...], *, first: bool
) -> Papers:
    """Give each figure the scheme asks for its status. Who is new has no value of last year."""
    answered: dict[str, tuple[str, str]] = {}
    for figure in entry.scheme.figures:
        for code in [figure.code, figure.code + LAST_YEAR] if figure.last_year else [figure.code]:
            answered[code] = ("reported", str(figures[code]))
            if first and code.endswith(LAST_YEAR):
                answered[code] = ("not_applicable", "")
    # A few keep no such books, or say that they will not tell: a missing figure is a value of its own.
    if entry.who.role == "withheld_income":
        for code in ("income", "income@last", "income_service"):
            answered[code] = ("refused", "")
    for code in ("talents", "overseas"):
        if draw(entry.institution, code, "kept") % 12 == 0:
            answered[code] = ("absent", "")
    return Papers(figures=answered, roster=roster)


# ---- moments -----------------------------------------------------------------------------------------------

DATES = {
    "call_at": datetime(YEAR, 3, 3, 9, tzinfo=CHINA),
    "submission_closes_at": datetime(YEAR, 4, 3, 23, 59, 59, tzinfo=CHINA),
    "preliminary_review_closes_at": datetime(YEAR, 4, 25, 18, tzinfo=CHINA),
    "expert_review_closes_at": datetime(YEAR, 5, 23, 18, tzinfo=CHINA),
    "spot_check_closes_at": datetime(YEAR, 6, 20, 18, tzinfo=CHINA),
    "integrity_review_closes_at": datetime(YEAR, 7, 4, 18, tzinfo=CHINA),
    "determined_at": datetime(YEAR, 7, 16, 10, tzinfo=CHINA),
    "public_notice_at": datetime(YEAR, 7, 21, 9, tzinfo=CHINA),
    "published_at": datetime(YEAR, 8, 15, 10, tzinfo=CHINA),
    "follow_up_closes_at": datetime(YEAR, 12, 19, 18, tzinfo=CHINA),
}
ENTERED_AT = datetime(2026, 1, 5, 10, tzinfo=CHINA)
ENTERED_BEFORE_AT = datetime(YEAR, 1, 10, 10, tzinfo=CHINA)
KEY_KNOWN_AT = datetime(YEAR, 5, 26, 15, tzinfo=CHINA)
KEY = "2025059./4.11.17.20.26.31./7./"
DRAWN = {"incubator": 4, "makerspace": 12}


def day(month: int, number: int) -> date:
    return date(YEAR, month, number)


def at_work(first: date, last: date, *name: object) -> datetime:
    """Draw a moment in office hours of a working day from first to last."""
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    working = [each for each in days if is_working_day(each)]
    chosen = working[draw(*name, "day") % len(working)]
    if draw(*name, "half") % 2:
        opens = datetime(chosen.year, chosen.month, chosen.day, 9, tzinfo=CHINA)
        return opens + timedelta(seconds=between(0, 10200, *name, "second"))
    opens = datetime(chosen.year, chosen.month, chosen.day, 14, 30, tzinfo=CHINA)
    return opens + timedelta(seconds=between(0, 10200, *name, "second"))


# ---- submissions and preliminary reviews -------------------------------------------------------------------

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Mistake:
    """What a first version held wrongly, and what the channel officer said to it."""

    wrong: Mapping[str, str]
    opinion: str


def mistakes(chosen: Sequence[Entry], papers: Mapping[EntryKey, Papers]) -> dict[EntryKey, Mistake]:
    """Make a mistake of each sort for the chosen: two incubators, then makerspaces."""

    def times(entry: Entry, code: str, factor: int) -> dict[str, str]:
        return {code: exact_text(Fraction(papers[entry.key].figures[code][1]) * factor)}

    def more(entry: Entry, code: str, by: int) -> dict[str, str]:
        return {code: str(papers[entry.key].number(code) + by)}

    first, second, third, fourth, fifth, sixth, seventh = chosen
    return {
        first.key: Mistake(times(first, "income", 1000), "总收入疑以元为单位填报，请按千元核对"),
        second.key: Mistake(
            more(second, "graduates", 4) | more(second, "firms_ip", 3),
            "毕业企业数、拥有有效知识产权的企业数与企业名单不一致，请核对",
        ),
        third.key: Mistake(times(third, "income@last", 1000), "上年总收入疑以元为单位填报，请按千元核对"),
        fourth.key: Mistake(
            {"new_firms": str(papers[fourth.key].number("residents") + 5)},
            "当年新注册企业多于当年签约入驻的团队和企业，请核对",
        ),
        fifth.key: Mistake(more(fifth, "jobs", 37), "带动就业人数与企业名单从业人员合计不一致，请核对"),
        sixth.key: Mistake(
            more(sixth, "firms_financed", 2) | more(sixth, "ip", 11),
            "获得投融资企业数、有效知识产权数与企业名单不一致，请核对",
        ),
        seventh.key: Mistake(times(seventh, "area", 10), "场所面积与租赁合同不一致，疑小数点错位，请核对"),
    }


SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"


def signer(entry: Entry) -> str:
    """Say who signed for an institution, in words."""
    return f"示例{SURNAMES[draw(entry.institution, 'signer') % len(SURNAMES)]}某（负责人）"


def officer_of(channel: str) -> str:
    """Return the code of the one officer of a channel."""
    return f"ch-{list(CHANNELS).index(channel) + 1:02d}"


OPINIONS = (
    "材料齐全，数据与佐证一致，同意上报",
    "经审核并现场走访，情况属实，同意上报",
    "数据与火炬统计年报一致，同意推荐",
)


def submission_rows(
    taking_part: Sequence[Entry],
    returned: Mapping[EntryKey, Mistake],
    *,
    twice: EntryKey,
    withdrawn: EntryKey,
) -> list[Row]:
    rows: list[Row] = []

    def add(entry: Entry, act: str, at: datetime) -> None:
        rows.append({**named(entry), "act": act, "at": at, "by": signer(entry)})

    for entry in taking_part:
        code = entry.institution
        if entry.key == twice:
            add(entry, "submit", at_work(day(3, 10), day(3, 19), code, "first"))
        if entry.key == withdrawn:
            add(entry, "submit", at_work(day(3, 10), day(3, 14), code, "first"))
            add(entry, "withdraw", at_work(day(3, 17), day(3, 20), code, "withdraw"))
        if entry.key not in (twice, withdrawn) and draw(code, "late") % 16 == 0:
            last_minutes = datetime(YEAR, 4, 3, 23, 50, tzinfo=CHINA)
            add(entry, "submit", last_minutes + timedelta(seconds=between(0, 590, code, "minute")))
        else:
            add(entry, "submit", at_work(day(3, 24), day(4, 3), code, "submit"))
        if entry.key in returned:
            add(entry, "correct", at_work(day(4, 14), day(4, 18), code, "correct"))
    return rows


def review_rows(taking_part: Sequence[Entry], returned: Mapping[EntryKey, Mistake]) -> list[Row]:
    rows: list[Row] = []

    def add(entry: Entry, act: str, at: datetime, fields: Iterable[str], opinion: str) -> None:
        by = officer_of(entry.channel)
        rows.append(
            {**named(entry), "act": act, "at": at, "by": by, "fields": "|".join(fields), "opinion": opinion}
        )

    for entry in taking_part:
        code = entry.institution
        if entry.who.role == "refused":
            at = at_work(day(4, 21), day(4, 24), code, "refuse")
            add(entry, "refuse", at, (), "逾期未补交租赁合同和企业名单佐证，场地权属无法核实，不予上报")
            continue
        if mistake := returned.get(entry.key):
            at = at_work(day(4, 7), day(4, 11), code, "return")
            add(entry, "return", at, mistake.wrong, mistake.opinion)
        first = day(4, 21) if entry.key in returned else day(4, 8)
        opinion = OPINIONS[draw(code, "opinion") % len(OPINIONS)]
        add(entry, "approve", at_work(first, day(4, 24), code, "approve"), (), opinion)
    return rows


def named(entry: Entry) -> Row:
    return {"kind": entry.key.kind, "serial": entry.key.serial}


def in_order(rows: Iterable[Row], moment: str) -> list[Row]:
    """Order acts as they happened, as the ledger will hold them."""
    return sorted(rows, key=lambda row: str(row[moment]))


# ---- expert review -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Expert:
    """One of the nine. `severity` in thousandths: below zero is strict."""

    code: str
    name: str
    employer: str
    region: str
    specialty: str
    severity: int


# 草原大学 is a channel, 陶瓷研究院 an operator and 青禾大学 the root of another: the rule keeps them apart.
EXPERTS = (
    Expert("ex-1", "示例专家甲", "示例草原大学", "150100", "创新创业管理", -40),
    Expert("ex-2", "示例专家乙", "示例陶瓷研究院", "150200", "新材料", 10),
    Expert("ex-3", "示例专家丙", "示例青禾大学", "150100", "技术经济", -70),
    Expert("ex-4", "示例专家丁", "示例农牧科学院", "150100", "农牧业科技", 30),
    Expert("ex-5", "示例专家戊", "示例财经学院", "150400", "财务管理", -20),
    Expert("ex-6", "示例专家己", "示例会计师事务所", "150600", "审计", -50),
    Expert("ex-7", "示例专家庚", "示例律师事务所", "150500", "知识产权", 0),
    Expert("ex-8", "示例专家辛", "示例创业投资协会", "150700", "创业投资", 60),
    Expert("ex-9", "示例专家壬", "示例科技服务业促进会", "150800", "科技服务", 40),
)
ASSIGNED_AT = datetime(YEAR, 4, 28, 10, tzinfo=CHINA)
REPLACED_AT = datetime(YEAR, 5, 6, 10, tzinfo=CHINA)
REPLACED_LATE_AT = datetime(YEAR, 5, 15, 10, tzinfo=CHINA)
CONFLICTS = ("shareholding", "adviser", "joint_project", "teacher_student", "relative")
LATE_CONFLICT = "dispute"


@dataclass(frozen=True, slots=True)
class Assignment:
    entry: Entry
    expert: Expert
    assigned_at: datetime
    conflict: str = ""
    declared_at: datetime | None = None


def assignments(judged: Sequence[Entry]) -> list[Assignment]:
    """Put 3 to 5 experts before each file, those with the fewest files first, nobody before their own house.

    Some declare a conflict and are replaced. One declares it only after the others have scored, so that the
    file falls under three valid scores and goes to another expert.
    """
    load: Counter[str] = Counter()
    found: list[Assignment] = []

    def next_experts(entry: Entry, count: int, beside: Sequence[Expert] = ()) -> list[Expert]:
        free = [
            expert
            for expert in EXPERTS
            if expert not in beside
            and not computed_conflict(
                employer=expert.employer,
                institution=entry.who.name,
                operators=entry.operators,
                channel=entry.channel,
            )
        ]
        free.sort(key=lambda expert: (load[expert.code], draw(entry.institution, expert.code)))
        load.update(expert.code for expert in free[:count])
        return free[:count]

    groups = {entry.key: next_experts(entry, group_size(entry)) for entry in judged}
    smallest = [entry.key for entry in judged if len(groups[entry.key]) == 3]
    late = min(smallest, key=lambda key: draw(key, "late conflict"))
    others = sorted(
        (entry.key for entry in judged if entry.key != late), key=lambda key: draw(key, "conflict")
    )
    declared = dict(zip(others, CONFLICTS, strict=False))
    for entry in judged:
        group = groups[entry.key]
        for place, expert in enumerate(group):
            conflict, at = "", None
            if place == 0 and entry.key in declared:
                conflict = declared[entry.key]
                at = at_work(day(4, 29), day(4, 30), entry.key, "declared")
            elif place == 0 and entry.key == late:
                conflict = LATE_CONFLICT
                at = datetime(YEAR, 5, 14, 16, 12, 8, tzinfo=CHINA)
            found.append(Assignment(entry, expert, ASSIGNED_AT, conflict, at))
    for entry in judged:
        if entry.key in declared or entry.key == late:
            [replacement] = next_experts(entry, 1, beside=groups[entry.key])
            at = REPLACED_LATE_AT if entry.key == late else REPLACED_AT
            found.append(Assignment(entry, replacement, at))
    return found


def group_size(entry: Entry) -> int:
    """Return how many experts judge a file: five an incubator, three to five a makerspace."""
    return (
        5 if entry.key.kind == "incubator" else 3 + (0, 0, 0, 1, 1, 2)[draw(entry.institution, "group") % 6]
    )


def sheet(assignment: Assignment) -> dict[str, int]:
    """Return an expert's scores in hundredths, in steps of half a point, led by quality and severity."""
    entry, expert = assignment.entry, assignment.expert
    scores = {}
    for item in entry.scheme.expert_items:
        noise = bell(-130, 130, entry.institution, expert.code, item.code)
        place = min(1000, max(0, 240 + entry.quality * 68 // 100 + expert.severity + noise))
        scores[item.code] = (item.full_marks // 50 * place + 500) // 1000 * 50
    return scores


def signed_at(assignment: Assignment) -> datetime:
    """Return when a sheet was signed: after the assignment, and before the late conflict came out."""
    name = (assignment.entry.institution, assignment.expert.code, "signed")
    if assignment.assigned_at == REPLACED_LATE_AT:
        return at_work(day(5, 19), day(5, 22), *name)
    return at_work(day(5, 7), day(5, 13), *name)


def score_text(hundredths: int) -> str:
    """Write a score in steps of half a point: 250 is 2.5."""
    return f"{hundredths // 100}{'.5' if hundredths % 100 else ''}"


# ---- scoring, so that people can decide --------------------------------------------------------------------


def scored(
    entry: Entry,
    papers: Papers,
    sheets: Sequence[Assignment],
    *,
    corrected: Mapping[str, str],
    severe: bool = False,
    absent: bool = False,
) -> Scorecard:
    """Return the working of one entry by the shipped scheme, corrections applied."""
    scheme = entry.scheme
    figures: dict[str, FigureValue] = {}
    for code, (status, value) in papers.figures.items():
        figures[code] = read_figure(status=status, value=value)
    for code, value in corrected.items():
        figures[code] = read_figure(status="reported", value=value)
    valid = [sheet(assignment) for assignment in sheets if not assignment.conflict]
    return score_entry(
        scheme,
        figures=figures,
        expert_scores={
            item.code: tuple(Fraction(scores[item.code], 100) for scores in valid)
            for item in scheme.expert_items
        },
        sub_type=entry.who.sub_type or None,
        facts=Facts(severe_integrity=severe, absent=absent),
    )


# ---- spot checks, integrity, objections --------------------------------------------------------------------

INSPECTORS = ("ins-1", "ins-2", "ins-3", "ins-4")


def draw_of(judged: Sequence[Entry]) -> list[Entry]:
    """Return whom the RFC 3797 draw chooses, kind by kind, in order of draw."""
    by_name = {str(entry.key): entry for entry in judged}
    chosen = []
    for kind, count in DRAWN.items():
        frame = [str(entry.key) for entry in judged if entry.key.kind == kind]
        chosen += [by_name[name] for name in select(frame, key=KEY, count=count)]
    return chosen


@dataclass(frozen=True, slots=True)
class Found:
    """What two inspectors found otherwise than it was handed in."""

    figure: str
    value: str
    note: str


def findings(drawn: Sequence[Entry], papers: Mapping[EntryKey, Papers]) -> dict[EntryKey, Found]:
    """Let the inspectors find one figure too high in each kind: the first of the drawn that has it."""
    found = {}
    for kind, figure, unit in (("incubator", "events", "场"), ("makerspace", "mentors", "名")):
        entry = next(each for each in drawn if each.key.kind == kind and papers[each.key].number(figure) > 3)
        reported = papers[entry.key].number(figure)
        real = reported - max(2, reported // 4)
        words = "活动记录和签到表" if figure == "events" else "聘任协议"
        note = f"填报{reported}{unit}，现场核对{words}，能佐证的为{real}{unit}"
        found[entry.key] = Found(figure, str(real), note)
    return found


def spot_check_rows(drawn: Sequence[Entry], found: Mapping[EntryKey, Found]) -> list[Row]:
    rows: list[Row] = []
    for entry in drawn:
        pair = "|".join(INSPECTORS[place] for place in sorted(some(2, 4, entry.institution, "inspectors")))
        at = at_work(day(5, 28), day(6, 18), entry.institution, "spot check")
        row: Row = {**named(entry), "at": at, "by": pair, "finding": "confirmed"}
        row |= {"figure": "", "found_value": "", "note": "现场与填报一致"}
        if otherwise := found.get(entry.key):
            row |= {"finding": "corrected", "figure": otherwise.figure}
            row |= {"found_value": otherwise.value, "note": otherwise.note}
        rows.append(row)
    return in_order(rows, "at")


def integrity_rows(entries: Sequence[Entry], other: Entry) -> list[Row]:
    severe, minor = story(entries, "severe_hit"), story(entries, "minor_hit")
    rows: list[Row] = [
        {
            **named(severe),
            "subject_type": "operator",
            "subject": severe.who.printed,
            "source": "示例科研诚信严重失信行为数据库",
            "severity": "severe",
            "found_at": at_work(day(6, 24), day(6, 27), severe.institution, "integrity"),
            "detail": "运营机构因虚假申报项目被列入严重失信行为记录，记录期内",
        },
        {
            **named(minor),
            "subject_type": "institution",
            "subject": minor.who.name,
            "source": "示例企业信用信息公示系统",
            "severity": "minor",
            "found_at": at_work(day(6, 24), day(6, 27), minor.institution, "integrity"),
            "detail": "2024年度报告逾期公示，曾被列入经营异常名录，现已移出",
        },
        {
            **named(other),
            "subject_type": "person",
            "subject": signer(other).removesuffix("（负责人）"),
            "source": "示例自治区科研信用审查记录",
            "severity": "minor",
            "found_at": at_work(day(6, 30), day(7, 3), other.institution, "integrity"),
            "detail": "作为参加人的科技计划项目逾期未验收，已于2025年5月补交材料",
        },
    ]
    return in_order(rows, "found_at")


@dataclass(frozen=True, slots=True)
class Upheld:
    """An objection that is right: the institution had counted too few founders, and papers show it."""

    entry: Entry
    figure: str
    value: str


FORGOTTEN = 8
"""How many founders the clerk of one institution forgot to report: those who had returned from abroad."""


def upheld_objection(
    candidates: Sequence[Entry],
    papers: Mapping[EntryKey, Papers],
    sheets: Mapping[EntryKey, list[Assignment]],
) -> Upheld:
    """Find an institution whose grade such an omission really changed: by lot, of those there are."""
    for entry in sorted(candidates, key=lambda each: draw(each.institution, "objection")):
        if entry.key.kind != "makerspace":
            continue
        value = str(papers[entry.key].number("founders") + FORGOTTEN)
        before = scored(entry, papers[entry.key], sheets[entry.key], corrected={})
        after = scored(entry, papers[entry.key], sheets[entry.key], corrected={"founders": value})
        if before.proposed_grade is Grade.QUALIFIED and after.proposed_grade is Grade.GOOD:
            return Upheld(entry, "founders", value)
    raise RuntimeError("no grade would change by the forgotten founders; choose another SEED")


def objection_rows(upheld: Upheld, rejected: Entry, reported: str) -> list[Row]:
    return [
        {
            **named(upheld.entry),
            "objector": upheld.entry.operators[0],
            "objector_type": "unit",
            "contact": "objection-1@example.invalid",
            "lodged_at": datetime(YEAR, 7, 22, 10, 26, 15, tzinfo=CHINA),
            "grounds": f"填报创业者{reported}人时漏计留学归国人员{FORGOTTEN}人，附学历认证书和入驻协议",
            "ruling": "upheld",
            "ruled_at": datetime(YEAR, 7, 31, 15, 40, tzinfo=CHINA),
            "by": "dep-1",
            "ruling_reason": f"经核对，{FORGOTTEN}人的学历认证书和入驻协议均在评价期内，应予计入",
            "figure": upheld.figure,
            "corrected_value": upheld.value,
        },
        {
            **named(rejected),
            "objector": "示例褚某",
            "objector_type": "person",
            "contact": "objection-2@example.invalid",
            "lodged_at": datetime(YEAR, 7, 24, 16, 51, 40, tzinfo=CHINA),
            "grounds": "认为该机构填报的场所面积包含已退租的二层",
            "ruling": "rejected",
            "ruled_at": datetime(YEAR, 8, 6, 10, 15, tzinfo=CHINA),
            "by": "dep-1",
            "ruling_reason": "经核对租赁合同和产权证明，二层租期至2026年底，填报面积属实",
            "figure": "",
            "corrected_value": "",
        },
    ]


# ---- decisions ---------------------------------------------------------------------------------------------


def human_acts(
    entries: Sequence[Entry],
    cards: Mapping[EntryKey, Scorecard],
    history: Mapping[str, Mapping[int, Grade | None]],
) -> dict[EntryKey, Decision]:
    """Return what people decide beside the rules: 2025 entries without an act take the proposal."""
    acts: dict[EntryKey, Decision] = {}
    for entry in entries:
        key, role = entry.key, entry.who.role
        if role in ("carried_good", "carried_failing"):
            judge = story(entries, "good_judge" if role == "carried_good" else "failing_judge")
            acts[key] = Decision(
                key=key,
                mode=Mode.CARRIED,
                outcome=Outcome.CARRIED,
                carried_from=judge.key,
                reason="同一运营机构的孵化器参加本年度评价，以其结果为考核结果",
            )
            continue
        if role == "deferred":
            acts[key] = Decision(
                key=key,
                mode=Mode.DEFERRED,
                outcome=Outcome.DEFERRED,
                year=YEAR + 1,
                as_kind="incubator",
                reason="已申请认定科技企业孵化器，经主管部门同意，下一年度以孵化器参加评价",
            )
            continue
        card = cards[key]
        proposals = propose(
            entry.scheme,
            history=history.get(entry.institution, {}),
            year=YEAR,
            status=Status.PILOT if entry.who.pilot else Status.RECOGNISED,
            grade=card.proposed_grade,
        )
        mode = Mode.ABSENT if card.total is None else Mode.EVALUATED
        for proposal in proposals:
            pilot = proposal.outcome is Outcome.PILOT_CANCELLED
            acts[key] = Decision(
                key=key,
                mode=mode,
                outcome=proposal.outcome,
                reason="试点培育期评价不合格，经集体审议同意"
                if pilot
                else "连续两次评价不合格，经集体审议同意",
            )
        if role == "twice_not_confirmed":
            acts[key] = Decision(
                key=key,
                mode=mode,
                outcome=Outcome.GRADED,
                reason="2024年底更换管理团队，整改已见成效，集体审议不予取消，保留等次",
                note="取消资格的建议未获同意，保留资格",
            )
        elif role == "special_clause":
            acts[key] = Decision(
                key=key,
                mode=mode,
                outcome=Outcome.GRADED,
                reason="参评时资格级别有争议，以自治区级认定文件为准",
                note="以自治区级科技企业孵化器资格参加评价",
            )
        elif role == "minor_hit" and card.proposed_grade in (Grade.EXCELLENT, Grade.GOOD):
            grades = list(Grade)
            acts[key] = Decision(
                key=key,
                mode=mode,
                outcome=Outcome.GRADED,
                grade=grades[grades.index(card.proposed_grade) + 1],
                reason="有轻微失信记录，经集体审议降一档",
            )
    return acts


def final_decisions(
    entries: Sequence[Entry], cards: Mapping[EntryKey, Scorecard], acts: Mapping[EntryKey, Decision]
) -> dict[EntryKey, Decision]:
    """Return what stands after people and rules, in the order of the list."""
    decisions = {}
    for entry in entries:
        act = acts.get(entry.key)
        if act is not None and act.mode in (Mode.CARRIED, Mode.DEFERRED):
            decisions[entry.key] = act
            continue
        card = cards[entry.key]
        if act is None:
            absent = card.total is None
            act = Decision(
                key=entry.key,
                mode=Mode.ABSENT if absent else Mode.EVALUATED,
                outcome=Outcome.ABSENT if absent else Outcome.GRADED,
            )
        grade = None if act.outcome is Outcome.DISQUALIFIED else act.grade or card.proposed_grade
        decisions[entry.key] = replace(act, grade=grade)
    return decisions


# ---- follow-up ---------------------------------------------------------------------------------------------

SWITCHES = ("leave_management", "leave_evaluation", "leave_statistics")


def follow_up_rows(entries: Sequence[Entry], decisions: Mapping[EntryKey, Decision]) -> list[Row]:
    """Let most hand in and leave by the end of the year; one has been left in the statistics."""
    by_key = {entry.key: entry for entry in entries}
    duties = obligations_of(decisions, round_year=YEAR, kind_short=KIND_SHORT)
    rows: list[Row] = []

    def add(entry: Entry, act: str, at: datetime, by: str, note: str) -> None:
        rows.append({**named(entry), "act": act, "at": at, "by": by, "note": note})

    leaving = [by_key[duty.key] for duty in duties if duty.act is ObligedTo.DEREGISTER]
    incomplete = min(leaving, key=lambda entry: draw(entry.institution, "incomplete"))
    for entry in leaving:
        code = entry.institution
        for month, switch in enumerate(SWITCHES, start=9):
            if entry is incomplete and switch == "leave_statistics":
                continue
            at = at_work(day(month, 9), day(month, 26), code, switch)
            add(entry, switch, at, officer_of(entry.channel), "已办理")
    for entry in [by_key[duty.key] for duty in duties if duty.act is ObligedTo.RECTIFY]:
        code = entry.institution
        if draw(code, "hands in") % 4 == 0:
            continue
        at = at_work(day(9, 15), day(10, 31), code, "hand in")
        add(entry, "hand_in_rectification", at, code, "报送整改报告和佐证材料")
        if draw(code, "accepted") % 4:
            at = at_work(day(11, 10), day(12, 12), code, "accept")
            add(entry, "accept_rectification", at, officer_of(entry.channel), "现场核验，整改到位")
    return in_order(rows, "at")


# ---- the files ---------------------------------------------------------------------------------------------

REGISTER_COLUMNS = (
    "kind", "serial", "institution", "name", "aliases", "operators_printed", "operators", "channel",
    "channel_type", "region", "level", "status", "sub_type", "recognised_in",
)  # fmt: skip
DECISION_COLUMNS = (
    "kind", "serial", "mode", "grade", "outcome", "carried_from", "year", "as_kind", "reason", "note",
)  # fmt: skip
ROSTER_COLUMNS = (
    "kind", "serial", "enterprise", "credit_code", "status", "founded_on", "entered_on", "graduated_on",
    "high_tech", "tech_sme", "financed", "valid_ip", "income", "staff",
)  # fmt: skip
CHANGE_COLUMNS = ("institution", "what", "old", "new", "effective", "source")
OBJECTION_COLUMNS = (
    "kind", "serial", "objector", "objector_type", "contact", "lodged_at", "grounds", "ruling", "ruled_at",
    "by", "ruling_reason", "figure", "corrected_value",
)  # fmt: skip


def cell(value: object) -> str:
    """Write one value as a cell: nothing as an empty one, yes and no as 1 and 0, a moment with its offset."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def table(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Write a table as CSV; a row with an unknown column is an error."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows({column: cell(value) for column, value in row.items()} for row in rows)
    return text.getvalue()


def register_row(entry: Entry) -> Row:
    who = entry.who
    channel_type, region = CHANNELS[entry.channel]
    recognised = REPORTED if who.first else between(2017, REPORTED - 1, entry.institution, "recognised")
    return {
        **named(entry),
        "institution": entry.institution,
        "name": who.name,
        "aliases": who.alias,
        "operators_printed": who.printed,
        "operators": "|".join(entry.operators),
        "channel": entry.channel,
        "channel_type": channel_type,
        "region": region,
        "level": who.level,
        "status": "pilot" if who.pilot else "recognised",
        "sub_type": who.sub_type,
        "recognised_in": recognised,
    }


def decision_row(decision: Decision) -> Row:
    return {
        "kind": decision.key.kind,
        "serial": decision.key.serial,
        "mode": decision.mode.value,
        "grade": decision.grade.value if decision.grade else "",
        "outcome": decision.outcome.value,
        "carried_from": decision.carried_from,
        "year": decision.year,
        "as_kind": decision.as_kind,
        "reason": decision.reason,
        "note": decision.note,
    }


def register_changes(entries: Sequence[Entry]) -> list[Row]:
    renamed, changed = story(entries, "renamed"), story(entries, "operator_changed")
    second_name, almost = story(entries, "operator_alias"), story(entries, "almost_operator")
    clause, judge = story(entries, "special_clause"), story(entries, "failing_judge")
    carried = story(entries, "carried_failing")
    register = "示例自治区科学技术厅变更备案"
    due = "2025年度参评名单"
    doubts = (
        (almost, "运营机构比名称多“众创”二字；是一家还是两家未核实，未合并"),
        (clause, "名称为“有限责任公司”，运营机构为“有限公司”；未核实，未改字"),
        (
            carried,
            f"运营机构与孵化器第{judge.key.serial}号有两字不同（旗与期、源与缘），疑为误植；未合并，未改字",
        ),
    )
    lines = [
        (renamed, "name", RENAMED_FROM, renamed.who.name, "2024-11", register),
        (
            changed,
            "operator",
            "示例牧青投资咨询有限公司",
            changed.operators[0],
            "2023",
            f"{due}运营机构栏括注",
        ),
        (
            second_name,
            "operator_alias",
            second_name.operators[0],
            "示例陶瓷产品质量检验所",
            "",
            f"{due}运营机构栏括注",
        ),
        *((entry, "note", "", words, "", due) for entry, words in doubts),
    ]
    return [dict(zip(CHANGE_COLUMNS, (entry.institution, *rest), strict=True)) for entry, *rest in lines]


def figure_rows(
    taking_part: Sequence[Entry], papers: Mapping[EntryKey, Papers], wrong: Mapping[EntryKey, Mistake]
) -> list[Row]:
    rows: list[Row] = []
    for entry in taking_part:
        first_version = wrong[entry.key].wrong if entry.key in wrong else {}
        units = {figure.code: figure.unit for figure in entry.scheme.figures}
        for code, (status, value) in papers[entry.key].figures.items():
            row: Row = {**named(entry), "figure": code, "unit": units[code.removesuffix(LAST_YEAR)]}
            row |= {"status": status, "returned_value": first_version.get(code, ""), "value": value}
            rows.append(row)
    return rows


def roster_rows(taking_part: Sequence[Entry], papers: Mapping[EntryKey, Papers]) -> list[Row]:
    return [
        {
            **named(entry),
            "enterprise": firm.name,
            "credit_code": firm.credit_code,
            "status": "graduate" if firm.graduate else "tenant",
            "founded_on": firm.founded_on,
            "entered_on": firm.entered_on,
            "graduated_on": firm.graduated_on,
            "high_tech": firm.high_tech,
            "tech_sme": firm.tech_sme,
            "financed": firm.financed,
            "valid_ip": firm.valid_ip,
            "income": firm.income,
            "staff": firm.staff,
        }
        for entry in taking_part
        for firm in papers[entry.key].roster
    ]


ADDRESSEES = '["示例自治区各盟市科技局", "示例满洲里工信和科技局", "各有关单位"]'
BASES = """bases = [
    { title = "示例自治区科技企业孵化器绩效评价办法", number = "示例科发〔2020〕3号" },
    { title = "示例自治区众创空间管理办法", number = "示例科发〔2020〕2号" },
]"""
MADE_BY = """# 演示数据，非真实。 Everything in this folder is invented.
# Made by examples/make_demo_2025.py: change that and run it, not this."""


def round_toml() -> str:
    officers = [
        ("dep-1", "示例处长甲", "department", AUTHORITY),
        ("dep-2", "示例处长乙", "department", AUTHORITY),
        ("int-1", "示例诚信专员", "integrity", "示例监督评估与科研诚信处"),
        *((code, f"示例检查员{code[-1]}", "inspector", AUTHORITY) for code in INSPECTORS),
        *((officer_of(channel), f"{channel}审核员", "channel", channel) for channel in CHANNELS),
    ]
    lines = [
        MADE_BY,
        "format = 1",
        f'authority = "{AUTHORITY}"',
        'authority_code = "demo"',
        f"year = {YEAR}",
        'status = "live"',
        "fictional = true",
        f"entered_at = {ENTERED_AT.isoformat()}",
        'vocabulary = "nmg-2021"',
        f"addressees = {ADDRESSEES}",
        BASES,
    ]
    for kind, scheme in SCHEMES.items():
        lines += ["", "[[kind]]", f'code = "{kind}"', f'scheme = "{scheme}"']
    lines += ["", "[dates]", *(f"{name} = {at.isoformat()}" for name, at in DATES.items())]
    lines += ["", "[public_notice]", "working_days = 5"]
    counts = ", ".join(f"{kind} = {count}" for kind, count in DRAWN.items())
    lines += [
        "",
        "# The key stands for lottery numbers that nobody knew when the frame was fixed; they are invented.",
        "[spot_check]",
        f'key = "{KEY}"',
        f"key_known_at = {KEY_KNOWN_AT.isoformat()}",
        f"count = {{ {counts} }}",
    ]
    for code, name, role, unit in officers:
        lines += [
            "",
            "[[officer]]",
            f'code = "{code}"',
            f'name = "{name}"',
            f'role = "{role}"',
            f'unit = "{unit}"',
        ]
    return "\n".join(lines) + "\n"


def round_toml_before() -> str:
    kinds = "\n".join(f'\n[[kind]]\ncode = "{kind}"' for kind in SCHEMES)
    return f"""{MADE_BY}
format = 1
authority = "{AUTHORITY}"
authority_code = "demo"
year = {REPORTED}
status = "past"
fictional = true
entered_at = {ENTERED_BEFORE_AT.isoformat()}
happened = "{REPORTED}"
vocabulary = "nmg-2021"
addressees = {ADDRESSEES}
{BASES}
{kinds}
"""


def expected(
    entries: Sequence[Entry], cards: Mapping[EntryKey, Scorecard], acts: Mapping[EntryKey, Decision]
) -> None:
    """Stop where a story did not come about: then choose another quality or SEED, never a grade."""
    failing = Grade.UNQUALIFIED
    for entry in entries:
        grade = cards[entry.key].proposed_grade if entry.key in cards else None
        outcome = acts[entry.key].outcome if entry.key in acts else None
        came_about = {
            "good_judge": grade in (Grade.EXCELLENT, Grade.GOOD),
            "failing_judge": grade is failing and outcome is None,
            "special_clause": grade is failing,
            "severe_hit": grade is failing and outcome is None,
            "minor_hit": outcome is Outcome.GRADED,
            "absent": outcome is None,
            "refused": outcome is None,
            "incubator_twice": outcome is Outcome.DISQUALIFIED,
            "twice_confirmed": outcome is Outcome.DISQUALIFIED,
            "twice_not_confirmed": grade is failing,
        }
        if not came_about.get(entry.who.role, True):
            raise RuntimeError(
                f"{entry.key} {entry.who.name} was to be {entry.who.role}; it came out {grade} {outcome}"
            )


def files() -> dict[str, str]:
    """Return every file of the folder: path inside it → text."""
    entries = due_list()
    before = due_list_before(entries)
    past = decisions_before(before)
    history: dict[str, dict[int, Grade | None]] = {
        each.institution: {REPORTED: judged_grade(each.key, past)}
        for each in before
        if each.who.role != "came_as_makerspace"
    }
    was_there = {each.institution for each in before}

    taking_part = [
        each
        for each in entries
        if each.who.role not in ("carried_good", "carried_failing", "deferred", "absent")
    ]
    judged = [each for each in taking_part if each.who.role != "refused"]
    papers = {}
    for entry in taking_part:
        make = incubator_papers if entry.key.kind == "incubator" else makerspace_papers
        papers[entry.key] = make(entry, first=entry.institution not in was_there)

    # Who plays the small parts: by lot, among those without one.
    cast = sorted(
        (each for each in judged if not each.who.role), key=lambda each: draw(each.institution, "cast")
    )
    incubators = [each for each in cast if each.key.kind == "incubator" and each.institution in was_there]
    makerspaces = [each for each in cast if each.key.kind == "makerspace" and each.institution in was_there]
    wrong = mistakes([*incubators[:2], *makerspaces[:5]], papers)
    twice, withdrawn, minor, rejected = makerspaces[5:9]

    everybody = assignments(judged)
    sheets: dict[EntryKey, list[Assignment]] = {each.key: [] for each in entries}
    for assignment in everybody:
        sheets[assignment.entry.key].append(assignment)
    drawn = draw_of(judged)
    found = findings(drawn, papers)
    cards = {}
    for entry in entries:
        if entry in judged:
            corrected = {found[entry.key].figure: found[entry.key].value} if entry.key in found else {}
            severe = entry.who.role == "severe_hit"
            cards[entry.key] = scored(
                entry, papers[entry.key], sheets[entry.key], corrected=corrected, severe=severe
            )
        elif entry.who.role in ("absent", "refused"):
            cards[entry.key] = scored(entry, Papers({}, ()), [], corrected={}, absent=True)
    acts = human_acts(entries, cards, history)
    expected(entries, cards, acts)
    upheld = upheld_objection(
        [each for each in makerspaces[9:] if each not in drawn and each.key not in acts], papers, sheets
    )
    corrected_card = scored(
        upheld.entry,
        papers[upheld.entry.key],
        sheets[upheld.entry.key],
        corrected={upheld.figure: upheld.value},
    )
    final = final_decisions(entries, cards | {upheld.entry.key: corrected_card}, acts)

    assignment_rows: list[Row] = []
    score_rows: list[Row] = []
    for assignment in everybody:
        who: Row = {**named(assignment.entry), "expert": assignment.expert.code}
        dated = {"assigned_at": assignment.assigned_at, "declared_at": assignment.declared_at}
        assignment_rows.append({**who, "conflict": assignment.conflict, **dated})
        if not assignment.conflict:
            at = signed_at(assignment)
            score_rows += [
                {**who, "item": item, "score": score_text(points), "at": at}
                for item, points in sheet(assignment).items()
            ]
    reported = papers[upheld.entry.key].figures[upheld.figure][1]
    moments = ("kind", "serial", "act", "at", "by")
    return {
        "round.toml": round_toml(),
        "register.csv": table(REGISTER_COLUMNS, map(register_row, entries)),
        "register_changes.csv": table(CHANGE_COLUMNS, register_changes(entries)),
        "figures.csv": table(
            ("kind", "serial", "figure", "unit", "status", "returned_value", "value"),
            figure_rows(taking_part, papers, wrong),
        ),
        "rosters.csv": table(ROSTER_COLUMNS, roster_rows(taking_part, papers)),
        "submissions.csv": table(
            moments, submission_rows(taking_part, wrong, twice=twice.key, withdrawn=withdrawn.key)
        ),
        "preliminary_reviews.csv": table((*moments, "fields", "opinion"), review_rows(taking_part, wrong)),
        "experts.csv": table(
            ("expert", "name", "employer", "region", "specialty"),
            [
                {
                    **{
                        column: getattr(each, column)
                        for column in ("name", "employer", "region", "specialty")
                    },
                    "expert": each.code,
                }
                for each in EXPERTS
            ],
        ),
        "assignments.csv": table(
            ("kind", "serial", "expert", "assigned_at", "conflict", "declared_at"), assignment_rows
        ),
        "expert_scores.csv": table(("kind", "serial", "expert", "item", "score", "at"), score_rows),
        "spot_checks.csv": table(
            ("kind", "serial", "at", "by", "finding", "figure", "found_value", "note"),
            spot_check_rows(drawn, found),
        ),
        "integrity.csv": table(
            ("kind", "serial", "subject_type", "subject", "source", "severity", "found_at", "detail"),
            integrity_rows(entries, minor),
        ),
        "decisions.csv": table(DECISION_COLUMNS, map(decision_row, acts.values())),
        "objections.csv": table(OBJECTION_COLUMNS, objection_rows(upheld, rejected, reported)),
        "follow_up.csv": table((*moments, "note"), follow_up_rows(entries, final)),
        f"history/{REPORTED}/round.toml": round_toml_before(),
        f"history/{REPORTED}/register.csv": table(REGISTER_COLUMNS, map(register_row, before)),
        f"history/{REPORTED}/decisions.csv": table(DECISION_COLUMNS, map(decision_row, past.values())),
    }


def main(folder: Path) -> None:
    """Write the folder; say what was written."""
    made = files()
    for path, text in made.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    print(f"{folder}: {len(made)} files")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "demo-2025")
