"""Knows what stands behind a finding: failed checks and named evidence as counted instances with places.

Keys and values of rows are left out, they may name persons; only what a checklist itself expects and
does not find is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from fcim_audit.auditfile.schema import EvidenceKind, EvidenceRef, FindingPlace, Instance
from fcim_audit.auditfile.standing import Standing
from fcim_audit.language import Lang, Text
from fcim_audit.model import Status, Verdict
from fcim_audit.spans import SECOND, Span
from fcim_audit.told import ToldCheck, ToldFigure, ToldPlace

MOST_PLACES = 20
_MOST_NAMED = 10
_MOST_LETTERS = 3500
_CELL = re.compile(r"^(?:(?P<sheet>[^!]+)!)?(?P<cell>[A-Za-z]{1,3}\d{1,7})$")
_ROW = re.compile(
    r"^(?:(?P<sheet>[^!]+)!)?(?:row|行|第)?\s*(?P<row>[1-9]\d{0,8})\s*行?$", re.IGNORECASE
)
_OPERATORS = {">=": "≥", "<=": "≤"}


def instances_of(
    item: Standing, hashes: Mapping[str, str], lang: Lang, site: str | None = None
) -> Iterator[Instance]:
    """An instance for each check that failed; without one, what the judgement names as evidence.

    An opportunity for improvement has no failed check: the figures that the judgement names are told.
    """
    checks = () if item.proposal is None else item.proposal.checks
    failed = [check for check in checks if check.verdict is Verdict.FAIL]
    shown = failed or _figures_named(item, checks)
    for check in shown:
        yield Instance(
            requirement=item.id, check=check.id, says=_figures(check).said(lang)[:_MOST_LETTERS],
            count=check.exceptions.count, population=check.denominator, site=site,
            places=tuple(_places(check.exceptions.places, hashes)),
        )  # fmt: skip
    entry = item.entry
    own = () if entry is None else tuple(e for e in entry.evidence if e.kind is not _CHECK)
    if own or not shown:
        said = "；" if lang is Lang.ZH else "; "
        words = said.join(
            [*([] if entry is None or entry.note is None else [entry.note]), *map(str, own)]
        )
        yield Instance(
            requirement=item.id, says=(words or item.id)[:_MOST_LETTERS], site=site,
            places=tuple(place_of(e) for e in own if e.kind is EvidenceKind.FILE),
        )  # fmt: skip


def _figures_named(item: Standing, checks: Iterable[ToldCheck]) -> list[ToldCheck]:
    named = {e.ref for e in (() if item.entry is None else item.entry.evidence) if e.kind is _CHECK}
    measured = [c for c in checks if c.measured.value is not None and c.target is not None]
    return [c for c in measured if c.id in named and item.status is Status.OFI]


_CHECK = EvidenceKind.CHECK


def place_of(ref: EvidenceRef) -> FindingPlace:
    """Where a piece of evidence stands: `file#sheet!G4`, `file#17`; what is read as neither is kept as it is."""
    file, _, place = ref.ref.partition("#")
    place = place.strip()
    for pattern in (_CELL, _ROW):
        found = pattern.match(place)
        if found is not None:
            return FindingPlace.model_validate(
                {"file": file, "sha256": ref.sha256, **found.groupdict()}
            )
    return FindingPlace(file=file, sha256=ref.sha256, cell=place or None)


def evidence_words(instances: Iterable[Instance], lang: Lang) -> str:
    """The objective evidence in one text: figures, then places; what no longer fits is counted."""
    lines = [_line(instance, lang) for instance in instances]
    shown: list[str] = []
    for line in lines:
        if sum(map(len, shown)) + len(line) > _MOST_LETTERS:
            break
        shown.append(line)
    rest = len(lines) - len(shown)
    if rest:
        shown.append(
            Text(f"另有 {rest} 项见实例", f"{rest} more stand with the instances").said(lang)
        )
    return "\n".join(shown)


def _line(instance: Instance, lang: Lang) -> str:
    where = [said.said(lang) for said in _where(instance.places)]
    if not where:
        return instance.says
    return f"{instance.says}{'；位置：' if lang is Lang.ZH else '; at '}{('；' if lang is Lang.ZH else '; ').join(where)}"


def _where(places: Iterable[FindingPlace]) -> Iterator[Text]:
    by_sheet: dict[tuple[str, str | None, str | None], list[str]] = {}
    for p in places:
        rows = by_sheet.setdefault((p.file, p.sheet, p.sha256), [])
        spot = p.cell or (None if p.row is None else str(p.row))
        if spot is not None:
            rows.append(spot)
    for (file, sheet, sha256), rows in by_sheet.items():
        name = f"{file}#{sheet}" if sheet else file
        at = f":{','.join(rows[:_MOST_NAMED])}" if rows else ""
        digest = "" if sha256 is None else f" (sha256 {sha256[:12]}…)"
        more = len(rows) - _MOST_NAMED
        yield Text(
            f"{name}{at}{f' 等 {len(rows)} 处' if more > 0 else ''}{digest}",
            f"{name}{at}{f' and {more} rows more' if more > 0 else ''}{digest}",
        )


def _places(places: Iterable[ToldPlace], hashes: Mapping[str, str]) -> Iterator[FindingPlace]:
    for number, place in enumerate(places):
        if number == MOST_PLACES:
            return
        yield FindingPlace(
            file=place.file, sheet=place.sheet, row=place.row or None, cell=place.cell,
            sha256=hashes.get(place.file),
        )  # fmt: skip


def _figures(check: ToldCheck) -> Text:
    """`k of n`, what was measured, what was asked for, and which expected items are missing."""
    zh, en = [], []
    count, of = check.exceptions.count, check.denominator
    if count and of is not None:
        zh.append(f"{of} 项中 {count} 项不符合")
        en.append(f"{count} of {of} not as required")
    elif count:
        zh.append(f"{count} 项不符合")
        en.append(f"{count} items not as required")
    if check.measured.value is not None:
        value = _value(check.measured)
        zh.append(f"实测 {value.zh}")
        en.append(f"measured {value.en}")
    if check.target is not None:
        asked = _value(ToldFigure(value=check.target.value, unit=check.measured.unit))
        op = _OPERATORS.get(check.target.op, check.target.op)
        zh.append(f"要求 {op} {asked.zh}")
        en.append(f"required {op} {asked.en}")
    missing = [p.key for p in check.exceptions.places if p.why == "missing" and p.key]
    if check.kind == "coverage" and missing:
        zh.append(f"未见 {'、'.join(missing[:_MOST_NAMED])}")
        en.append(f"not found: {', '.join(missing[:_MOST_NAMED])}")
    return Text(f"{check.id}：{'，'.join(zh)}", f"{check.id}: {', '.join(en)}")


def _value(figure: ToldFigure) -> Text:
    value = figure.value or 0
    if figure.unit == "ratio":
        return Text(*[f"{value * 100:.4g} %"] * 2)
    if figure.unit == "score":
        return Text(f"{value:g} 分", f"{value:g} points")
    if figure.unit == "s" and value >= 0:
        try:
            return Text(*[str(Span(microseconds=round(value) * SECOND))] * 2)
        except ValueError:
            pass
    return Text(*[f"{value:.6g} {figure.unit}"] * 2)
