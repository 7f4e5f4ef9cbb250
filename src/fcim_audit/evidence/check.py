"""Knows the mistakes of a bundle's evidence entries that show before any file is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fcim_audit.datasets import ColumnType, Dataset
from fcim_audit.errors import AuditError, AuditErrors, raise_all
from fcim_audit.evidence.bundle import Bundle, EvidenceEntry
from fcim_audit.evidence.cells import SYSTEMS, has_year
from fcim_audit.evidence.mapping import SPECIAL
from fcim_audit.language import Text
from fcim_audit.readers.log_formats import datetime_of, is_named


def check_entries(bundle: Bundle, datasets: Mapping[str, Dataset]) -> None:
    """Raise every mistake in the entries at once, each with its line."""
    mistakes: list[AuditError] = []
    for number, entry in enumerate(bundle.file.entries):
        if number >= len(bundle.file.evidence) and entry.dataset not in datasets:
            continue
        for key, problem, hint in _mistakes(entry, datasets):
            where = bundle.where(number, *key)
            mistakes.append(AuditError(problem, where, hint))
    mistakes.extend(_roots(bundle))
    raise_all(mistakes)


def _roots(bundle: Bundle) -> Iterator[AuditError]:
    """Root certificates that are not there or are none."""
    if not bundle.file.signature_roots:
        return
    from fcim_audit.readers.base import Unreadable
    from fcim_audit.readers.pdf_signatures import EXTRA, root_certificates

    for number, name in enumerate(bundle.file.signature_roots):
        where = bundle.source.where(("signature_roots", number))
        try:
            for _ in root_certificates(bundle.root / name):
                pass
        except Unreadable as error:
            problem = Text(f"{name}：{error.problem.zh}", f"{name}: {error.problem.en}")
            yield AuditError(problem, where, error.hint)
        except ModuleNotFoundError:
            yield AuditError(
                Text("验证电子签名的附加组件没有安装", "what verifies signatures is not installed"),
                where,
                Text(f'pip install "fcim-audit[{EXTRA}]"', f'pip install "fcim-audit[{EXTRA}]"'),
            )
            return


Mistake = tuple[tuple[str, ...], Text, Text | None]


def _mistakes(entry: EvidenceEntry, datasets: Mapping[str, Dataset]) -> Iterator[Mistake]:
    dataset = datasets.get(entry.dataset)
    if dataset is None:
        known = "、".join(sorted(datasets))
        yield (
            ("dataset",),
            Text(f"不认识的数据集 {entry.dataset}", f"unknown dataset {entry.dataset}"),
            Text(f"可用：{known}", f"use one of {known.replace('、', ', ')}"),
        )
        return
    yield from _names(entry, dataset)
    yield from _words(entry, dataset)
    yield from _reading(entry)
    yield from _pattern(entry)
    if entry.view is not None:
        yield from _view(entry, dataset)


def _names(entry: EvidenceEntry, dataset: Dataset) -> Iterator[Mistake]:
    known = ", ".join(column.name for column in dataset.columns)
    for field, names in (("columns", entry.columns), ("values", entry.values)):
        for name in names:
            if dataset.column(name) is None:
                yield (
                    (field, name),
                    Text(
                        f"数据集 {dataset.name} 没有列 {name}",
                        f"the dataset {dataset.name} has no column {name}",
                    ),
                    Text(f"可用：{known}", f"use one of {known}"),
                )
    for name, heading in entry.columns.items():
        if heading.startswith("_") and heading not in SPECIAL:
            yield (
                ("columns", name),
                Text(f"不认识的特殊名称 {heading}", f"unknown special name {heading}"),
                Text(f"可用：{', '.join(SPECIAL)}", f"use one of {', '.join(SPECIAL)}"),
            )
    yield from _shared_headings(entry)


def _shared_headings(entry: EvidenceEntry) -> Iterator[Mistake]:
    first: dict[str, str] = {}
    for name, heading in entry.columns.items():
        other = first.setdefault(heading, name)
        if other != name:
            yield (
                ("columns", name),
                Text(
                    f"标题 {heading} 同时用于 {other} 和 {name}",
                    f"the heading {heading} serves both {other} and {name}",
                ),
                None,
            )


def _words(entry: EvidenceEntry, dataset: Dataset) -> Iterator[Mistake]:
    for name, words in entry.values.items():
        column = dataset.column(name)
        if column is None or column.type not in {ColumnType.ENUM, ColumnType.BOOL}:
            continue
        known = tuple(column.values) or ("true", "false")
        for word, code in words.items():
            if code not in known:
                yield (
                    ("values", name, word),
                    Text(f"列 {name} 没有取值 {code}", f"the column {name} has no value {code}"),
                    Text(f"可用：{', '.join(known)}", f"use one of {', '.join(known)}"),
                )


def _reading(entry: EvidenceEntry) -> Iterator[Mistake]:
    read = entry.read
    if read.types and entry.view is None:
        yield (
            ("read", "types"),
            Text("read.types 只用于有 view 的条目", "read.types is for entries with a view"),
            Text("没有视图时类型由数据集决定", "without a view the dataset tells the types"),
        )
    form = read.datetime or datetime_of(entry.pattern)
    if form is None:
        return
    problem = _format_mistake(form)
    if problem is not None:
        yield (("read", "datetime"), problem, Text("例如 %d-%m-%Y %H:%M", "such as %d-%m-%Y %H:%M"))
    elif read.year is None and not has_year(form):
        yield (
            ("read", "datetime"),
            Text("时间格式没有年份", "the format has no year"),
            Text("在 read.year 写明年份", "name the year in read.year"),
        )


def _format_mistake(form: str) -> Text | None:
    if form in SYSTEMS:
        return None
    import duckdb

    with duckdb.connect() as connection:
        try:
            connection.execute("SELECT try_strptime('', ?)", [form])
        except duckdb.Error as error:
            reason = str(error).splitlines()[0][:120]
            return Text(f"时间格式有误：{reason}", f"the format is wrong: {reason}")
    return None


def _pattern(entry: EvidenceEntry) -> Iterator[Mistake]:
    if entry.pattern is None or is_named(entry.pattern):
        return
    from fcim_audit.readers.log import pattern_mistake

    problem = pattern_mistake(entry.pattern)
    if problem is not None:
        yield ("pattern",), problem, Text("改写这个表达式", "write it in another way")


def _view(entry: EvidenceEntry, dataset: Dataset) -> Iterator[Mistake]:
    from fcim_audit.evidence import view

    text = entry.view or ""
    if entry.columns:
        yield (
            ("columns",),
            Text("有 view 时不能再写 columns", "an entry with a view has no columns"),
            Text("在视图里用 AS 命名", "name the columns in the view with AS"),
        )
    try:
        tree = view.gate(text, view.used_headings(text))
    except AuditErrors as errors:
        yield from ((("view",), error.problem, error.hint) for error in errors.errors)
        return
    except AuditError as error:
        yield ("view",), error.problem, error.hint
        return
    yield from _outputs([e.alias_or_name for e in tree.expressions], dataset)


def _outputs(names: list[str], dataset: Dataset) -> Iterator[Mistake]:
    known = ", ".join(column.name for column in dataset.columns)
    for name in dict.fromkeys(names):
        if dataset.column(name) is None:
            yield (
                ("view",),
                Text(
                    f"数据集 {dataset.name} 没有列 {name}",
                    f"the dataset {dataset.name} has no column {name}",
                ),
                Text(f"可用：{known}", f"use one of {known}"),
            )
        if names.count(name) > 1:
            yield ("view",), Text(f"视图两次给出 {name}", f"the view yields {name} twice"), None
    for column in dataset.columns:
        if (column.key or column.required) and column.name not in names:
            yield (
                ("view",),
                Text(
                    f"视图没有给出必需的列 {column.name}",
                    f"the view does not yield the required column {column.name}",
                ),
                Text(f"写成 … AS {column.name}", f"write ... AS {column.name}"),
            )
