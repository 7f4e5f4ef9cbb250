"""Knows the recommendation for certification: 认证推荐表, one page to be signed."""

from __future__ import annotations

from scripts.word_templates import parts
from scripts.word_templates.blocks import Word


def build(word: Word) -> None:
    """What the team recommends, what the rules give, what is still open, and who decides."""
    word.title()
    parts.control(word)
    word.heading("一、推荐意见", "1  Recommendation")
    parts.counts(word)
    word.pairs([
        ("审核组推荐意见", "The team recommends", "{{ team_recommendation }}"),
        ("按规则得出", "What the rules give", "{{ recommendation }}"),
        ("原因", "Because", parts.BECAUSE),
        ("推荐范围", "Scope", "{{ scope }}"),
        ("符合性和有效性", "Conformity, effectiveness", "{{ effectiveness }}"),
    ])  # fmt: skip
    word.heading("二、不符合项及其状态", "2  Findings and their state")
    parts.nonconformities(word)
    word.heading("三、未核实的要求", "3  Requirements not verified")
    word.bullets("r in open_requirements", "{{ r.id }} {{ r.title }}")
    word.heading("四、签署", "4  Signatures")
    word.text("{{ note }}", dim=True)
    word.signatures([("审核组长", "Team leader"), ("认证评定人员", "Reviewer"),
                     ("认证决定人员", "Decided by")])  # fmt: skip
