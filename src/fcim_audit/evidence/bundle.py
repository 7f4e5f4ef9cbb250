"""Knows `bundle.yaml`: who is audited, over which period, and what each evidence file is."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationInfo, field_validator, model_validator

from fcim_audit.datasets import ColumnType, Identifier
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text
from fcim_audit.model import Coverage
from fcim_audit.readers.archive import unpack
from fcim_audit.readers.document import CONTROL_SHEET, SIGNATURE_SHEET, TEXT_SHEET
from fcim_audit.readers.log_formats import FORMATS, KEY_VALUE, is_named
from fcim_audit.yaml_source import Refusal, Source, Strict, read_yaml, validated

BUNDLE_FILE = "bundle.yaml"
TEXT_DATASET = "document_text"
DOCUMENT_SHEETS = {
    "documents": CONTROL_SHEET,
    TEXT_DATASET: TEXT_SHEET,
    "document_signatures": SIGNATURE_SHEET,
}
"""What each of `documents` is read as: dataset and sheet."""
_LOGS = (*FORMATS, KEY_VALUE)
_GLOB = re.compile(r"[*?\[]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?")


class Site(Strict):
    """A place where the organisation works."""

    id: str
    name: str


class Organisation(Strict):
    """Who is audited."""

    name: str
    code: str | None = None
    sites: tuple[Site, ...] = ()


class Period(Strict):
    """The audit period; plain dates mean whole days, both ends included."""

    start: dt.datetime
    end: dt.datetime

    @field_validator("start", "end", mode="before")
    @classmethod
    def _is_a_moment(cls, value: object, info: ValidationInfo) -> object:
        return written_moment(value, end_of_day=info.field_name == "end")

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> Period:
        if self.start > self.end:
            raise Refusal(
                Text("期间的开始晚于结束", "the period starts after its end"),
                Text("检查 start 和 end", "check start and end"),
            )
        return self


HeaderRow = Annotated[int, Field(ge=1)]


class Reading(Strict):
    """How a file is to be read where looking at it does not tell."""

    encoding: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    header_row: HeaderRow | tuple[HeaderRow, ...] | None = None
    null_values: tuple[str, ...] = ()
    datetime: str | None = None
    year: Annotated[int, Field(ge=1970, le=2200)] | None = None
    types: dict[str, ColumnType] = Field(default_factory=dict)
    path: str | None = None

    @property
    def header_rows(self) -> tuple[int, ...]:
        """The declared heading rows, none if they are to be found."""
        if self.header_row is None:
            return ()
        return (self.header_row,) if isinstance(self.header_row, int) else self.header_row


def _demand_inside(value: str) -> PurePosixPath:
    path = PurePosixPath(value.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or re.match(r"^[A-Za-z]:", value):
        raise Refusal(
            Text(f"文件 {value} 不在证据包内", f"the file {value} is not inside the bundle"),
            Text("写成相对于证据包的路径", "write a path relative to the bundle"),
        )
    return path


class EvidenceEntry(Strict):
    """One line of `evidence:`: which files, which dataset, and how headings map to columns."""

    file: str
    member: str | None = None
    sheet: str | None = None
    dataset: Identifier
    coverage: Coverage = Coverage.POPULATION
    population_size: Annotated[int, Field(ge=1)] | None = None
    columns: dict[Identifier, str] = Field(default_factory=dict)
    values: dict[Identifier, dict[str, str]] = Field(default_factory=dict)
    read: Reading = Reading()
    view: str | None = None
    pattern: str | None = None

    @field_validator("file")
    @classmethod
    def _stays_inside(cls, value: str) -> str:
        return str(_demand_inside(value))

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        if value is None or is_named(value):
            return value
        try:
            groups = re.compile(value).groupindex
        except re.error as error:
            raise Refusal(
                Text(
                    f"正则表达式有误：{error}", f"the pattern is not a regular expression: {error}"
                )
            ) from None
        if not groups:
            raise Refusal(
                Text("pattern 里没有命名分组", "the pattern has no named group"),
                Text(
                    f"写成 (?P<列名>…)，或用 {'、'.join(_LOGS)}",
                    f"write (?P<column>...), or one of {', '.join(_LOGS)}",
                ),
            )
        return value


class BundleFile(Strict):
    """The whole of `bundle.yaml`."""

    bundle: Literal["1"]
    organisation: Organisation
    period: Period
    as_of: dt.datetime
    timezone: str = "Asia/Shanghai"
    plan: dict[Identifier, str] = Field(default_factory=dict)
    claimed: dict[str, str] = Field(default_factory=dict)
    evidence: tuple[EvidenceEntry, ...] = ()
    documents: tuple[str, ...] = ()
    signature_roots: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[EvidenceEntry, ...]:
        """All entries: those written out, then the sheets of each of `documents`."""
        made = (
            EvidenceEntry(file=file, sheet=sheet, dataset=dataset, columns={"file": "_file"})
            for file in self.documents
            for dataset, sheet in DOCUMENT_SHEETS.items()
        )
        return (*self.evidence, *made)

    @field_validator("documents", "signature_roots")
    @classmethod
    def _stay_inside(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for file in value:
            _demand_inside(file)
        return value

    @field_validator("as_of", mode="before")
    @classmethod
    def _is_a_moment(cls, value: object) -> object:
        return written_moment(value, end_of_day=True)

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise Refusal(
                Text(f"不认识的时区 {value}", f"unknown time zone {value}"),
                Text("例如 Asia/Shanghai", "for example Asia/Shanghai"),
            ) from None
        return value


def written_moment(value: object, *, end_of_day: bool) -> object:
    """`2026-01-15` or `2026-01-15T18:00` as a moment; a plain day is its start or its end."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if _DAY.fullmatch(text):
        text += "T23:59:59.999999" if end_of_day else "T00:00:00"
    elif not _STAMP.fullmatch(text):
        raise _no_moment(value)
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise _no_moment(value) from None


