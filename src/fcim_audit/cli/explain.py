"""Knows the command `explain`: what a requirement, a kind of check or a dataset is about."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, get_args

import typer

from fcim_audit.checklist.schema import Checklist, Clause, Requirement
from fcim_audit.checks import KINDS, AnyCheck, ManualCheck
from fcim_audit.cli.inputs import checklist_at
from fcim_audit.cli.words import language, said
from fcim_audit.datasets import Dataset
from fcim_audit.errors import UsageError
from fcim_audit.evidence.bundle import BundleFile
from fcim_audit.expression import Moment
from fcim_audit.language import Text
from fcim_audit.moments import moment_of

LIKE = 5
"""How many names a hint offers at most."""

_EXAMPLE_BUNDLE = {
    "bundle": "1",
    "organisation": {"name": "-"},
    "period": {"start": "2025-01-01", "end": "2025-12-31"},
    "as_of": "2026-01-15",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "explain",
        help=said(
            "解释一项要求、一种检查或一个数据集：问什么、要什么证据、用哪条规则。",
            "Explain a requirement, a kind of check or a dataset: what is asked, of what, by which rule.",
        ),
        epilog=said(
            "例：fcim-audit explain 6.3-d --sql · fcim-audit explain lifecycle · fcim-audit explain feedback_tickets",
            "Examples: fcim-audit explain 6.3-d --sql; fcim-audit explain lifecycle; "
            "fcim-audit explain feedback_tickets",
        ),
    )(explain_command)


def explain_command(
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID|KIND|DATASET", help=said("要求编号、检查类型或数据集", "What to explain")
        ),
    ],
    sql: Annotated[
        bool, typer.Option("--sql", help=said("显示将执行的 SQL", "Show the SQL that will run"))
    ] = False,
    checklist: Annotated[
        Path | None, typer.Option(help=said("检查表文件夹", "Folder of a checklist"))
    ] = None,
) -> None:
    """Print what is known of a requirement, a kind of check or a dataset."""
    read = checklist_at(checklist, rules=False)
    for line in _explained(name, read, sql):
        sys.stdout.write(line + "\n")


def _explained(name: str, checklist: Checklist, sql: bool) -> Iterator[str]:
    kinds = {_kind_of(kind): kind for kind in KINDS}
    if name in checklist.requirements:
        yield from _requirement(*checklist.requirements[name], checklist, sql)
    elif name in checklist.datasets:
        yield from _dataset(checklist.datasets[name])
    elif name in kinds:
        yield f"{name}\n"
        yield inspect.getdoc(kinds[name]) or ""
        uses = [
            id_
            for id_, (_, r) in checklist.requirements.items()
            if any(c.kind == name for c in r.checks)
        ]
        yield (
            "\n"
            + said("用于：", "Used by: ")
            + ", ".join(uses[:12])
            + (" …" if len(uses) > 12 else "")
        )
    else:
        raise UsageError(
            Text(f"没有 {name}", f"there is no {name}"), "explain", _hint(name, kinds, checklist)
        )


def _hint(name: str, kinds: Iterable[str], checklist: Checklist) -> Text:
    """What was probably meant, by its name or its title; else what there is."""
    titles = {id_: requirement.title for id_, (_, requirement) in checklist.requirements.items()}
    titles |= {dataset.name: dataset.title for dataset in checklist.datasets.values()}
    asked = name.casefold()
    meant = [
        known
        for known, title in titles.items()
        if asked in title.zh or asked in title.en.casefold() or asked in known
    ]
    meant += [m for m in get_close_matches(asked, [*titles, *kinds], LIKE) if m not in meant]
    if meant:
        names = [
            Text(f"{m}（{titles[m].zh}）", f"{m} ({titles[m].en})") if m in titles else Text(m, m)
            for m in meant[:LIKE]
        ]
        return Text(
            f"是不是 {'、'.join(n.zh for n in names)}",
            f"did you mean {', '.join(n.en for n in names)}",
        )
    return Text(
        f"给出要求编号（如 6.3-d）、检查类型（{'、'.join(kinds)}）或数据集（"
        f"{'、'.join(checklist.datasets)}）",
        f"name a requirement (as 6.3-d), a kind of check ({', '.join(kinds)}) or a dataset "
        f"({', '.join(checklist.datasets)})",
    )


def _kind_of(kind: type[AnyCheck]) -> str:
    return str(get_args(kind.model_fields["kind"].annotation)[0])


def _requirement(
    clause: Clause, requirement: Requirement, checklist: Checklist, sql: bool
) -> Iterator[str]:
    lang = language()
    yield f"{requirement.id}  {requirement.title.said(lang)}"
    yield f"{clause.id} {clause.title.said(lang)} · {requirement.modality} · ×{requirement.weight:g}"
    yield ""
    yield requirement.criterion.said(lang)
    if requirement.interpretation is not None:
        yield said("解释：", "Interpretation: ") + requirement.interpretation.said(lang)
    yield from _guidance(clause, requirement, checklist)
    numbers = {
        "GB/T 19001-2016": clause.references.gbt19001,
        "GB/T 45001-2020": clause.references.gbt45001,
        "ISO/IEC 27001:2022 A": clause.references.iso27001,
    }
    for title, of_title in numbers.items():
        if of_title:
            yield f"{title}: {', '.join(of_title)}"
    moment, _ = moment_of(checklist, BundleFile.model_validate(_EXAMPLE_BUNDLE))
    for check in requirement.checks:
        yield ""
        yield from _check(requirement, check, checklist, moment, sql)


def _guidance(clause: Clause, requirement: Requirement, checklist: Checklist) -> Iterator[str]:
    lang = language()
    guidance = {
        said("索取：", "Ask for: "): requirement.ask_for,
        said("审核问题：", "Question: "): requirement.question,
        said("抽样：", "Sampling: "): requirement.sampling,
        said("不足以证明：", "Not enough: "): requirement.not_enough,
    }
    for label, text in guidance.items():
        if text is not None:
            yield label + text.said(lang)
    for says in clause.lead_in:
        yield said("条款引导句：", "Leading sentence: ") + says.said(lang)
    for note in checklist.head.criteria_notes:
        if note.concerns(clause.id):
            yield f"{note.id}: {note.defect.said(lang)} -> {note.reading.said(lang)}"


def _check(
    requirement: Requirement, check: AnyCheck, checklist: Checklist, moment: Moment, sql: bool
) -> Iterator[str]:
    yield f"[{check.kind}] {requirement.id}.{check.name}"
    if isinstance(check, ManualCheck):
        question = check.question or requirement.question
        if question is not None:
            yield "  " + said("问：", "Ask: ") + question.said(language())
        return
    plan = check.plan(checklist.catalogue, moment)
    for dataset, columns in plan.needs.items():
        title = checklist.datasets[dataset].title.said(language())
        yield f"  {title} ({dataset}): {', '.join(sorted(columns))}"
    for name, value in check.model_dump(
        exclude_defaults=True, exclude={"name", "kind", "title"}
    ).items():
        yield f"  {name}: {_shown(value)}"
    for name in sorted(check.parameters() & set(checklist.head.plan)):
        parameter = checklist.head.plan[name]
        yield f"  ${name} = {parameter.default} — {parameter.title.said(language())}"
    if sql:
        yield ""
        yield plan.summary.sql(dialect="duckdb", pretty=True) + ";"
        yield ""
        yield plan.listing.sql(dialect="duckdb", pretty=True) + ";"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} = {_shown(v)}" for k, v in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(_shown(v) for v in value)
    return " ".join(str(value).split())


def _dataset(dataset: Dataset) -> Iterator[str]:
    lang = language()
    yield f"{dataset.name}  {dataset.title.said(lang)}"
    yield said("来自：", "From: ") + dataset.systems.said(lang)
    yield said("可证明：", "Evidence for: ") + ", ".join(dataset.evidence_for)
    yield ""
    for column in dataset.columns:
        flags = [
            word
            for word, on in (
                (said("主键", "key"), column.key),
                (said("必须", "required"), column.required),
                (said("个人信息", "personal"), column.personal),
            )
            if on
        ]
        unit = f" {column.unit}" if column.unit else ""
        words = f" [{', '.join(flags)}]" if flags else ""
        yield f"  {column.name}: {column.type}{unit}{words}  {column.title.said(lang)}"
        if column.aliases:
            yield "      " + said("标题：", "headings: ") + " / ".join(column.aliases)
        for code, spellings in column.values.items():
            yield f"      {code}: {' / '.join(spellings)}"
