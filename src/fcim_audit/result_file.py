"""Knows a result JSON as it is read back: guarded, its version demanded, only what leads to evidence."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from fcim_audit.errors import AuditError
from fcim_audit.language import Text
from fcim_audit.model import (
    Comparator,
    ExceptionRow,
    Figure,
    Place,
    SheetSource,
    SourceCell,
    SourceColumn,
    Status,
    Target,
    Verdict,
)

MAX_BYTES = 512 * 1024 * 1024
VERSION = "fcim-audit/result/1"
_HINT = Text(
    "给出 evaluate --format json:结果.json 写出的文件",
    "name a file that `evaluate --format json:FILE` wrote",
)


class _Read(BaseModel):
    """Base of what is read back: frozen; what later versions add is left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class ToldCell(_Read):
    """A cell beside an exception."""

    column: str
    heading: str
    cell: str | None
    text: str | None


class ToldPlace(_Read):
    """An exception's place, its cells and the values shown beside it."""

    file: str
    sheet: str | None
    row: int | None
    key: str
    why: str
    unknown: bool
    values: dict[str, str | int | None]
    cell: str | None = None
    cells: tuple[ToldCell, ...] = ()

    @property
    def exception(self) -> ExceptionRow:
        """The same in the audit's own words."""
        cells = tuple(SourceCell(c.column, c.heading, c.cell, c.text) for c in self.cells)
        place = Place(self.file, self.sheet, self.row or 0)
        return ExceptionRow(place, self.key, self.why, self.unknown, self.values, cells, self.cell)


class ToldExceptions(_Read):
    """How many exceptions there are, and where."""

    count: int
    places: tuple[ToldPlace, ...]


class ToldPart(_Read):
    """A column that a view's column is made of."""

    heading: str
    letter: str | None


class ToldColumn(_Read):
    """A column that a check read."""

    heading: str
    letter: str | None
    parts: tuple[ToldPart, ...] = ()


class ToldSource(_Read):
    """A sheet that a figure was made of."""

    dataset: str
    file: str
    sha256: str
    sheet: str | None
    range: str | None
    first_row: int | None
    last_row: int | None
    rows: int
    left_out: int
    columns: dict[str, ToldColumn]

    @property
    def source(self) -> SheetSource:
        """The same in the audit's own words."""
        columns = tuple(
            SourceColumn(name, c.heading, c.letter, tuple((p.heading, p.letter) for p in c.parts))
            for name, c in self.columns.items()
        )
        return SheetSource(
            self.dataset, self.file, self.sha256, self.sheet, self.range, self.first_row,
            self.last_row, self.rows, self.left_out, columns,
        )  # fmt: skip


class ToldFigure(_Read):
    """A measured value, rounded as the result tells it."""

    value: float | int | None
    unit: str

    @property
    def figure(self) -> Figure:
        """The same in the audit's own words."""
        return Figure(None if self.value is None else Fraction(str(self.value)), self.unit)


class ToldTarget(_Read):
    """A threshold."""

    op: Comparator
    value: float | int

    @property
    def target(self) -> Target:
        """The same in the audit's own words."""
        return Target(self.op, Fraction(str(self.value)))


class ToldCheck(_Read):
    """One check's figure; `sources` is None where an older version wrote the result."""

    id: str
    kind: str
    verdict: Verdict
    measured: ToldFigure
    target: ToldTarget | None
    numerator: int | None
    denominator: int | None
    exceptions: ToldExceptions
    notes: tuple[Text, ...]
    sql: str | None
    sources: tuple[ToldSource, ...] | None = None


class ToldRequirement(_Read):
    """A requirement with its checks."""

    id: str
    title: Text
    status: Status
    checks: tuple[ToldCheck, ...]


class ResultFile(_Read):
    """What of a result leads back to evidence."""

    schema_: Literal["fcim-audit/result/1"]
    as_of: str
    requirements: tuple[ToldRequirement, ...]

    model_config = ConfigDict(
        frozen=True, extra="ignore", allow_inf_nan=False, alias_generator=lambda n: n.rstrip("_")
    )

    def checks(self, name: str) -> Iterator[ToldCheck]:
        """The check of that id, or all checks of the requirement of that id."""
        for requirement in self.requirements:
            for check in requirement.checks:
                if name in {requirement.id, check.id}:
                    yield check


class _Versioned(_Read):
    schema_: str

    model_config = ConfigDict(extra="ignore", alias_generator=lambda n: n.rstrip("_"))


def read_result(path: Path) -> ResultFile:
    """Read a result JSON; raises AuditError where it is none, too large, or of another version."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _unusable(path, Text("超过 512 MiB", "is larger than 512 MiB"))
        data = path.read_bytes()
    except OSError as error:
        why = Text(f"读不了：{error.strerror}", f"can't be read: {error.strerror}")
        raise _unusable(path, why) from None
    try:
        found = _Versioned.model_validate_json(data).schema_
        if found != VERSION:
            raise _unusable(
                path,
                Text(f"是 {found[:60]}，不是 {VERSION}", f"is {found[:60]}, not {VERSION}"),
            )
        return ResultFile.model_validate_json(data)
    except ValidationError as error:
        raise _unusable(path, _first(error)) from None


def _first(error: ValidationError) -> Text:
    """The first thing that is wrong, without what stands there."""
    found = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in found["loc"])
    said = f"{where}: {found['msg']}" if where else found["msg"]
    return Text(f"不是结果 JSON（{said}）", f"is not a result JSON ({said})")


def _unusable(path: Path, why: Text) -> AuditError:
    return AuditError(why, str(path), _HINT)
