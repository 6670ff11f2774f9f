"""The Spark engine: a TABLE file in, the result TABLE out, computed by a local Spark with the digits of the reference.

Parquet is read by Spark itself. Any other TABLE is first put into a Parquet file of text, by the reader that the DuckDB
engine has; what is computed is written by its writer. So Spark only does what Spark is for.
"""

import logging
import os
import shutil
import signal
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from subprocess import STDOUT, Popen, TimeoutExpired

import pyspark
from py4j.protocol import Py4JJavaError
from pyspark.conf import SparkConf
from pyspark.core.context import SparkContext
from pyspark.errors import PySparkException, PySparkRuntimeError
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession
from pyspark.sql.functions import col
from sqlglot import exp

from hatchmark.documents.parquet import literal, locked_connection, write_parquet
from hatchmark.documents.score_tables import written_whole
from hatchmark.domain.folder_errors import FolderError, Place
from hatchmark.domain.scheme import Scheme
from hatchmark.engines.dialects import Dialect, printed
from hatchmark.engines.file_run import FileRun, Scored, check_files, open_tables
from hatchmark.engines.result_files import write_result
from hatchmark.engines.sql import Plan
from hatchmark.engines.sql_reading import RawColumn, RawType, read_entries, read_roster
from hatchmark.engines.table_source import TableSource

_MEMORY = "2g"
_MEMORY_OF_DUCKDB = "1GB"
_MOST_THREADS = 4
_SECONDS_TO_END = 30
_UNREADABLE = ("[FAILED_READ_FILE", "[PARQUET_")
_MOST_TOLD = 1_000

_RULES = {
    # What overflows fails, instead of wrapping round or becoming NULL.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.enforceReservedKeywords": "false",
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    # Plans are long; nobody reads them.
    "spark.sql.maxPlanStringLength": "1000",
    "spark.sql.debug.maxToStringFields": "5",
}
"""What a calculation rests on, whatever session it runs in."""

_LOG = """
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c{1}: %m%n
"""


def score_file(
    scheme: Scheme,
    *,
    data: Path,
    roster: Path | None = None,
    out: Path,
    session: SparkSession | None = None,
) -> Scored:
    """Score a TABLE (.csv, .xlsx, .parquet) and write the result TABLE by the ending of `out`.

    Without a `session` a Spark of this process and machine is started, and ended afterwards; a given one has to see
    the same folders. Raises FolderErrors that name every cell that cannot be, as the reference engine does (of very
    many bad rows the first 1,000), or that say what Spark needs; then nothing is written.
    """
    check_files(scheme, data=data, roster=roster, out=out)
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hatchmark-")))
        to = stack.enter_context(written_whole(out))
        connection = stack.enter_context(
            locked_connection(
                [work, to.parent],
                files=[data, *([roster] if roster else [])],
                memory=_MEMORY_OF_DUCKDB,
                threads=min(_MOST_THREADS, os.cpu_count() or 1),
            )
        )
        # What can be said without Spark is said before it starts.
        source, rows = open_tables(connection, scheme, data=data, roster=roster, work=work)
        session = session or stack.enter_context(spark_session())
        run = _Run(scheme, source, rows, session=session, work=work)
        plan = run.computed()
        return write_result(connection, plan, relation=run.graded(plan), to=to, out=out)


# ---- one run ----------------------------------------------------------------------------------------------


