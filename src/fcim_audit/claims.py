"""Knows the figures that an organisation claims for the indicators of clause 6.3, to be recomputed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from fcim_audit.checklist.schema import Checklist
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text
from fcim_audit.model import Figure

KPI_CLAUSE = "6.3"
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s*[%％]")
_SCORE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s*分?")


def claims_of(checklist: Checklist, said: Mapping[str, str]) -> dict[str, Figure]:
    """Claimed figures by requirement id; raises AuditErrors for unknown ids and what is no figure."""
    known = [r.id for clause, r in checklist.requirements.values() if clause.id == KPI_CLAUSE]
    claims, mistakes = {}, []
    for id_, text in said.items():
        figure = _figure(text)
        if id_ not in known:
            mistakes.append(
                AuditError(
                    Text(
                        f"{id_} 不是 {KPI_CLAUSE} 的指标", f"{id_} is no indicator of {KPI_CLAUSE}"
                    ),
                    where(id_),
                    Text(f"可用：{'、'.join(known)}", f"use one of {', '.join(known)}"),
                )
            )
        elif figure is None:
            mistakes.append(
                AuditError(
                    Text(f"声称值 {text} 无法理解", f"can't understand the claimed figure {text}"),
                    where(id_),
                    Text(
                        "比率写成 96.2%，得分写成 91.3", "write 96.2% for a share, 91.3 for a score"
                    ),
                )
            )
        else:
            claims[id_] = figure
    raise_all(mistakes)
    return claims


def claimed_value(id_: str, claim: Figure | None, measured: Figure) -> Fraction | None:
    """The claim in the unit of the measured figure; raises AuditError where they are not comparable."""
    if claim is None:
        return None
    if claim.unit != measured.unit:
        raise AuditError(
            Text(
                f"声称值与指标的单位不同（{claim.unit}，{measured.unit}）",
                f"the claim has another unit than the indicator ({claim.unit}, {measured.unit})",
            ),
            where(id_),
            Text("比率写成 96.2%，得分写成 91.3", "write 96.2% for a share, 91.3 for a score"),
        )
    return claim.value


def where(id_: str) -> str:
    """Where a claim stands, for messages."""
    return f"bundle.yaml (claimed.{id_})"


def _figure(text: str) -> Figure | None:
    share, score = _PERCENT.fullmatch(text.strip()), _SCORE.fullmatch(text.strip())
    if share is not None and Fraction(share[1]) <= 100:
        return Figure(Fraction(share[1]) / 100, "ratio")
    if score is not None:
        return Figure(Fraction(score[1]), "score")
    return None
