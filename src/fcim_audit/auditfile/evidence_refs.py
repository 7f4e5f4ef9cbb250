"""Knows evidence as people write it: a file with a place, a check, an interview, an observation, a record."""

from __future__ import annotations

import re
from pathlib import Path

from fcim_audit.auditfile.folder import EVIDENCE, Audit
from fcim_audit.auditfile.proposals import Proposals
from fcim_audit.auditfile.schema import EvidenceKind, EvidenceRef
from fcim_audit.durable import sha256_of
from fcim_audit.errors import AuditError
from fcim_audit.language import Text
from fcim_audit.model import UNCONCLUDED, Verdict

_KINDS = {
    "interview": EvidenceKind.INTERVIEW, "访谈": EvidenceKind.INTERVIEW,
    "observation": EvidenceKind.OBSERVATION, "观察": EvidenceKind.OBSERVATION,
    "record": EvidenceKind.RECORD, "记录": EvidenceKind.RECORD,
    "check": EvidenceKind.CHECK, "检查": EvidenceKind.CHECK,
    "file": EvidenceKind.FILE, "文件": EvidenceKind.FILE,
}  # fmt: skip
_KIND = re.compile(rf"^\s*({'|'.join(_KINDS)})\s*[:：]\s*(.*)$", re.DOTALL | re.IGNORECASE)


def evidence_ref(audit: Audit, proposals: Proposals | None, text: str) -> EvidenceRef:
    """One piece of evidence as people write it.

    Raises AuditError for a file or check that is not there, and for a sheet that a file which was
    read does not have; what follows the sheet is kept as it is written.
    """
    found = _KIND.match(text)
    kind = _KINDS[found[1].lower()] if found else EvidenceKind.FILE
    ref = (found[2] if found else text).strip()
    if not ref:
        raise AuditError(
            Text("证据是空的", "the evidence says nothing"),
            "evidence",
            Text("写成 文件#位置 或 访谈：内容", "write FILE#PLACE or interview: WHAT"),
        )
    if kind is EvidenceKind.CHECK:
        return _check_ref(proposals, ref)
    if kind is EvidenceKind.FILE:
        return _file_ref(audit, proposals, ref)
    return EvidenceRef(kind=kind, ref=ref)


def _check_ref(proposals: Proposals | None, ref: str) -> EvidenceRef:
    checks = {} if proposals is None else _checks(proposals)
    if proposals is None or ref not in checks:
        raise AuditError(
            Text(f"没有检查 {ref} 的结果", f"there is no result of a check {ref}"),
            "evidence",
            _checks_hint(ref, tuple(checks)),
        )
    if checks[ref] in {*UNCONCLUDED, Verdict.MANUAL}:
        raise AuditError(
            Text(f"检查 {ref} 没有结论", f"the check {ref} concluded nothing"),
            "evidence",
            Text("引用别的证据", "name other evidence"),
        )
    return EvidenceRef(kind=EvidenceKind.CHECK, ref=ref, sha256=proposals.sha256)


def _checks_hint(ref: str, known: tuple[str, ...]) -> Text:
    """Which checks there are; without an evaluation, how to get some."""
    if not known:
        return Text("先运行 fcim-audit evaluate", "run fcim-audit evaluate first")
    near = [id_ for id_ in known if id_.startswith(f"{ref}.")]
    if near:
        return Text(f"它的检查：{'、'.join(near)}", f"its checks are: {', '.join(near)}")
    return Text(
        "写检查的编号，如 6.3-d.response；看 fcim-audit explain 要求编号",
        "name a check by its id, as 6.3-d.response; see: fcim-audit explain REQUIREMENT",
    )


def _checks(proposals: Proposals) -> dict[str, Verdict]:
    return {c.id: c.verdict for r in proposals.result.requirements for c in r.checks}


def _file_ref(audit: Audit, proposals: Proposals | None, ref: str) -> EvidenceRef:
    file = evidence_file(audit, ref)
    if file is None:
        raise AuditError(
            Text(f"evidence 里没有文件 {ref}", f"there is no file {ref} in evidence"),
            "evidence",
            Text(
                "写成 evidence 里的 文件#位置；没有文件的写 访谈：、观察：或 记录：",
                "write FILE#PLACE as it lies in evidence; without a file write interview:, "
                "observation: or record:",
            ),
        )
    _, _, place = ref.partition("#")
    name = file.relative_to(audit.evidence.resolve()).as_posix()
    if proposals is not None and place:
        _demand_sheet(proposals, name, place)
    return EvidenceRef(
        kind=EvidenceKind.FILE, ref=f"{name}#{place}" if place else name, sha256=sha256_of(file)
    )


def _demand_sheet(proposals: Proposals, name: str, place: str) -> None:
    """Raise AuditError for `SHEET!…` where the evaluation read the file and found no such sheet."""
    sheet, said, _ = place.rpartition("!")
    files = proposals.result.evidence
    known = [s.name for file in files if file.file == name for s in file.sheets if s.name]
    if said and known and sheet.strip("'") not in known:
        raise AuditError(
            Text(f"{name} 没有工作表 {sheet}", f"{name} has no sheet {sheet}"),
            "evidence",
            Text(f"它的工作表：{'、'.join(known)}", f"its sheets are: {', '.join(known)}"),
        )


def evidence_file(audit: Audit, ref: str) -> Path | None:
    """The file that `path#place` names below the audit's evidence; None if it is not there."""
    name = ref.partition("#")[0].replace("\\", "/").removeprefix(f"{EVIDENCE}/").strip()
    root = audit.evidence.resolve()
    try:
        file = (root / name).resolve()
        return file if name and file.is_relative_to(root) and file.is_file() else None
    except (OSError, ValueError):
        return None  # no file can be called that
