"""Where do the rows of a round stand? A tile a league or city, and one for what none of them supervises.

The tiles add up to the table, whatever the table is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hatchmark.domain.regions import RegionTable, Tile, load_regions
from hatchmark.domain.results import Row
from hatchmark.web import charts, words
from hatchmark.web.results import NO_REGION, class_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TileView:
    """One tile with what it counts. `column` and `row` count from 1, as style sheets do."""

    code: str
    name: str
    short: str
    column: int
    row: int
    total: int
    by_kind: tuple[int, ...]
    tint: int
    elsewhere: bool
    drawing: charts.Bar


def table_for(rows: Iterable[Row]) -> RegionTable | None:
    """Return the table that holds every place of the rows; None where it does not, and no tiles are shown."""
    table = load_regions()
    try:
        for row in rows:
            table.tile_of(row.region)
    except LookupError:
        return None
    return table


def roll_up(rows: Iterable[Row], table: RegionTable | None) -> Mapping[str, str]:
    """Return, for each place that is printed in the rows, the league or city that it counts in."""
    if table is None:
        return {}
    return {row.region: table.region_of(row.region).code or NO_REGION for row in rows if row.region}


def tiles(rows: Sequence[Row], *, kinds: Sequence[str], table: RegionTable, language: str) -> list[TileView]:
    """Count the rows into the tiles, in the table's order."""
    by_tile: dict[str | None, list[Row]] = {tile.code: [] for tile in table.tiles}
    for row in rows:
        by_tile[table.tile_of(row.region).code].append(row)
    # The tile outside is no place: it takes no part in which place has the most.
    most = max((len(by_tile[tile.code]) for tile in table.regions), default=0)
    return [
        _view(tile, by_tile[tile.code], kinds=kinds, most=most, language=language) for tile in table.tiles
    ]


def _view(tile: Tile, rows: Sequence[Row], *, kinds: Sequence[str], most: int, language: str) -> TileView:
    return TileView(
        code=tile.code or NO_REGION,
        name=tile.title if language == "zh" else tile.title_en,
        short=_short(tile, language),
        column=tile.column + 1,
        row=tile.row + 1,
        total=len(rows),
        by_kind=tuple(sum(row.key.kind == kind for row in rows) for kind in kinds),
        tint=0 if tile.code is None else charts.tint(len(rows), max(most, 1)),
        elsewhere=tile.code is None,
        drawing=charts.bar((class_of(row) for row in rows), longest=max(len(rows), 1)),
    )


def counted_elsewhere(rows: Iterable[Row], table: RegionTable) -> list[tuple[str, Tile]]:
    """Return what stands by itself in the list and counts under a league or city here: (printed, its tile)."""
    found: dict[str, Tile] = {}
    for row in rows:
        if row.region and row.region != (tile := table.region_of(row.region)).code:
            found.setdefault(row.channel, tile)
    return [(printed, tile) for printed, tile in found.items() if printed != tile.title]


def _short(tile: Tile, language: str) -> str:
    if language == "zh":
        return tile.short
    return (
        words.say(language, "elsewhere_short") if tile.code is None else tile.title_en.removesuffix(" League")
    )
