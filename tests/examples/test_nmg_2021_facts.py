"""The folder holds what the 2021 notice printed, and each structural fact of it as data."""

import csv
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from hatchmark.domain.names import aliases_of, operators_of
from hatchmark.domain.outcomes import NOT_STATED, EntryKey
from hatchmark.domain.regions import load_regions
from hatchmark.domain.results import printed_cell

FOLDER = Path(__file__).parents[2] / "examples" / "nmg-2021"


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def keyed(name: str) -> dict[str, dict[str, str]]:
    rows = read(name)
    by_key = {str(EntryKey(row["kind"], int(row["serial"]))): row for row in rows}
    assert len(by_key) == len(rows)
    return by_key


REGISTER = keyed("register.csv")
DECISIONS = keyed("decisions.csv")
PUBLISHED = keyed("published.csv")
CHANGES = read("register_changes.csv")
MAKERSPACES = {int(row["serial"]): row for row in REGISTER.values() if row["kind"] == "makerspace"}
INCUBATORS = {int(row["serial"]): row for row in REGISTER.values() if row["kind"] == "incubator"}


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.iterdir()))
def test_every_file_is_plain_utf8_with_line_feeds(name: str):
    content = (FOLDER / name).read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.decode("utf-8").endswith("\n")


def test_each_file_has_the_same_hundred_entries_in_printed_order():
    printed = [f"incubator:{n}" for n in range(1, 16)] + [f"makerspace:{n}" for n in range(1, 86)]
    assert list(REGISTER) == list(DECISIONS) == list(PUBLISHED) == printed


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        (
            "register.csv",
            "kind serial institution name aliases operators_printed operators channel channel_type region "
            "level status sub_type recognised_in",
        ),
        ("register_changes.csv", "institution what old new effective source"),
        ("decisions.csv", "kind serial mode grade outcome carried_from year as_kind reason note"),
        ("published.csv", "kind serial name operators channel face_text"),
    ],
)
def test_the_columns_are_those_of_the_reference(name: str, columns: str):
    assert list(read(name)[0]) == columns.split()


def test_the_face_texts_count_as_the_two_annexes_do():
    counts = {
        kind: Counter(row["face_text"] for row in PUBLISHED.values() if row["kind"] == kind)
        for kind in ("incubator", "makerspace")
    }
    assert {kind: list(count.items()) for kind, count in counts.items()} == {
        "incubator": [("优秀", 3), ("良好", 3), ("合格", 1), ("不合格", 7), ("取消科技企业孵化器资格", 1)],
        "makerspace": [
            ("优秀", 14),
            ("良好", 10),
            ("合格", 14),
            ("不合格", 13),
            ("不合格，取消试点培育资格。", 3),
            ("取消众创空间资格", 27),
            ("2021年以孵化器参加评价，结果为良好。", 1),
            ("2021年以孵化器参加评价，结果为不合格。", 1),
            ("2022年以孵化器参加评价。", 2),
        ],
    }


