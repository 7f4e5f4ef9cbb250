"""Knows what a review works on: the audit as it stands on the disk, read anew for every request."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fcim_audit.auditfile.folder import AUDIT, OUT, Audit, open_audit
from fcim_audit.auditfile.judging import Bench, standing_mistakes
from fcim_audit.auditfile.proposals import RESULT_FILE, Proposals, proposals_of
from fcim_audit.auditfile.schema import Member
from fcim_audit.auditfile.standing import Standing, Standings, standings_of
from fcim_audit.checklist.schema import Checklist
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text
from fcim_audit.profile import Profile

FILES_OFFERED = 2_000


@dataclass(slots=True)
class Desk:
    """An audit folder, its checklist and profile, who sits here, and the clock of the command."""

    folder: Path
    checklist: Checklist
    profile: Profile
    member: str
    clock: Callable[[], dt.datetime]
    _stamp: tuple[int, int, int] | None = field(default=None, init=False)
    _proposals: Proposals | None = field(default=None, init=False)

    def standings(self) -> Standings:
        """Where every requirement stands now; raises AuditErrors with all that is wrong."""
        bench = self.bench(open_audit(self.folder))
        raise_all(standing_mistakes(bench))
        return standings_of(bench, self.profile)

    def bench(self, audit: Audit) -> Bench:
        """The audit with the checklist it was begun with and the last proposals."""
        if audit.file.criteria.sha256 != self.checklist.sha256:
            raise AuditError(
                Text(
                    "检查表与审核开始时的不同",
                    "the checklist is not the one that the audit was begun with",
                ),
                audit.where(AUDIT, ("criteria", "sha256")),
                Text("关闭此页，改好后重新打开", "close the review, mend it, and open it again"),
            )
        return Bench(audit, self.checklist, self._last_proposals())

    def me(self, audit: Audit) -> Member:
        """Who sits here; raises AuditError if the team no longer has this member."""
        member = audit.file.member(self.member)
        if member is None:
            raise AuditError(
                Text(f"审核组没有成员 {self.member}", f"nobody in the team is {self.member}"),
                audit.where(AUDIT, ("team",)),
            )
        return member

    def files(self) -> Iterator[str]:
        """The first files below `evidence/`, in order of their names."""
        root = self.folder / "evidence"
        found = 0
        for folder, below, names in os.walk(root):
            below.sort()
            for name in sorted(names):
                if found == FILES_OFFERED:
                    return
                if not name.startswith("."):
                    found += 1
                    yield (Path(folder) / name).relative_to(root).as_posix()

    def _last_proposals(self) -> Proposals | None:
        """Read again only when the file is another one: a result has megabytes."""
        try:
            found = (self.folder / OUT / RESULT_FILE).stat()
        except OSError:
            self._stamp, self._proposals = None, None
            return None
        stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        if stamp != self._stamp:
            self._proposals = proposals_of(self.folder)
            self._stamp = stamp
        return self._proposals


def seen(item: Standing) -> str:
    """What a reader saw of a requirement: judgement and proposal, as one hash."""
    parts = (item.entry, item.proposal)
    text = "\n".join("" if part is None else part.model_dump_json() for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