class _Run(FileRun):
    """Scores one file in Spark. Each table lies in a folder of Parquet files, with `place` in the order of the file."""

    dialect = Dialect.SPARK

    def __init__(
        self,
        scheme: Scheme,
        data: TableSource,
        roster: TableSource | None,
        *,
        session: SparkSession,
        work: Path,
    ) -> None:
        super().__init__(scheme, data, roster)
        # Names and settings of its own: those of the caller stay as they are.
        self._session = session.newSession()
        for name, value in _RULES.items():
            self._session.conf.set(name, value)
        self._work = work
        self._made = 0
        self._read_from: dict[str, Path] = {}
        self._folders: dict[str, Path] = {}

    def every(self, sql: str) -> Iterator[Sequence[object]]:
        """Yield the rows of an answer, which may be long."""
        yield from self._session.sql(sql).toLocalIterator()

    def ask(self, sql: exp.Expr | str) -> list[Sequence[object]]:
        """Return the rows of an answer, which is short, in one go."""
        return list(self._session.sql(sql if isinstance(sql, str) else printed(sql, self.dialect)).collect())

    def is_unreadable(self, error: Exception) -> bool:
        """Say whether Spark cannot read a Parquet file that DuckDB may: another packing, an unknown type."""
        # Of what fails while a table is written Spark's own error is not always told apart from Java's.
        told = str(error)[:_MOST_TOLD] if isinstance(error, PySparkException | Py4JJavaError) else ""
        return any(condition in told for condition in _UNREADABLE)

    def read(self, plan: Plan, *, with_roster: bool) -> None:
        """Make `entries` and `rows`."""
        raw = self._open(self.data, "raw_data")
        self.make(
            "entries", printed(read_entries(plan, raw, relation="raw_data", keep=["place"]), self.dialect)
        )
        if self.roster is not None and with_roster:
            raw = self._open(self.roster, "raw_roster")
            self.make(
                "rows", printed(read_roster(plan, raw, relation="raw_roster", keep=["place"]), self.dialect)
            )

    def score(self, plan: Plan) -> None:
        """Make `scored`."""
        text = printed(plan.scored(entries="entries", roster="rows", keep=["flag", "place"]), self.dialect)
        columns = ", ".join(
            f"CAST({name} AS BIGINT) AS {name}" if name in (*plan.points, "total") else name
            for name in (*plan.passed_on, "flag", "place")
        )
        self.make("scored", f"SELECT {columns} FROM ({text})")  # noqa: S608

    def graded(self, plan: Plan) -> str:
        """Return the relation of `Plan.graded` for DuckDB, in the order of the file."""
        self.make("totals", printed(plan.ranked(scored="scored"), self.dialect))
        self.make(
            "graded", printed(plan.graded(scored="scored", totals="totals", keep=["place"]), self.dialect)
        )
        files = sorted(self._folders["graded"].glob("*.parquet"))
        listed = ", ".join(literal(str(file)) for file in files)
        self.data.connection.execute(
            f"CREATE TEMP TABLE graded AS SELECT * FROM read_parquet([{listed}]) ORDER BY place"  # noqa: S608
        )
        return "graded"

    def make(self, name: str, sql: str) -> None:
        """Put the answer to a question into a folder of Parquet files, in place of the one of that name."""
        before = self._folders.get(name)
        self._made += 1
        folder = self._work / f"{name}-{self._made}"
        found = self._session.sql(sql)
        found.write.parquet(_hadoop(folder))
        self._session.read.schema(found.schema).parquet(_hadoop(folder)).createOrReplaceTempView(name)
        self._folders[name] = folder
        if before is not None:
            shutil.rmtree(before, ignore_errors=True)

    def _open(self, source: TableSource, name: str) -> dict[str, RawColumn]:
        """Let Spark read a TABLE by a generated name; return its columns by their headers."""
        file = source.parquet or self._as_parquet(source)
        frame = self._session.read.parquet(_hadoop(file))
        columns = [
            col("`" + header.replace("`", "``") + "`").alias(raw.name)
            for header, raw in zip(frame.columns, source.types, strict=True)
        ]
        frame.select(*columns, col("_metadata.row_index").alias("place")).createOrReplaceTempView(
            f"{name}_cells"
        )
        cells = ", ".join(
            f"NULLIF({raw.name}, '') AS {raw.name}" if raw.type is RawType.TEXT else raw.name
            for raw in source.types
        )
        self._session.sql(f"SELECT {cells}, place FROM {name}_cells").createOrReplaceTempView(name)  # noqa: S608
        return source.raw()

    def _as_parquet(self, source: TableSource) -> Path:
        """Return a TABLE as a Parquet file of text, in the order of its rows."""
        file = source.path.with_name(f"{source.name}{'.plain' if source.plain else ''}.parquet")
        file = source.work / file.name
        if not file.exists():
            write_parquet(source.connection, f"SELECT * FROM {source.relation}", file)  # noqa: S608
        return file


def _hadoop(path: Path) -> str:
    """Return a path of this machine, whatever file system Spark takes for the usual one."""
    return f"file:{path}"


# ---- a Spark of this machine ------------------------------------------------------------------------------