def _no_moment(value: str) -> Refusal:
    return Refusal(
        Text(f"{value} 不是日期或时间", f"{value} is not a date or time"),
        Text(
            "写成 2026-01-15 或 2026-01-15T18:00，时区另由 timezone 说明",
            "write 2026-01-15 or 2026-01-15T18:00; `timezone` says the zone",
        ),
    )


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle on disk: its declaration and the folder in which its files lie."""

    name: str
    root: Path
    file: BundleFile
    source: Source

    def where(self, number: int, *key: str) -> str:
        """File, line and path of an entry of `file.entries`, or of a key in it."""
        written = len(self.file.evidence)
        if number < written:
            return self.source.where(("evidence", number, *key))
        return self.source.where(("documents", (number - written) // len(DOCUMENT_SHEETS)))

    def files_of(self, entry: EvidenceEntry) -> tuple[Path, ...]:
        """The files an entry names, sorted by name; links and folders are not files."""
        return tuple(path for path, away in self._named(entry) if not away and path.is_file())

    def links_of(self, entry: EvidenceEntry) -> tuple[Path, ...]:
        """What an entry names and nobody follows: links, and files behind a linked folder."""
        return tuple(
            path
            for path, away in self._named(entry)
            if away and (path.is_symlink() or path.is_file())
        )

    def _named(self, entry: EvidenceEntry) -> Iterator[tuple[Path, bool]]:
        """Each path that an entry names, and whether a link on its way leads elsewhere."""
        inside = self.root.resolve()
        globbed = _GLOB.search(entry.file) is not None
        for path in sorted(self.root.glob(entry.file)) if globbed else [self.root / entry.file]:
            yield path, path.is_symlink() or not path.resolve().is_relative_to(inside)


@contextmanager
def open_bundle(path: Path, evidence_root: Path | None = None) -> Iterator[Bundle]:
    """Open a bundle folder, its `bundle.yaml` or a zip of it; raises every mistake at once.

    `evidence_root` is where the files lie if not beside `bundle.yaml`. A zip is unpacked into a
    private temporary folder that goes when the bundle is closed.
    """
    if path.is_file() and path.name != BUNDLE_FILE and zipfile.is_zipfile(path):
        with tempfile.TemporaryDirectory(prefix="fcim-bundle-") as folder:
            unpack(path, Path(folder))
            yield _load(_root_of(Path(folder), path), evidence_root, path.name)
        return
    if path.is_file() and path.name != BUNDLE_FILE:
        raise AuditError(
            Text(
                "不是证据包：既不是文件夹也不是可读的 zip",
                "is not a bundle: neither a folder nor a readable zip",
            ),
            str(path),
            Text(
                f"给出含 {BUNDLE_FILE} 的文件夹或 zip",
                f"name a folder or zip that holds {BUNDLE_FILE}",
            ),
        )
    root = path.parent if path.name == BUNDLE_FILE else path
    if not root.is_dir():
        raise AuditError(
            Text("找不到证据包", "there is no such bundle"),
            str(path),
            Text("检查路径的拼写", "check the spelling of the path"),
        )
    yield _load(root, evidence_root, root.resolve().name)


def _root_of(folder: Path, archive: Path) -> Path:
    found = sorted(folder.glob(BUNDLE_FILE)) or sorted(folder.glob(f"*/{BUNDLE_FILE}"))
    if len(found) != 1:
        raise AuditError(
            Text(
                f"zip 里没有（或不止一个）{BUNDLE_FILE}",
                f"the zip holds no {BUNDLE_FILE}, or several",
            ),
            str(archive),
        )
    return found[0].parent


def _load(root: Path, evidence_root: Path | None, name: str) -> Bundle:
    declaration = root / BUNDLE_FILE
    if not declaration.is_file():
        raise AuditError(
            Text(f"文件夹里没有 {BUNDLE_FILE}", f"the folder holds no {BUNDLE_FILE}"),
            str(root),
            Text(
                f"写一个 {BUNDLE_FILE}，说明各证据文件属于哪个数据集",
                f"write a {BUNDLE_FILE} that says which dataset each evidence file is",
            ),
        )
    source = read_yaml(declaration)
    bundle = Bundle(name, evidence_root or root, validated(BundleFile, source), source)
    raise_all(_missing(bundle))
    return bundle


def _missing(bundle: Bundle) -> Iterator[AuditError]:
    for number, entry in enumerate(bundle.file.entries):
        made = number >= len(bundle.file.evidence) and entry.sheet != CONTROL_SHEET
        if not made and not bundle.files_of(entry) and not bundle.links_of(entry):
            yield AuditError(
                Text(
                    f"证据文件 {entry.file} 不存在",
                    f"the evidence file {entry.file} does not exist",
                ),
                bundle.where(number, "file"),
                Text(
                    "检查文件名；没有这份证据就删去这一条",
                    "check the name; without this evidence remove the entry",
                ),
            )
