"""Knows the command `audit whatif`: the fewest days to each better recommendation, and each clause's maturity."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from fcim_audit.auditfile.maturity import ClauseMaturity, maturity_of
from fcim_audit.auditfile.ways import ways_of
from fcim_audit.auditfile.whatif import Do, Fix, Way
from fcim_audit.cli.audits import AlsoInFolder, Folder, folder_of, standings_in
from fcim_audit.cli.told_as import AsFormat, ToldAs
from fcim_audit.cli.words import language, said
from fcim_audit.renderers.held_words import DO_WORDS
from fcim_audit.report import RECOMMENDATION_WORDS

SHOWN = 12
"""How many fixes of one kind are named on a terminal."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "whatif",
        help=said(
            "每个更好的推荐意见最少要做什么（按人日）；各条款成熟度。",
            "The least that leads to each better recommendation, by effort; the maturity of clauses.",
        ),
        epilog=said(
            "例：fcim-audit audit whatif 审核 · fcim-audit audit whatif 审核 --proposed",
            "Examples: fcim-audit audit whatif AUDIT; fcim-audit audit whatif AUDIT --proposed",
        ),
    )(whatif_command)


def whatif_command(
    folder: Folder = None,
    also: AlsoInFolder = None,
    proposed: Annotated[
        bool,
        typer.Option(
            "--proposed",
            help=said(
                "未判断的要求按工具的建议计", "Count what is not judged as the tool proposes it"
            ),
        ),
    ] = False,
    format_: AsFormat = ToldAs.TEXT,
) -> None:
    """Tell the ways to each better recommendation."""
    standings = standings_in(folder_of(folder, also))
    found = ways_of(standings, proposed=proposed)
    maturities = maturity_of(standings)
    if format_ is ToldAs.JSON:
        told = {
            "ways": [_way_json(way) for way in found],
            "maturity": [_json(m) for m in maturities],
        }
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        return
    _tell(found, maturities)


def _tell(found: tuple[Way, ...], maturities: tuple[ClauseMaturity, ...]) -> None:
    lang = language()
    if not found:
        sys.stdout.write(said("没有更好的推荐意见可达", "there is no better recommendation") + "\n")
    for way in found:
        days = said(f"{way.days} 人日", f"{way.days} person-days")
        sys.stdout.write(f"{RECOMMENDATION_WORDS[way.code].said(lang)}: {days}\n")
        for do in Do:
            fixes = [fix for fix in way.fixes if fix.do is do]
            if fixes:
                sys.stdout.write(f"  {DO_WORDS[do].said(lang)} ({len(fixes)}): {_fixes(fixes)}\n")
    if any(fix.is_estimate for way in found for fix in way.fixes):
        sys.stdout.write(
            said(
                "* 未给人日，按 1 计（audit judge --effort）",
                "* no effort given, reckoned as 1 person-day (audit judge --effort)",
            )
            + "\n"
        )
    levels = [m for m in maturities if m.level is not None or m.ceiling is not None]
    if levels:
        sys.stdout.write("\n" + said("成熟度", "Maturity") + "\n")
    for m in levels:
        level = "–" if m.level is None else f"L{m.level}"
        limit = (
            said(f"数据最多支持 L{m.ceiling}", f"figures allow L{m.ceiling}")
            if m.ceiling is not None
            else ""
        )
        sys.stdout.write(f"  {m.clause.id:<6} {level:<3} {limit} ({m.why.said(lang)})\n")


def _fixes(fixes: Sequence[Fix]) -> str:
    """The first of them with their days; of the others how many there are."""
    joint = said("、", ", ")
    told = joint.join(
        f"{fix.id}{'*' if fix.is_estimate else f' {fix.days} d'}" for fix in fixes[:SHOWN]
    )
    more = len(fixes) - SHOWN
    if more <= 0:
        return told
    return told + said(" 等（全部见 --format json）", f" and {more} more (all: --format json)")


def _way_json(way: Way) -> dict[str, object]:
    return {
        "recommendation": way.code.value,
        "days": way.days,
        "fixes": [
            {"do": f.do.value, "id": f.id, "days": f.days, "is_estimate": f.is_estimate}
            for f in way.fixes
        ],
    }


def _json(m: ClauseMaturity) -> dict[str, object]:
    return {"clause": m.clause.id, "level": m.level, "ceiling": m.ceiling, "why": m.why.as_dict()}
