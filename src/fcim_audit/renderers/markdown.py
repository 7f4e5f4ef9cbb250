"""Knows the result as Markdown for pull requests and job summaries: short, below 1 MiB, nothing that acts.

GitHub rejects a job summary of more than 1 MiB whole, so the worst findings are told and the rest counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from fcim_audit.assessment import Kpi, RequirementAssessment
from fcim_audit.auditfile.audit_words import TYPE_WORDS
from fcim_audit.auditfile.schema import FindingEntry
from fcim_audit.auditfile.states import STATE_WORDS
from fcim_audit.language import Text
from fcim_audit.model import Outcome, Status, Verdict
from fcim_audit.renderers.claim_words import claimed_text, difference_text
from fcim_audit.renderers.held_words import due_text, finding_place
from fcim_audit.report import DRAFT_NOTE, HeldAudit, Report
from fcim_audit.wording import (
    STATUS_WORDS,
    clean,
    figure_text,
    measured_text,
    place_text,
    target_text,
    why_text,
)

FINDINGS_SHOWN = 50
PLACES_SHOWN = 10
LINES_SHOWN = 30
LONGEST = 300
"""Characters of one text; the longest page that these limits allow is well below 1 MiB."""
_MARKS = re.compile(r"[\\`*_\[\]|~]")
_AT_START = re.compile(r"^(?:(\d{1,9})([.)])(?= |$)|()([#+\-=:]))")
"""What opens a list, heading or line; `6.3-d` opens nothing."""
_SPACES = re.compile(r"[ \t\r\n]+")
_ACTS = re.compile(
    r"@(?=\w)|#(?=\d)|:(?=//)|:(?=[\w+-]+:)|www(?=\.)|GH(?=-\d)", re.IGNORECASE | re.ASCII
)
"""Where GitHub would mention, refer, link or draw: an invisible character goes after each."""
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", '"': "&quot;"}
_IN_HTML = {**_ENTITIES, **{mark: f"&#{ord(mark)};" for mark in "\\`*_~[]|"}}
_GRAVEST = (Status.MAJOR, Status.MINOR, Status.OFI)


def render(report: Report) -> bytes:
    """The page as UTF-8."""
    parts = (
        _head(report), _tiles(report), _kpis(report), _findings(report), _open(report),
        _unused(report), _versions(report),
    )  # fmt: skip
    lines = [line for part in parts for line in (*part, "")]
    return "\n".join(lines).encode("utf-8", errors="backslashreplace")


def escaped(text: str, longest: int = LONGEST) -> str:
    """Text on one line that Markdown shows as it is: no mark-up, mention, link, reference or formula."""
    shown = clean(_SPACES.sub(" ", text).strip())
    if len(shown) > longest:
        shown = f"{shown[:longest]}…"
    parts, end = [], 0
    for act in _ACTS.finditer(shown):
        parts += [_marked(shown[end : act.end()]), "&#8203;"]
        end = act.end()
    return _AT_START.sub(r"\1\3\\\2\4", "".join([*parts, _marked(shown[end:])]))


def _marked(text: str) -> str:
    marked = _MARKS.sub(lambda mark: f"\\{mark[0]}", text)
    return "".join(_ENTITIES.get(character, character) for character in marked)


def _head(report: Report) -> Iterator[str]:
    held, judgement = report.audit, report.judgement
    yield f"# {escaped(report.organisation.name)}"
    yield ""
    yield f"**{escaped(report.said(report.verdict), 2000)}**"
    yield ""
    if held is not None:
        judged = sum(r.decided is not None for r in report.requirements)
        kind = report.said(TYPE_WORDS[held.file.type])
        team = ", ".join(member.name for member in held.file.team)
        yield escaped(f"{held.file.id} · {kind} · {held.file.dates.start} – {held.file.dates.end} · {team}")  # fmt: skip
        yield ""
        of_all = f"{judged}/{len(report.requirements)}"
        yield report.said(
            Text(
                f"审核员已判断 {of_all}；以上是工具按这些判断提出的建议。",
                f"Auditors judged {of_all}; what stands above is the tool's suggestion from these judgements.",
            )
        )
        yield ""
    edition = f"{report.said(judgement.checklist.title)} ({judgement.checklist.edition})"
    period = f"{report.period_start.date()} – {report.period_end.date()}, ≤ {report.as_of.date()}"
    yield f"{escaped(edition)} · {escaped(period)}"
    yield ""
    yield f"_{report.said(DRAFT_NOTE)}_"


def _tiles(report: Report) -> Iterator[str]:
    overall = report.judgement.overall
    heads = (
        STATUS_WORDS[Status.MAJOR], STATUS_WORDS[Status.MINOR], STATUS_WORDS[Status.OFI],
        Text("已核实", "verified"), Text("规则未能下结论", "rules without a conclusion"),
        Text("待审核员判断的问题", "questions for the auditor"),
        STATUS_WORDS[Status.NOT_APPLICABLE],
    )  # fmt: skip
    counts = [str(report.count(status)) for status in _GRAVEST]
    verified = f"{overall.verified}/{overall.applicable}"
    yield from _table(
        [report.said(head) for head in heads],
        [
            [*counts, verified, str(len(report.open_rules)), str(report.manual_questions),
             str(report.count(Status.NOT_APPLICABLE))]
        ],
    )  # fmt: skip


def _kpis(report: Report) -> Iterator[str]:
    heads = (
        Text("编号", "Id"), Text("指标", "Figure"), Text("实测", "Measured"),
        Text("要求", "Required"), Text("结果", "Result"),
    )  # fmt: skip
    yield report.said(Text("## 6.3 的八项指标", "## The eight figures of clause 6.3"))
    yield ""
    rows = [_kpi(report, kpi) for kpi in report.judgement.kpis]
    yield from _table([report.said(head) for head in heads], rows)


def _kpi(report: Report, kpi: Kpi) -> list[str]:
    words = {
        True: Text("√ 达标", "√ met"),
        False: Text("× 未达标", "× missed"),
        None: Text("? 未核实", "? not verified"),
    }
    figure = figure_text(kpi.measured, report.lang)
    if kpi.numerator is not None and kpi.measured.unit == "ratio":
        figure = f"{figure} ({kpi.numerator}/{kpi.denominator})"
    if kpi.claimed is not None:
        claim = Text("声称", "claimed").said(report.lang)
        told = (claimed_text(kpi, report.lang), difference_text(kpi, report.lang))
        figure = f"{figure}; {claim} {', '.join(part for part in told if part)}"
    target = target_text(kpi.target, kpi.measured.unit)
    cells = (kpi.id, report.said(kpi.name), figure, target)
    return [*map(escaped, cells), report.said(words[kpi.attained])]


def _findings(report: Report) -> Iterator[str]:
    held = report.audit
    if held is None:
        told = [_proposed(report, r) for r in report.findings[:FINDINGS_SHOWN]]
        total = len(report.findings)
    else:
        worst = sorted(held.findings.items(), key=lambda item: _GRAVEST.index(item[1].grade))
        told = [_held(report, held, id_, f) for id_, f in worst[:FINDINGS_SHOWN]]
        total = len(worst)
    title = Text(
        f"## 不符合与改进机会（{total}）", f"## Nonconformities and opportunities ({total})"
    )
    yield report.said(title)
    yield ""
    for lines in told:
        yield from lines
    yield from _rest(report, total - FINDINGS_SHOWN)
    if not total:
        yield report.said(Text("没有。", "None."))


def _proposed(report: Report, r: RequirementAssessment) -> Iterator[str]:
    grade = report.said(STATUS_WORDS[r.status])
    body = [f"{why.rule} · {report.said(why.says)}" for why in r.why]
    body.append(report.said(r.criterion))
    failed = [o for o in r.outcomes if o.verdict is Verdict.FAIL]
    items = [line for o in failed for line in _outcome(report, o)]
    yield from _details(f"{grade} · {r.id} {report.said(r.title)}", body, items)


def _outcome(report: Report, o: Outcome) -> Iterator[tuple[int, str]]:
    yield 0, f"{o.check_id} {measured_text(o, report.lang)}"
    for row in o.exceptions[:PLACES_SHOWN]:
        yield (
            1,
            " · ".join(
                part for part in (place_text(row), row.key, why_text(row, report.lang)) if part
            ),
        )
    more = o.exception_count - min(len(o.exceptions), PLACES_SHOWN)
    if more > 0:
        yield 1, report.said(Text(f"还有 {more} 处", f"{more} more"))


def _held(report: Report, held: HeldAudit, id_: str, f: FindingEntry) -> Iterator[str]:
    grade, state = report.said(STATUS_WORDS[f.grade]), report.said(STATE_WORDS[f.state])
    dues = [report.said(due_text(due, f, held.today)) for due in held.dues.get(id_, ())]
    items: list[tuple[int, str]] = []
    for instance in f.instances[:PLACES_SHOWN]:
        items.append((0, f"{instance.requirement} {instance.says}"))
        items += [(1, finding_place(place)) for place in instance.places[:PLACES_SHOWN]]
        more = len(instance.places) - PLACES_SHOWN
        if more > 0:
            items.append((1, report.said(Text(f"还有 {more} 处", f"{more} more"))))
    more = len(f.instances) - PLACES_SHOWN
    if more > 0:
        items.append((0, report.said(Text(f"还有 {more} 次", f"{more} more instances"))))
    summary = f"{grade} · {id_} · {f.requirement} · {state}"
    yield from _details(summary, [f.statement, *dues], items)


def _details(summary: str, body: Iterable[str], items: Iterable[tuple[int, str]]) -> Iterator[str]:
    yield f"<details><summary>{_in_html(summary)}</summary>"
    yield ""
    for line in body:
        yield escaped(line)
        yield ""
    for depth, item in items:
        yield f"{'  ' * depth}- {escaped(item)}"
    yield ""
    yield "</details>"
    yield ""


def _in_html(text: str) -> str:
    """Text beside a tag on its line, where Markdown's escapes are not read and entities are."""
    shown = _ACTS.sub(
        lambda act: f"{act[0]}\u200b", clean(_SPACES.sub(" ", text).strip())[:LONGEST]
    )
    return "".join(_IN_HTML.get(character, character) for character in shown)


