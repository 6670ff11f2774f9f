"""Which league or city does a place lie in, and where does its tile stand?

The tiles make a cartogram that follows geography roughly and shows no boundary: it is no map. One more tile
holds the entries that no league or city supervises and whose place is not known: the tiles sum to the table.
"""

import functools
import tomllib
from dataclasses import dataclass
from importlib import resources

_CODE_DIGITS = 6
_PREFECTURE_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One square of the cartogram. `code` is GB/T 2260, None for the tile outside the leagues and cities.

    Columns count from the west, rows from the north, both from 0.
    """

    code: str | None
    title: str
    short: str
    title_en: str
    column: int
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """A city of county rank that reports to the department by itself. `code` is GB/T 2260."""

    code: str
    title: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionTable:
    """The leagues and cities of one province, in the order of their codes, and the tile outside them."""

    code: str
    title: str
    regions: tuple[Tile, ...]
    outside: Tile
    counties: tuple[County, ...] = ()

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """Every tile, the one outside last."""
        return (*self.regions, self.outside)

    def region_of(self, code: str) -> Tile:
        """Return the league or city of a GB/T 2260 code, its own or that of a county in it (150781 → 150700).

        Raises LookupError for a code that lies in none of them, rather than lose an entry from the count.
        """
        if len(code) == _CODE_DIGITS and code.isascii() and code.isdigit():
            for tile in self.regions:
                if tile.code is not None and tile.code[:_PREFECTURE_DIGITS] == code[:_PREFECTURE_DIGITS]:
                    return tile
        raise LookupError(
            f"'{code}' lies in no league or city of {self.title}; give a six-digit code of GB/T 2260"
        )

    def tile_of(self, code: str | None) -> Tile:
        """Return the tile an entry counts in: its league or city, or the one outside for no known place."""
        return self.region_of(code) if code else self.outside


@functools.cache
def load_regions(name: str = "neimenggu") -> RegionTable:
    """Load a shipped table; raise KeyError with the known names if there is none of that name."""
    folder = resources.files("hatchmark.domain") / "data" / "regions"
    names = sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )
    if name not in names:
        raise KeyError(f"no regions '{name}'; there are: {', '.join(names)}")
    data = tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
    return RegionTable(
        code=data["code"],
        title=data["title"],
        regions=tuple(Tile(**region) for region in data["region"]),
        outside=Tile(code=None, **data["outside"]),
        counties=tuple(County(**county) for county in data.get("county", ())),
    )
