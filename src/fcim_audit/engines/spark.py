"""Knows Apache Spark in local mode: the same tables, the same SQL in its dialect, the same numbers."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sqlglot import exp

from fcim_audit.engines.base import PLACE_BITS, Row, TableFiles
from fcim_audit.errors import AuditError, UsageError
from fcim_audit.language import Text

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_TYPES = {"VARCHAR": "STRING", "TIMESTAMP": "TIMESTAMP_NTZ"}
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
}

_SMALL = 64 * 1024 * 1024
"""Tables of fewer bytes in all: planning and compiling a query costs more than running it as it stands."""
_BY_SIZE = {
    "spark.sql.adaptive.enabled": ("false", "true"),
    "spark.sql.codegen.wholeStage": ("false", "true"),
    "spark.sql.shuffle.partitions": ("1", "2"),
}
"""Settings for small tables and for others."""


class SparkEngine:
    """A local Spark session; only SELECTs that the checklist's gate let through reach it."""

    name = "spark"
    dialect = "spark"

    def __init__(self, workspace: Path) -> None:
        """Start, or join, the session of this process; Spark keeps its own temporary folder."""
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise UsageError(
                Text("没有安装 Spark 引擎", "the Spark engine is not installed"),
                "--engine spark",
                Text(
                    "pip install 'fcim-audit[spark]'，并安装 Java 17",
                    "pip install 'fcim-audit[spark]', and Java 17",
                ),
            ) from None
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.master("local[2]").appName("fcim-audit")
        builder = builder.config(
            "spark.sql.warehouse.dir", str(Path(tempfile.gettempdir()) / "fcim-spark-warehouse")
        )
        for name, value in _SETTINGS.items():
            builder = builder.config(name, value)
        try:
            self._session: SparkSession = builder.getOrCreate()
        except Exception as error:  # the JVM's failures have no common class
            raise AuditError(
                Text("Spark 无法启动", "Spark can't start"),
                "--engine spark",
                Text(
                    "检查 Java 17 是否可用（java -version）",
                    "check that Java 17 is there (java -version)",
                ),
            ) from error

    def load(self, tables: Sequence[TableFiles], columns: Mapping[str, Mapping[str, str]]) -> None:
        """Every table as a temporary view over its Parquet files, or an empty one."""
        files = {table.name: table.files for table in tables}
        small = sum(file.stat().st_size for of in files.values() for file, _ in of) < _SMALL
        for setting, (for_small, for_others) in _BY_SIZE.items():
            self._session.conf.set(setting, for_small if small else for_others)
        for name, types in columns.items():
            spelled = ", ".join(f"`{c}` {_TYPES.get(t, t)}" for c, t in types.items())
            nulls = ", ".join(
                f"CAST(NULL AS {_TYPES.get(t, t)}) AS `{c}`" for c, t in types.items()
            )
            frame = self._session.sql(f"SELECT {nulls} WHERE FALSE")
            for file, first_part in files.get(name, ()):
                read = self._session.read.schema(spelled).parquet(str(file))
                read = read.selectExpr(
                    *(f"`{c}`" for c in types if c != "_place"),
                    f"`_place` + {first_part << PLACE_BITS}L AS `_place`",
                )
                frame = frame.unionByName(read)
            frame.createOrReplaceTempView(name)
            if small and name in files:
                self._session.catalog.cacheTable(name)

    def rows(self, sql: str) -> list[Row]:
        """All rows of a query; raises AuditError if it can't run."""
        try:
            return [tuple(row) for row in self._session.sql(sql).collect()]
        except Exception as error:  # py4j and Spark raise what they like
            first = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise AuditError(
                Text(f"SQL 无法在 Spark 上执行：{first}", f"the SQL can't run on Spark: {first}"),
                hint=Text("修正检查表中的表达式", "mend the expression in the checklist"),
            ) from error

    def sql(self, query: exp.Select) -> str:
        """The query in Spark's dialect."""
        return spelled(query)

    def __enter__(self) -> Self:
        """Start: nothing to do, the session is there."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Forget the tables; the session ends with the process."""
        self._session.catalog.clearCache()
        for table in self._session.catalog.listTables():
            self._session.catalog.dropTempView(table.name)


def spelled(query: exp.Select) -> str:
    """A query in Spark's dialect."""
    return _apart(query.transform(_in_spark)).sql(dialect=SparkEngine.dialect, pretty=True)


def _apart(query: exp.Expr) -> exp.Expr:
    """Shared subqueries named apart: this dialect has them all at the top, one name once."""
    for number, shared in enumerate(list(query.find_all(exp.With))):
        names = {cte.alias for cte in shared.expressions}
        assert shared.parent is not None
        for table in list(shared.parent.find_all(exp.Table)):
            if table.name in names:
                if not table.alias:
                    table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
                table.set("this", exp.to_identifier(f"{table.name}_{number}"))
        for cte in shared.expressions:
            cte.args["alias"].set("this", exp.to_identifier(f"{cte.alias}_{number}"))
    return query


def _in_spark(node: exp.Expr) -> exp.Expr:
    """What the dialects spell differently and the transpiler does not know."""
    if isinstance(node, exp.Anonymous) and str(node.this).upper() == "EPOCH_US":
        stamp = exp.cast(node.expressions[0].copy().transform(_in_spark), "TIMESTAMPLTZ")
        return exp.Anonymous(this="UNIX_MICROS", expressions=[stamp])
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.TIMESTAMP:
        return exp.DataType.build("TIMESTAMPNTZ")
    return node
