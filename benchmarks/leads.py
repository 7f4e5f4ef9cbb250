"""Measures how often the right paragraph is among the leads, on paragraphs written without the search words.

    python benchmarks/leads.py

`leads.yaml` holds paragraphs as organisations write them, each with the requirement it speaks of (or none).
Whoever wrote them knew titles and criteria, not the keywords. Printed are hits at 1 and at 3, in all and by
chapter, and the requirements whose paragraph was not among the three.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import yaml

from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.leads import LEADS, Paragraphs
from fcim_audit.model import Lead


def main() -> None:
    """Print the hits."""
    checklist = load_checklist(shipped("checklists") / "fcim", rules=False)
    entries = yaml.safe_load((Path(__file__).parent / "leads.yaml").read_bytes())["paragraphs"]
    paragraphs = Paragraphs(
        Lead("held-out", number, None, "", entry["text"]) for number, entry in enumerate(entries)
    )
    asked: Counter[str] = Counter()
    first: Counter[str] = Counter()
    among: Counter[str] = Counter()
    missed = []
    for number, entry in enumerate(entries):
        if entry["id"] is None:
            continue
        _, requirement = checklist.requirements[entry["id"]]
        words = [requirement.title.zh, *requirement.keywords]
        found = [lead.paragraph for lead in paragraphs.best(words)]
        chapter = entry["id"].split(".")[0]
        asked[chapter] += 1
        first[chapter] += found[:1] == [number]
        among[chapter] += number in found
        if number not in found:
            missed.append(entry["id"])
    total = asked.total()
    print(f"{len(entries)} paragraphs, {total} of them about a requirement")
    print(f"hit@1 {first.total()}/{total}  hit@{LEADS} {among.total()}/{total}")
    for chapter in sorted(asked, key=int):
        print(f"  chapter {chapter}: {first[chapter]} / {among[chapter]} of {asked[chapter]}")
    print("not among the leads:", " ".join(missed) or "none")


if __name__ == "__main__":
    main()