@pytest.mark.parametrize(
    ("key", "name", "operators", "channel"),
    [
        ("incubator:4", "和林格尔云计算大数据创客中心", "内蒙古颐邦互联网信息服务有限公司", "呼和浩特市"),
        ("incubator:5", "浙江大学包头工业技术研究院", "浙江大学包头工业技术研究院", "包头市"),
        (
            "incubator:8",
            "苏尼特左旗丝梦源孵化器商务有限责任公司",
            "苏尼特左旗丝梦源孵化器商务有限责任公司",
            "锡林郭勒盟",
        ),
        ("incubator:12", "扎兰屯市青年创业孵化园", "中国共产主义青年团扎兰屯市委员会", "呼伦贝尔市"),
        ("incubator:14", "赤峰市众人合创孵化基地", "赤峰市众人合创网络科技有限公司", "赤峰市"),
        (
            "makerspace:2",
            "“印象蒙古”民族文化创意专业众创空间",
            "内蒙古印象蒙古文化传播有限公司",
            "呼和浩特市",
        ),
        ("makerspace:4", "《创客中国》创业雷达", "内蒙古创合益网络科技有限公司", "呼和浩特市"),
        (
            "makerspace:21",
            "内蒙古互联网+型创新创业示范区",
            "内蒙古天蓬创新创业园运营管理有限公司",
            "呼和浩特市",
        ),
        ("makerspace:59", "创新创业⊕工厂", "北斗芯（内蒙古）科技有限公司", "呼和浩特市"),
        ("makerspace:73", "万达孵化器A座", "包头市万达物业服务有限公司", "包头市"),
        ("makerspace:77", "内蒙古自治区互联网+众创空间", "内蒙古创新互联网+研究院", "高校"),
        ("makerspace:83", "金珠拉民族文化众创空间", "苏尼特左期丝梦缘孵化器商务有限责任公司", "锡林郭勒盟"),
        ("makerspace:84", "汇·空间", "中科汇通（内蒙古）投资控股有限公司", "呼和浩特市"),
    ],
)
def test_odd_cells_are_printed_to_the_letter(key: str, name: str, operators: str, channel: str):
    row = PUBLISHED[key]
    assert (row["name"], row["operators"], row["channel"]) == (name, operators, channel)


def test_no_cell_holds_layout():
    for name in ("register.csv", "register_changes.csv", "decisions.csv", "published.csv"):
        for row in read(name):
            assert {cell: printed_cell(cell) for cell in row.values()} == {
                cell: cell for cell in row.values()
            }


def test_register_and_print_say_the_same():
    for key, row in REGISTER.items():
        printed = PUBLISHED[key]
        assert (row["name"], row["operators_printed"], row["channel"]) == (
            printed["name"],
            printed["operators"],
            printed["channel"],
        )


def test_six_makerspaces_have_a_second_name():
    assert {key: row["aliases"] for key, row in REGISTER.items() if row["aliases"]} == {
        "makerspace:1": "内蒙古农牧业电商创业园",
        "makerspace:3": "几字湾众创空间",
        "makerspace:9": "汇德众创空间",
        "makerspace:15": "非遗手工创客空间",
        "makerspace:24": "临河区智慧海天众创空间",
        "makerspace:85": "上海交大包头新材料众创空间",
    }


def test_operators_are_structured_where_the_cell_is_not_one_body():
    assert {
        key: row["operators"].split("|")
        for key, row in REGISTER.items()
        if row["operators"] != row["operators_printed"]
    } == {
        "makerspace:30": ["内蒙古自治区冶金研究院"],
        "makerspace:58": ["包头市石拐区发展改革统计局", "包头市石拐区就业局"],
        "makerspace:81": ["锡林郭勒盟青少年社会服务中心"],
    }


def test_what_names_reads_out_of_the_cells_is_what_is_stored():
    for row in REGISTER.values():
        assert "|".join(aliases_of(row["name"])) == row["aliases"]
        assert "|".join(operators_of(row["operators_printed"]).operators) == row["operators"]
    read_changes = [
        (row["institution"], change.old, change.new, change.effective)
        for row in REGISTER.values()
        for change in operators_of(row["operators_printed"]).changes
    ]
    read_aliases = [
        (row["institution"], alias.operator, alias.alias)
        for row in REGISTER.values()
        for alias in operators_of(row["operators_printed"]).aliases
    ]
    stored = {
        what: [change for change in CHANGES if change["what"] == what]
        for what in ("operator", "operator_alias")
    }
    assert read_changes == [
        (c["institution"], c["old"], c["new"], c["effective"]) for c in stored["operator"]
    ]
    assert read_aliases == [(c["institution"], c["old"], c["new"]) for c in stored["operator_alias"]]
    assert (len(read_changes), len(read_aliases)) == (1, 1)


