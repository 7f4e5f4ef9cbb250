"""Knows how statuses and verdicts are called, and how hostile text is shown."""

from __future__ import annotations

import re

from fcim_audit.language import Text
from fcim_audit.model import Status, Verdict

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
STATUS_WORDS = {
    Status.CONFORM: Text("符合", "conform"),
    Status.OFI: Text("改进机会", "opportunity for improvement"),
    Status.MINOR: Text("一般不符合", "minor nonconformity"),
    Status.MAJOR: Text("严重不符合", "major nonconformity"),
    Status.NOT_VERIFIED: Text("未核实", "not verified"),
    Status.NOT_APPLICABLE: Text("不适用", "not applicable"),
}
VERDICT_WORDS = {
    Verdict.PASS: Text("通过", "pass"),
    Verdict.FAIL: Text("不通过", "fail"),
    Verdict.INCONCLUSIVE: Text("无法下结论", "inconclusive"),
    Verdict.NO_EVIDENCE: Text("无证据", "no evidence"),
    Verdict.STALE: Text("证据过时", "stale"),
    Verdict.UNREADABLE: Text("无法读取", "unreadable"),
    Verdict.MANUAL: Text("待审核员判断", "for the auditor"),
    Verdict.NOT_APPLICABLE: Text("不适用", "not applicable"),
}


def clean(text: str) -> str:
    """Text without control, bidirectional-override or surrogate characters; each shows as `\\xNN`."""
    return _UNSAFE.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
