"""What the public may read of a corrected notice: each version, marked as it stands now, and each correction."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from hatchmark.db.models import Round
from hatchmark.domain.notices import Paper, ResultNotice, Version
from hatchmark.services.papers import correction_files, notice_of
from hatchmark.services.public import NotPublishedError
from hatchmark.services.publication import correction_of
from hatchmark.services.results import named_versions, published_versions


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVersion:
    """One published version: its notice as it stands now, and the correction that made it (None: the first)."""

    version: Version
    notice: ResultNotice
    correction: Paper | None
    superseded_by: Version | None


def kept_versions(authority_code: str, year: int) -> tuple[KeptVersion, ...]:
    """Return every version of a published notice, the first one first. Raises NotPublishedError."""
    evaluation_round = _round(authority_code, year)
    versions = published_versions(evaluation_round)
    later = [*(each.version for each in versions[1:]), None]
    return tuple(
        KeptVersion(
            version=each.version,
            notice=notice_of(evaluation_round, each.results, version=each.version.number),
            correction=correction_of(evaluation_round, each.version.number)
            if each.version.number > 1
            else None,
            superseded_by=following,
        )
        for each, following in zip(versions, later, strict=True)
    )


def version_numbers(authority_code: str, year: int) -> list[int]:
    """Return the numbers of the versions of a published notice, the first one first. Raises NotPublishedError."""
    return sorted(named_versions(_round(authority_code, year)))


def kept_document(authority_code: str, year: int, name: str) -> bytes:
    """Return a file of a correction or of a superseded notice. Raises NotPublishedError for any other name."""
    evaluation_round = _round(authority_code, year)
    latest = evaluation_round.result_notices.latest("version")
    files = _files(evaluation_round.pk, latest.digest)
    if name not in files:
        raise NotPublishedError(f"{authority_code}/{year}/{name}")
    return files[name]


def _round(authority_code: str, year: int) -> Round:
    found = (
        Round.objects.filter(authority__code=authority_code, year=year, result_notices__isnull=False)
        .select_related("authority")
        .distinct()
        .first()
    )
    if found is None:
        raise NotPublishedError(f"{authority_code}/{year}")
    return found


@lru_cache(maxsize=4)
def _files(round_pk: int, _digest: str) -> Mapping[str, bytes]:
    return correction_files(Round.objects.select_related("authority").get(pk=round_pk))