@contextmanager
def spark_session() -> Iterator[SparkSession]:
    """Yield a Spark on all processors of this machine; afterwards nothing of it is left, not even its process.

    It opens no page, listens on the loopback address alone, and says nothing. Raises FolderError, which says what to
    do, where Java is missing or too old.
    """
    with warnings.catch_warnings():
        # Spark loads it as soon as it is asked something, and it has its opinion of other packages that are there.
        warnings.simplefilter("ignore")
        import_module("pyspark.testing.utils")
    with tempfile.TemporaryDirectory(prefix="hatchmark-spark-") as folder, _as_it_was():
        work = Path(folder)
        log = work / "log"
        _set_environment(work)
        with log.open("wb") as stream, _gateway(_settings(work), log, stream.fileno()) as gateway:
            context = SparkContext(conf=_settings(work), gateway=gateway)
            session = SparkSession(context)
            try:
                yield session
            finally:
                session.stop()


def _settings(work: Path) -> SparkConf:
    settings = SparkConf(loadDefaults=False)
    java = ["-XX:-UsePerfData", f"-Djava.io.tmpdir={work}", "-Duser.timezone=UTC", "-Dfile.encoding=UTF-8"]
    for name, value in {
        **_RULES,
        "spark.app.name": "hatchmark",
        "spark.master": "local[*]",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.authenticate": "true",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": _MEMORY,
        "spark.driver.extraJavaOptions": " ".join(f'"{each}"' for each in java),
        "spark.local.dir": str(work),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": _hadoop(work / "warehouse"),
        "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
        "spark.hadoop.fs.defaultFS": "file:///",
    }.items():
        settings.set(name, value)
    return settings


def _set_environment(work: Path) -> None:
    """Let no setting of the caller's shell decide which Spark computes, and how."""
    _require_java()
    for name in [*os.environ]:
        if name.startswith(("SPARK_", "PYSPARK_", "_PYSPARK_")) or name in (
            "HADOOP_CONF_DIR",
            "YARN_CONF_DIR",
        ):
            del os.environ[name]
    settings = work / "conf"
    settings.mkdir()
    (settings / "log4j2.properties").write_text(_LOG, "utf-8")
    os.environ |= {
        "SPARK_HOME": str(Path(pyspark.__file__).parent),
        "SPARK_CONF_DIR": str(settings),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LAUNCHER_OPTS": "-XX:-UsePerfData",
    }


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if found is None:
        where = f"in JAVA_HOME ({home})" if home else "on the search path, and JAVA_HOME is not set"
        raise _not_startable(f"Spark needs Java, and there is none {where}")


def _not_startable(problem: str) -> FolderError:
    return FolderError(
        Place("--engine spark"),
        problem=problem,
        remedy="install Java 17 or newer (Debian/Ubuntu: apt-get install default-jre-headless), or use --engine duckdb",
    )


@contextmanager
def _gateway(settings: SparkConf, log: Path, stream: int) -> Iterator[object]:
    """Start Java; end it afterwards and wait until it is gone."""
    try:
        gateway = launch_gateway(settings, popen_kwargs={"stdout": stream, "stderr": STDOUT})
    except PySparkRuntimeError as error:
        raise _not_startable(f"Java did not start ({_told_in(log) or error})") from error
    try:
        yield gateway
    finally:
        gateway.shutdown()
        _end(gateway.proc)


def _told_in(log: Path) -> str:
    """Return the line of a log that says most about a failure: the first that names an error, else the first."""
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    named = [line for line in lines if "Error" in line or "Exception" in line]
    return (named or lines or [""])[0][:200]


def _end(process: "Popen[bytes]") -> None:
    if process.stdin is not None:
        # Java ends when its input does.
        process.stdin.close()
    try:
        process.wait(_SECONDS_TO_END)
    except TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def _as_it_was() -> Iterator[None]:
    """Take back what starting a Spark changes in this process."""
    environment, path = dict(os.environ), list(sys.path)
    interrupt = signal.getsignal(signal.SIGINT)
    # Of a failed statement it would print the whole inner story; its error says what is needed.
    logger = logging.getLogger("SQLQueryContextLogger")
    silent, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = silent
        if interrupt is not None and signal.getsignal(signal.SIGINT) is not interrupt:
            signal.signal(signal.SIGINT, interrupt)
        SparkContext._gateway = SparkContext._jvm = None
        sys.path[:] = path
        os.environ.clear()
        os.environ.update(environment)
