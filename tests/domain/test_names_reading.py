import pytest

from hatchmark.domain.names import OperatorAlias, OperatorChange, PrintedOperators, aliases_of, operators_of


@pytest.mark.parametrize(
    ("name", "aliases"),
    [
        ("耕耘众创空间（内蒙古农牧业电商创业园）", ("内蒙古农牧业电商创业园",)),
        ("牧勒·非遗手工创客部落（非遗手工创客空间）", ("非遗手工创客空间",)),
        ("示例空间(示例第二名称)", ("示例第二名称",)),
        ("示例空间（示例（集团）创客园）", ("示例（集团）创客园",)),
        ("示例空间（示例甲园）（示例乙园）", ("示例甲园", "示例乙园")),
        ("示例空间（原创设计工坊）", ("原创设计工坊",)),
        ("示例空间（示例创新创业示范区）", ("示例创新创业示范区",)),
    ],
)
def test_a_trailing_bracket_is_a_second_name(name: str, aliases: tuple[str, ...]):
    assert aliases_of(name) == aliases


@pytest.mark.parametrize(
    "name",
    [
        "中科（包头）众创空间",
        "内蒙古闽融翔实业（集团）有限公司",
        "示例实业（集团）",
        "示例创投中心（有限合伙）",
        "示例众创空间（包头市）",
        "示例众创空间（东胜区）",
        "示例众创空间（二期）",
        "示例孵化器（A座）",
        "示例空间（原示例旧空间）",
        "示例空间（2020年更名为示例新空间）",
        "（示例空间）",
        "示例空间）",
        "示例空间（）",
        "时间的朋友",
        "",
    ],
)
def test_other_brackets_are_no_second_name(name: str):
    assert aliases_of(name) == ()


def test_a_cell_with_one_body_names_one_operator():
    assert operators_of("北斗芯（内蒙古）科技有限公司") == PrintedOperators(
        operators=("北斗芯（内蒙古）科技有限公司",)
    )


def test_bodies_are_joined_by_the_enumeration_comma():
    assert operators_of("包头市石拐区发展改革统计局、包头市石拐区就业局") == PrintedOperators(
        operators=("包头市石拐区发展改革统计局", "包头市石拐区就业局")
    )


def test_a_comma_inside_brackets_joins_nothing():
    assert operators_of("示例研究院（示例甲所、示例乙所）、示例学校") == PrintedOperators(
        operators=("示例研究院", "示例学校"),
        aliases=(OperatorAlias(operator="示例研究院", alias="示例甲所、示例乙所"),),
    )


def test_a_second_name_of_an_operator_is_kept_beside_it():
    assert operators_of("内蒙古自治区冶金研究院（内蒙古自治区冶金产品质量检验所）") == PrintedOperators(
        operators=("内蒙古自治区冶金研究院",),
        aliases=(OperatorAlias(operator="内蒙古自治区冶金研究院", alias="内蒙古自治区冶金产品质量检验所"),),
    )


@pytest.mark.parametrize(
    ("footnote", "effective"),
    [
        ("2020年变更为示例新公司", "2020"),
        ("2020年7月变更为示例新公司", "2020-07"),
        ("2020年7月5日更名为示例新公司", "2020-07-05"),
    ],
)
def test_a_footnote_of_change_gives_the_operator_of_now_and_the_history(footnote: str, effective: str):
    assert operators_of(f"示例旧公司（{footnote}）") == PrintedOperators(
        operators=("示例新公司",),
        changes=(OperatorChange(old="示例旧公司", new="示例新公司", effective=effective),),
    )


def test_a_legal_form_in_brackets_stays_in_the_name():
    assert operators_of("示例创投中心（有限合伙）") == PrintedOperators(
        operators=("示例创投中心（有限合伙）",)
    )


def test_an_empty_cell_has_no_operator():
    assert operators_of("  ") == PrintedOperators(operators=())


def test_names_that_look_alike_stay_two_and_misprints_stay():
    assert operators_of(
        "苏尼特左旗丝梦源孵化器商务有限责任公司、苏尼特左期丝梦缘孵化器商务有限责任公司"
    ).operators == (
        "苏尼特左旗丝梦源孵化器商务有限责任公司",
        "苏尼特左期丝梦缘孵化器商务有限责任公司",
    )
