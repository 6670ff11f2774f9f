import pytest

from hatchmark.domain.regions import load_regions


def test_the_nine_cities_and_three_leagues_stand_in_the_order_of_their_codes():
    assert [(tile.code, tile.title) for tile in load_regions().regions] == [
        ("150100", "呼和浩特市"),
        ("150200", "包头市"),
        ("150300", "乌海市"),
        ("150400", "赤峰市"),
        ("150500", "通辽市"),
        ("150600", "鄂尔多斯市"),
        ("150700", "呼伦贝尔市"),
        ("150800", "巴彦淖尔市"),
        ("150900", "乌兰察布市"),
        ("152200", "兴安盟"),
        ("152500", "锡林郭勒盟"),
        ("152900", "阿拉善盟"),
    ]


def test_no_two_tiles_share_a_place():
    places = [(tile.column, tile.row) for tile in load_regions().tiles]
    assert len(places) == len(set(places)) == 13


def test_the_tiles_follow_geography_roughly():
    tile = {tile.short: tile for tile in load_regions().regions}

    def from_west(*names: str) -> None:
        columns = [tile[name].column for name in names]
        assert columns == sorted(set(columns))

    def from_north(*names: str) -> None:
        rows = [tile[name].row for name in names]
        assert rows == sorted(set(rows))

    from_west("阿拉善", "巴彦淖尔", "包头", "乌兰察布", "锡林郭勒", "通辽")
    from_west("乌海", "鄂尔多斯", "呼和浩特", "赤峰", "通辽")
    from_north("呼伦贝尔", "兴安", "通辽")
    from_north("锡林郭勒", "赤峰")
    from_north("包头", "鄂尔多斯")
    assert min(load_regions().regions, key=lambda tile: tile.column).title == "阿拉善盟"
    assert min(load_regions().regions, key=lambda tile: tile.row).title == "呼伦贝尔市"


@pytest.mark.parametrize(
    ("code", "title"),
    [("150700", "呼伦贝尔市"), ("150781", "呼伦贝尔市"), ("152501", "锡林郭勒盟"), ("150603", "鄂尔多斯市")],
)
def test_a_county_lies_in_its_league_or_city(code: str, title: str):
    assert load_regions().region_of(code).title == title
    assert load_regions().tile_of(code).title == title


@pytest.mark.parametrize(
    "code", ["", "1507", "110000", "150000", "152100", "15078a", "1507811", "１５０７８１"]
)
def test_a_code_that_lies_nowhere_is_refused(code: str):
    with pytest.raises(LookupError, match="lies in no league or city of 内蒙古自治区"):
        load_regions().region_of(code)


@pytest.mark.parametrize("code", [None, ""])
def test_an_unknown_place_counts_outside(code: str | None):
    assert load_regions().tile_of(code) == load_regions().outside
    assert load_regions().outside.title == "非盟市主管部门"


def test_an_unknown_table_is_refused_with_the_known_ones():
    with pytest.raises(KeyError, match="no regions 'atlantis'; there are: neimenggu"):
        load_regions("atlantis")
