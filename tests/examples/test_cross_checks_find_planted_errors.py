"""What the cross-checks find of errors planted in demo-2025's papers, and whom they trouble without cause.

The bounds were set while seeds 1 to 10 and 101 to 110 were looked at; 2001 and on are held out. The numbers are
printed.
"""

import sys
from collections import Counter

import pytest
from planted_errors import EACH, PLANTS, clean_world, flags_of, plant

HELD_OUT = range(2001, 2011)


def say(line: str) -> None:
    """Print a number that was measured, for who runs this with `-s`."""
    sys.stdout.write(f"{line}\n")


def outcome(seed: int):
    """Return what was planted and missed, and who of the clean is flagged."""
    desks = clean_world(seed)
    planted, clean = plant(desks, seed)
    flags = flags_of(desks)
    missed = [each for each in planted if not any(each.found_by(flag) for flag in flags[each.entry])]
    troubled = [entry for entry in clean if any(flag.needs_a_word for flag in flags[entry])]
    return planted, missed, clean, troubled


@pytest.mark.parametrize("seed", [2, 2001])
def test_of_a_hundred_errors_of_ten_kinds_at_least_98_are_flagged(seed):
    planted, missed, clean, troubled = outcome(seed)
    ten_kinds = [each for each in planted if each.kind != "gap"]
    lost = [each for each in missed if each.kind != "gap"]
    say(
        f"seed {seed}: {len(ten_kinds) - len(lost)} of {len(ten_kinds)}; clean flagged {len(troubled)} of {len(clean)}"
    )

    assert Counter(each.kind for each in planted) == dict.fromkeys(PLANTS, EACH)
    assert len(ten_kinds) == 100
    assert len(lost) <= 2, lost
    assert len(troubled) * 20 <= len(clean)


def test_over_ten_worlds_that_were_held_out_the_share_stays():
    results = [outcome(seed) for seed in HELD_OUT]
    planted = Counter(each.kind for done in results for each in done[0])
    missed = Counter(each.kind for done in results for each in done[1])
    clean, troubled = (sum(len(done[part]) for done in results) for part in (2, 3))
    say(f"held out: {planted.total() - missed.total()} of {planted.total()}, missed {dict(missed)}; "
          f"clean flagged {troubled} of {clean}")  # fmt: skip

    assert missed.total() * 50 <= planted.total()
    assert troubled * 20 <= clean


def test_the_papers_without_errors_raise_nothing_that_wants_a_word():
    flags = flags_of(clean_world(2))

    assert len(flags) > 90
    assert [entry for entry, each in flags.items() if any(flag.needs_a_word for flag in each)] == []


def test_a_rougher_year_troubles_more_people_which_is_said():
    # Growth from −45 % to +80 % instead of −22 % to +38 %: what the bounds do when a year is not ordinary.
    flags = flags_of(clean_world(2, growth=(550, 1800)))
    troubled = [entry for entry, each in flags.items() if any(flag.needs_a_word for flag in each)]
    say(f"rough year: {len(troubled)} of {len(flags)} flagged")

    assert 0 < len(troubled) < len(flags)
