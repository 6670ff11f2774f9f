"""The databases that compiled schemes are run on: one Spark and one PostgreSQL for all tests of a process."""

import os
import shutil
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def spark() -> Iterator[object]:
    """A Spark of this machine; it starts once."""
    pytest.importorskip("pyspark", reason="the extra is not installed: uv sync --inexact --extra spark")
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        pytest.skip("Spark needs Java: apt-get install default-jre-headless")
    from hatchmark.engines.spark import spark_session

    with pytest.MonkeyPatch.context() as changes:
        # Small tables are compiled longer than they are computed; this Java compiles lightly.
        changes.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        with spark_session() as session:
            yield session


@pytest.fixture(scope="session")
def postgresql(postgres_url) -> Iterator[object]:
    """A connection to a real PostgreSQL, which keeps nothing."""
    import psycopg

    # The same words ask tables of other columns: none of them may be prepared.
    with psycopg.connect(postgres_url, autocommit=True, prepare_threshold=None) as connection:
        yield connection