def test_the_change_of_operator_of_2020_and_the_second_name_of_an_operator_are_history():
    assert [change for change in CHANGES if change["what"] != "note"] == [
        {
            "institution": "nmg-m30",
            "what": "operator_alias",
            "old": "内蒙古自治区冶金研究院",
            "new": "内蒙古自治区冶金产品质量检验所",
            "effective": "",
            "source": "附件2第30号运营机构栏括注",
        },
        {
            "institution": "nmg-m81",
            "what": "operator",
            "old": "锡林郭勒盟青创汇投资咨询有限公司",
            "new": "锡林郭勒盟青少年社会服务中心",
            "effective": "2020",
            "source": "附件2第81号运营机构栏括注",
        },
    ]


def test_every_difference_in_writing_is_noted_and_none_repaired():
    notes: dict[str, list[str]] = {}
    for change in CHANGES:
        if change["what"] == "note":
            assert change["old"] == change["effective"] == ""
            assert change["source"].startswith(("附件1", "附件2", "通知正文"))
            notes.setdefault(change["institution"], []).append(change["new"])
    assert {institution: len(texts) for institution, texts in notes.items()} == {
        "nmg-i05": 1,
        "nmg-i07": 1,
        "nmg-i08": 1,
        "nmg-i09": 2,
        "nmg-i10": 1,
        "nmg-m06": 1,
        "nmg-m07": 1,
        "nmg-m09": 1,
        "nmg-m10": 1,
        "nmg-m12": 1,
        "nmg-m40": 1,
        "nmg-m42": 1,
        "nmg-m43": 1,
        "nmg-m54": 1,
        "nmg-m73": 1,
        "nmg-m78": 1,
        "nmg-m82": 1,
        "nmg-m83": 1,
    }
    for institution in ("nmg-i08", "nmg-m83"):
        assert "苏尼特左期丝梦缘" in notes[institution][0]
        assert "未合并，未改字" in notes[institution][0]
    assert "自治区级" in notes["nmg-i09"][1]
    assert "荒漠治生态修复" in REGISTER["incubator:10"]["operators"]


def test_changes_and_notes_speak_of_institutions_of_the_register():
    assert {change["institution"] for change in CHANGES} <= {row["institution"] for row in REGISTER.values()}


def test_each_entry_is_an_institution_of_its_own():
    assert [row["institution"] for row in REGISTER.values()] == [f"nmg-i{n:02d}" for n in range(1, 16)] + [
        f"nmg-m{n:02d}" for n in range(1, 86)
    ]


def test_two_operators_hold_two_qualifications():
    count = Counter(operator for row in REGISTER.values() for operator in row["operators"].split("|"))
    shared = {operator for operator, n in count.items() if n > 1}
    assert {
        operator: [key for key, row in REGISTER.items() if operator in row["operators"]]
        for operator in shared
    } == {
        "内蒙古儒尚科技发展有限公司": ["makerspace:78", "makerspace:79"],
        "浙江大学包头工业技术研究院": ["incubator:5", "makerspace:82"],
    }


def test_operator_and_institution_may_bear_one_name():
    assert [key for key, row in REGISTER.items() if row["name"] == row["operators"]] == [
        "incubator:3",
        "incubator:5",
        "incubator:8",
        "incubator:15",
        "makerspace:18",
    ]


def test_operators_that_are_no_companies():
    assert [n for n, row in INCUBATORS.items() if "公司" not in row["operators_printed"]] == [
        2,
        5,
        7,
        11,
        12,
        13,
    ]
    assert [n for n, row in MAKERSPACES.items() if "公司" not in row["operators_printed"]] == [
        *(
            6,
            12,
            14,
            16,
            17,
            18,
            20,
            26,
            27,
            30,
            31,
            34,
            36,
            40,
            41,
            46,
            47,
            48,
            53,
            54,
            56,
            58,
            66,
            77,
            80,
            82,
            85,
        )
    ]