def _open(report: Report) -> Iterator[str]:
    rules = report.open_rules
    title = Text(
        f"## 自动规则未能下结论（{len(rules)}）", f"## Rules without a conclusion ({len(rules)})"
    )
    yield report.said(title)
    yield ""
    for _, o in rules[:LINES_SHOWN]:
        yield f"- {escaped(o.check_id)}: {escaped('; '.join(report.said(n) for n in o.reasons))}"
    yield from _rest(report, len(rules) - LINES_SHOWN)


def _unused(report: Report) -> Iterator[str]:
    unused = report.not_looked_at
    yield report.said(Text("## 没有看的", "## What was not looked at"))
    yield ""
    n = report.manual_questions
    yield "- " + report.said(
        Text(f"{n} 个问题只能由审核员判断", f"{n} questions only an auditor can answer")
    )
    for where, what in unused[:LINES_SHOWN]:
        yield f"- {escaped(where)}: {escaped(report.said(what))}"
    yield from _rest(report, len(unused) - LINES_SHOWN)


def _rest(report: Report, more: int) -> Iterator[str]:
    if more > 0:
        yield ""
        yield report.said(
            Text(
                f"还有 {more} 项，见 html、xlsx 或 JSON。", f"{more} more: see html, xlsx or JSON."
            )
        )


def _versions(report: Report) -> Iterator[str]:
    checklist, profile = report.judgement.checklist, report.judgement.profile
    said = (
        f"fcim-audit {report.version} · checklist {checklist.id} {checklist.sha256[:12]} · "
        f"profile {profile.id} {profile.sha256[:12]}"
    )
    yield f"<sub>{_in_html(said)}</sub>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
