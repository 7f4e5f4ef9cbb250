"""Knows what was typed and is no judgement yet: `out/review-drafts.json`, by member and requirement."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from threading import Lock
from typing import Literal

from pydantic import Field, ValidationError

from fcim_audit.auditfile.folder import OUT
from fcim_audit.durable import write_whole
from fcim_audit.errors import AuditError
from fcim_audit.language import Text
from fcim_audit.serve.sent import Typed
from fcim_audit.yaml_source import Strict

DRAFTS_FILE = "review-drafts.json"


class Draft(Strict):
    """What was typed for one requirement, and when."""

    at: dt.datetime
    typed: Typed


class DraftsFile(Strict):
    """The whole file."""

    format: Literal["fcim-audit/review-drafts/1"] = Field(
        alias="schema", default="fcim-audit/review-drafts/1"
    )
    drafts: dict[str, dict[str, Draft]] = Field(default_factory=dict)


class Drafts:
    """The drafts of one member; raises AuditError for a file that is not theirs to read."""

    def __init__(self, folder: Path, member: str) -> None:
        self._file = folder / OUT / DRAFTS_FILE
        self._member = member
        self._lock = Lock()

    def all(self) -> dict[str, Draft]:
        """Every draft by requirement."""
        return dict(self._read().drafts.get(self._member, {}))

    def keep(self, requirement: str, typed: Typed, at: dt.datetime) -> None:
        """Keep what was typed; nothing typed keeps nothing."""
        self._put(requirement, None if typed.is_empty else Draft(at=at, typed=typed))

    def drop(self, requirement: str) -> None:
        """Forget a draft."""
        self._put(requirement, None)

    def _put(self, requirement: str, draft: Draft | None) -> None:
        with self._lock:
            whole = self._read()
            mine = dict(whole.drafts.get(self._member, {}))
            if mine.get(requirement) == draft:
                return
            mine.pop(requirement, None)
            if draft is not None:
                mine[requirement] = draft
            kept = {**whole.drafts, self._member: dict(sorted(mine.items()))}
            made = DraftsFile.model_validate({"drafts": {k: v for k, v in kept.items() if v}})
            try:
                self._file.parent.mkdir(exist_ok=True)
            except OSError as error:
                raise AuditError(
                    Text(f"不能新建：{error.strerror}", f"can't be made: {error.strerror}"),
                    str(self._file.parent),
                ) from error
            text = made.model_dump_json(by_alias=True, exclude_defaults=False, indent=1)
            write_whole(self._file, text.encode() + b"\n")

    def _read(self) -> DraftsFile:
        try:
            return DraftsFile.model_validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return DraftsFile()
        except OSError as error:
            raise AuditError(
                Text(f"无法读取：{error.strerror}", f"can't be read: {error.strerror}"),
                str(self._file),
            ) from error
        except ValidationError:
            raise AuditError(
                Text("不是审核页的草稿文件", "holds no drafts of a review"),
                str(self._file),
                Text(
                    "移走它再试（草稿不是判断）",
                    "move it away and try again: drafts are no judgements",
                ),
            ) from None
