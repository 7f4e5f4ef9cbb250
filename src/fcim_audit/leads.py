"""Knows which paragraphs of the organisation's documents may bear on a requirement.

Okapi BM25 over single characters and pairs of characters (words for Latin script). It points, it
does not decide: no score tells that there is no evidence, so none is shown.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from fcim_audit.model import Lead

LEADS = 3
MAX_TEXT = 160
_SHORTEST = 6
_K1, _B = 1.5, 0.75
_LATIN = re.compile(r"[a-z0-9]+")
_CJK = re.compile(r"[\u3400-\u9fff]+")


class Paragraphs:
    """The paragraphs of all documents, ready to be asked."""

    def __init__(self, paragraphs: Iterable[Lead]) -> None:
        self._paragraphs = [p for p in paragraphs if len(p.text) >= _SHORTEST]
        terms = [Counter(_terms(f"{p.heading} {p.text}")) for p in self._paragraphs]
        self._lengths = [sum(counted.values()) for counted in terms]
        self._mean = sum(self._lengths) / len(terms) if terms else 0.0
        self._found: dict[str, list[tuple[int, int]]] = {}
        for number, counted in enumerate(terms):
            for term, count in counted.items():
                self._found.setdefault(term, []).append((number, count))

    def best(self, words: Sequence[str]) -> tuple[Lead, ...]:
        """The paragraphs that speak most of these words, at most LEADS; those with no pair do not count."""
        scores: dict[int, float] = {}
        pairs: set[int] = set()
        total = len(self._paragraphs)
        for term in sorted({term for word in words for term in _terms(word)}):
            hits = self._found.get(term, ())
            weight = math.log(1 + (total - len(hits) + 0.5) / (len(hits) + 0.5))
            for number, count in hits:
                length = 1 - _B + _B * self._lengths[number] / self._mean
                scores[number] = scores.get(number, 0.0) + weight * count * (_K1 + 1) / (
                    count + _K1 * length
                )
                if len(term) > 1:
                    pairs.add(number)
        order = sorted(pairs, key=lambda number: (-round(scores[number], 9), number))
        return tuple(_cut(self._paragraphs[number]) for number in order[:LEADS])


def _terms(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    yield from _LATIN.findall(plain)
    for run in _CJK.findall(plain):
        yield from run
        yield from (run[i : i + 2] for i in range(len(run) - 1))


def _cut(lead: Lead) -> Lead:
    if len(lead.text) <= MAX_TEXT:
        return lead
    return Lead(lead.file, lead.paragraph, lead.page, lead.heading, lead.text[:MAX_TEXT] + "…")
