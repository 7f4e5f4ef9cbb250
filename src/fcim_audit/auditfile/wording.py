"""Knows what a finding must say and must not: its parts, no cause, no solution, nobody's name, one requirement."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from fcim_audit.auditfile.schema import AuditFile, FindingEntry
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.profile import FindingRules, WordList

_HAN = "\u4e00-\u9fff"
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚"
    "卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_SOMEBODY = re.compile(
    rf"[{_SURNAMES}]某(?:某)?(?![些个种一项类处次台日月年人条份家])|(?<![{_HAN}])(?:老|小)[{_SURNAMES}](?![层度额块法案面型区城路桥子包件组])"
)
_NUMBERS = re.compile(
    r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?![\dXx])|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII
)
_SENTENCE = re.compile(r"[。；！？;!?\n]|\.\s|\.$")
_COUNT = re.compile(
    r"\d\s*(?:%|％|‰|/\s*\d|[项个条份次台人名张起件例家处只套批单笔类种页行户辆间位])"
    r"|[零一二两三四五六七八九十百千万][项个条份次台人名张起件例家处只套批单笔类种页行户辆间位]"
    r"|\d\s+(?:out\s+)?of\s+(?:the\s+)?\d|\b(?!(?:19|20)\d\d\b)\d+\s+(?!of\b)[a-z]{3,}"
)
_CITED = re.compile(
    r"(?<![\w.-])\d{1,2}(?:\.\d{1,2}){1,3}(?:-[a-z0-9]+)?(?![\w%％.]|\s*[%％])", re.ASCII
)


class HitKind(StrEnum):
    """What is wrong with the words of a finding."""

    CAUSE = "cause"
    SOLUTION = "solution"
    VAGUE = "vague"
    PERSON = "person"
    TWO_REQUIREMENTS = "two_requirements"
    MISSING = "missing"


ADVICE = {
    HitKind.CAUSE: Text(
        "原因由受审核方分析；只写事实", "causes are for the auditee to find; state facts only"
    ),
    HitKind.SOLUTION: Text(
        "措施由受审核方提出；只写事实", "solutions are the auditee's; state facts only"
    ),
    HitKind.VAGUE: Text(
        "写明数量，例如“抽查 20 份中 3 份”", "give a count, such as: 3 of 20 records"
    ),
    HitKind.PERSON: Text(
        "不写人名和联系方式；用岗位或记录编号",
        "name nobody, give no contact; use positions or record ids",
    ),
    HitKind.TWO_REQUIREMENTS: Text(
        "一项不符合只引用一条要求；其余写入实例或另开一项",
        "one finding cites one requirement; put others in instances or a finding of their own",
    ),
    HitKind.MISSING: Text(
        "用 fcim-audit finding update 补上", "add it with: fcim-audit finding update"
    ),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing to mend: in which field, which words, what to do."""

    finding: str
    kind: HitKind
    field: str
    words: str
    says: Text

    @property
    def advice(self) -> Text:
        """What to do about it."""
        return ADVICE[self.kind]


@dataclass(frozen=True)
class Lint:
    """Everything that words are held against."""

    file: AuditFile
    rules: FindingRules
    titles: Mapping[str, Text]
    """The title of every requirement of the checklist, by its id."""
    known: Collection[str] = ()
    """Every finding id that `repeat_of` may name."""

    @cached_property
    def words(self) -> Mapping[HitKind, re.Pattern[str]]:
        """One pattern for each list of the profile."""
        lists = self.rules.words
        return {
            HitKind.CAUSE: _pattern(lists.cause),
            HitKind.SOLUTION: _pattern(lists.solution),
            HitKind.VAGUE: _pattern(lists.vague),
        }

    @cached_property
    def persons(self) -> tuple[re.Pattern[str], ...]:
        """Names that the audit knows, people with a title, somebody without a name, numbers of persons."""
        titles = self.rules.words.titles
        zh = "|".join(map(re.escape, titles.zh)) or "(?!)"
        en = "|".join(map(re.escape, titles.en)) or "(?!)"
        return (
            _names(_people(self.file)),
            re.compile(rf"[{_SURNAMES}][{_HAN}]{{0,2}}(?:{zh})"),
            re.compile(rf"\b(?:{en})\.?\s+[A-Z][\w'-]+"),
            _SOMEBODY,
            _NUMBERS,
        )

    def hits(self, id_: str, finding: FindingEntry) -> tuple[Hit, ...]:
        """All that is to be mended in one finding."""
        return tuple(
            Hit(id_, kind, field, words, says)
            for kind, field, words, says in (
                *self._missing(finding), *self._in_statement(finding), *self._anywhere(finding)
            )
        )  # fmt: skip

    def _in_statement(self, finding: FindingEntry) -> Iterator[tuple[HitKind, str, str, Text]]:
        text = self._own(finding)
        for kind, zh, en in (
            (HitKind.CAUSE, "陈述里有原因用语", "the statement gives a cause"),
            (HitKind.SOLUTION, "陈述里有措施用语", "the statement gives a solution"),
        ):
            for words in _found(self.words[kind], text):
                yield kind, "statement", words, Text(f"{zh}：{words}", f"{en}: {words}")
        cited = {c for c in _CITED.findall(text) if c in self.titles}
        others = sorted(cited - {finding.requirement})
        if others:
            named = ", ".join(others)
            yield (
                HitKind.TWO_REQUIREMENTS, "statement", named,
                Text(
                    f"陈述除 {finding.requirement} 外还引用了 {named}",
                    f"the statement cites {named} beside {finding.requirement}",
                ),
            )  # fmt: skip

    def _own(self, finding: FindingEntry) -> str:
        """The statement without the title of its requirement, whose words are the checklist's."""
        title = self.titles.get(finding.requirement)
        if title is None:
            return finding.statement
        return finding.statement.replace(title.zh, "").replace(title.en, "")

    def _anywhere(self, finding: FindingEntry) -> Iterator[tuple[HitKind, str, str, Text]]:
        for field, whole in texts_of(finding):
            text = self._own(finding) if field == "statement" else whole
            if field in {"statement", "objective_evidence"}:
                for words in _vague(self.words[HitKind.VAGUE], text):
                    says = Text(
                        f"没有数量的含糊用语：{words}", f"a vague word without a count: {words}"
                    )
                    yield HitKind.VAGUE, field, words, says
            for pattern in self.persons:
                for words in _found(pattern, text):
                    says = Text(
                        f"可能是人名或联系方式：{words}", f"may name or identify a person: {words}"
                    )
                    yield HitKind.PERSON, field, words, says

    def _missing(self, finding: FindingEntry) -> Iterator[tuple[HitKind, str, str, Text]]:
        for field, says in _lacks(finding, self):
            yield HitKind.MISSING, field, "", says