def test_the_kind_cannot_be_read_from_the_name():
    assert [n for n, row in MAKERSPACES.items() if "孵化" in row["name"]] == [
        *(5, 6, 9, 20, 36, 49, 50, 58, 65, 71, 73, 74, 81)
    ]
    assert sum("众创空间" in row["name"] for row in MAKERSPACES.values()) == 44
    assert "创客中心" in INCUBATORS[4]["name"]


def test_eight_entries_have_no_known_place():
    assert {
        n: (row["channel"], row["channel_type"]) for n, row in MAKERSPACES.items() if not row["region"]
    } == {
        16: ("内蒙古师范大学", "university"),
        18: ("内蒙古民族大学", "university"),
        20: ("内蒙古农业大学", "university"),
        30: ("科研院所", "research_institute"),
        53: ("直属单位", "affiliated_unit"),
        62: ("直属单位", "affiliated_unit"),
        76: ("直属单位", "affiliated_unit"),
        77: ("高校", "university"),
    }
    assert all(row["region"] for row in INCUBATORS.values())


def test_a_league_or_city_is_channel_and_place_at_once_and_one_city_reports_directly():
    table = load_regions()
    titles = {tile.title: tile.code for tile in table.regions}
    placed = {key: row for key, row in REGISTER.items() if row["region"]}
    assert {key: row["region"] for key, row in placed.items()} == {
        key: titles.get(row["channel"], "150781") for key, row in placed.items()
    }
    assert [key for key, row in placed.items() if row["channel"] not in titles] == ["makerspace:40"]
    assert (MAKERSPACES[40]["channel"], MAKERSPACES[40]["channel_type"]) == ("满洲里", "direct_city")
    assert Counter(row["channel_type"] for row in REGISTER.values()) == {
        "league_city": 91,
        "direct_city": 1,
        "university": 4,
        "research_institute": 1,
        "affiliated_unit": 3,
    }


def test_the_tiles_sum_to_the_hundred_rows():
    table = load_regions()
    count = Counter(table.tile_of(row["region"]).short for row in REGISTER.values())
    assert set(count) == {tile.short for tile in table.tiles}
    assert sum(count.values()) == 100
    assert count["非盟市"] == 8


def test_three_makerspaces_were_pilots():
    assert [key for key, row in REGISTER.items() if row["status"] == "pilot"] == [
        "makerspace:44",
        "makerspace:48",
        "makerspace:54",
    ]
    assert {row["status"] for row in REGISTER.values()} == {"recognised", "pilot"}


def test_nothing_is_stated_that_the_notice_does_not_state():
    for row in REGISTER.values():
        assert row["level"] == row["sub_type"] == row["recognised_in"] == ""
    for key, row in DECISIONS.items():
        assert row["reason"] == ("" if row["outcome"] == "graded" else NOT_STATED), key
    assert {key: row["note"] for key, row in DECISIONS.items() if row["note"]} == {
        "incubator:9": "以自治区级科技企业孵化器资格参加评价"
    }
    settings = tomllib.loads((FOLDER / "round.toml").read_text("utf-8"))
    assert (settings["status"], settings["fictional"], settings["happened"]) == (
        "past",
        False,
        "2021 or later",
    )
    assert "dates" not in settings
    assert "document_number" not in settings


def test_addressees_and_bases_are_those_of_the_notice():
    settings = tomllib.loads((FOLDER / "round.toml").read_text("utf-8"))
    assert settings["addressees"] == [
        "各盟市科技局",
        "满洲里市工信和科技局",
        "二连浩特市教育科技局",
        "各有关单位",
    ]
    assert [(basis["title"], basis["number"]) for basis in settings["bases"]] == [
        ("关于促进民营经济高质量发展若干措施", "内党发〔2018〕23号"),
        ("内蒙古自治区科技企业孵化器绩效评价办法（试行）", "内科发成字〔2020〕3号"),
        ("内蒙古自治区众创空间管理办法（试行）", "内科发成字〔2020〕2号"),
    ]
    assert [kind["code"] for kind in settings["kind"]] == ["incubator", "makerspace"]
    assert "scheme" not in settings["kind"][0]