def texts_of(finding: FindingEntry) -> Iterator[tuple[str, str]]:
    """Every text of a finding that goes into reports, by its field."""
    for field, text in (
        ("statement", finding.statement), ("objective_evidence", finding.objective_evidence),
        ("grade_reason", finding.grade_reason), ("site", finding.site),
        ("process", finding.process), ("department", finding.department),
    ):  # fmt: skip
        if text is not None:
            yield field, text
    for number, instance in enumerate(finding.instances):
        if instance.says not in finding.objective_evidence:
            yield f"instances.{number}.says", instance.says


def _lacks(finding: FindingEntry, lint: Lint) -> Iterator[tuple[str, Text]]:
    if finding.requirement not in lint.titles:
        yield (
            "requirement",
            Text(
                f"检查表没有要求 {finding.requirement}",
                f"the checklist has no requirement {finding.requirement}",
            ),
        )
    if not finding.instances:
        yield "instances", Text("没有实例：在哪里见到的", "no instance: where was it seen")
    if any(p.sha256 is None for i in finding.instances for p in i.places):
        yield "instances", Text("证据文件没有哈希", "a file of evidence has no hash")
    yield from _lacks_where(finding, lint.file)
    differs = finding.proposed_grade is not None and finding.grade is not finding.proposed_grade
    own = finding.proposed_grade is None and finding.grade is not Status.OFI
    if (differs or own) and not finding.grade_reason:
        yield (
            "grade_reason",
            Text(
                f"级别 {finding.grade} 与规则的建议不同，没有理由",
                f"the grade {finding.grade} is not what the rules propose, and no reason is given",
            ),
        )
    if finding.repeat_of is not None and finding.repeat_of not in lint.known:
        yield (
            "repeat_of",
            Text(
                f"找不到上次的不符合项 {finding.repeat_of}",
                f"the earlier finding {finding.repeat_of} is not found",
            ),
        )


def _lacks_where(finding: FindingEntry, file: AuditFile) -> Iterator[tuple[str, Text]]:
    sites = {site.id for site in file.organisation.sites}
    named = {finding.site, *(i.site for i in finding.instances)} - {None}
    if sites and not named:
        yield "site", Text("没有写场所", "no site is given")
    for site in sorted(str(name) for name in named):
        if site not in sites:
            known = ", ".join(sorted(sites)) or "—"
            yield (
                "site",
                Text(
                    f"audit.yaml 没有场所 {site}（有：{known}）",
                    f"audit.yaml has no site {site} (it has: {known})",
                ),
            )
    if finding.process is None:
        yield "process", Text("没有写过程", "no process is given")


def _people(file: AuditFile) -> Iterator[str]:
    yield from (member.name for member in file.team)
    yield from (
        name for name in (file.organisation.representative, file.organisation.contact) if name
    )


def _names(names: Iterable[str]) -> re.Pattern[str]:
    parts = [
        rf"(?<!\w){re.escape(name)}(?!\w)" if name.isascii() else re.escape(name)
        for name in sorted({name.strip() for name in names}, key=lambda n: (-len(n), n))
        if len(name) > 1
    ]
    return re.compile("|".join(parts) or "(?!)", re.IGNORECASE)


def _pattern(words: WordList) -> re.Pattern[str]:
    """The longest first, so that `大部分` is told as one word."""
    zh = [re.escape(word) for word in sorted(words.zh, key=len, reverse=True)]
    en = [rf"\b{re.escape(word)}\b" for word in sorted(words.en, key=len, reverse=True)]
    return re.compile("|".join([*zh, *en]) or "(?!)", re.IGNORECASE)


def _found(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    return iter(dict.fromkeys(found[0] for found in pattern.finditer(text)))


def _vague(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Vague words of sentences in which nothing is counted."""
    vague = [
        found[0]
        for sentence in _SENTENCE.split(text)
        if not _COUNT.search(sentence)
        for found in pattern.finditer(sentence)
    ]
    return iter(dict.fromkeys(vague))
