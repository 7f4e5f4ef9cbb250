"""Knows where a run's inputs lie: checklist, profile, cache, cut-off and scope."""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from fcim_audit.checklist.files import load_datasets
from fcim_audit.checklist.shipped import shipped
from fcim_audit.datasets import Dataset
from fcim_audit.errors import UsageError
from fcim_audit.evidence.bundle import written_moment
from fcim_audit.evidence.known import Secrets
from fcim_audit.evidence.pseudonyms import key_in
from fcim_audit.kept import Shelf
from fcim_audit.language import Text
from fcim_audit.yaml_source import Refusal

if TYPE_CHECKING:
    from fcim_audit.checklist.schema import Checklist
    from fcim_audit.profile import Profile

DEFAULT_CHECKLIST = "fcim"
DEFAULT_PROFILE = "iso17021-2015"


def checklist_at(
    option: Path | None, *, rules: bool = True, shelf: Shelf | None = None
) -> Checklist:
    """The checklist of the option, else the one that comes with the tool; `rules`: check them too."""
    from fcim_audit.checklist.load import load_checklist

    folder = option or shipped("checklists") / DEFAULT_CHECKLIST
    return load_checklist(folder, rules=rules, shelf=shelf)


def profile_at(option: Path | None) -> Profile:
    """The profile of the option, else the one that comes with the tool."""
    from fcim_audit.profile import load_profile

    return load_profile(option or shipped("checklists") / "profiles" / f"{DEFAULT_PROFILE}.yaml")


def checklist_in_use(option: Path | None, cache: Path) -> Checklist:
    """The checklist that an audit is held by; rules are compiled only of another than the tool's, and once."""
    return checklist_at(option, rules=option is not None, shelf=Shelf(cache / "sound"))


def datasets_at(option: Path | None) -> dict[str, Dataset]:
    """The datasets of the checklist of the option, else of the one that comes with the tool."""
    return load_datasets(option or shipped("checklists") / DEFAULT_CHECKLIST)


@contextmanager
def cache_folder(wanted: bool = True) -> Iterator[Path]:
    """Where ingested evidence is kept: FCIM_CACHE or the user's cache; a temporary folder if not wanted."""
    folder = _cache_of_user() if wanted else None
    if folder is not None and _usable(folder):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="fcim-cache-") as temporary:
        yield Path(temporary)


def _cache_of_user() -> Path | None:
    said = os.environ.get("FCIM_CACHE")
    if said:
        return Path(said)
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData/Local")) / "fcim-audit" / "cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "fcim-audit"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "fcim-audit"


def _usable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def secrets_of(password_file: Path | None, key_file: Path | None) -> Secrets:
    """What is asked for by `--password-file` and `--pseudonymise`."""
    return Secrets(passwords_of(password_file), key_in(key_file) if key_file is not None else None)


def passwords_of(option: Path | None) -> tuple[str, ...]:
    """The passwords in a file, one a line; blank lines aside."""
    if option is None:
        return ()
    try:
        lines = option.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "UTF-8"
        raise UsageError(
            Text(f"读不了密码文件：{reason}", f"the password file can't be read: {reason}"),
            "--password-file",
            Text("UTF-8 文本，每行一个密码", "UTF-8 text, one password a line"),
        ) from None
    found = tuple(line for line in lines if line.strip())
    if not found:
        raise UsageError(
            Text("密码文件是空的", "the password file is empty"),
            "--password-file",
            Text("每行一个密码", "one password a line"),
        )
    return found


def cut_off(option: str | None) -> dt.datetime | None:
    """`--as-of` as a moment; a plain date is the end of that day."""
    if option is None:
        return None
    try:
        moment = written_moment(option, end_of_day=True)
    except Refusal as refusal:
        raise UsageError(refusal.problem, "--as-of", refusal.hint) from None
    assert isinstance(moment, dt.datetime)
    return moment


def scope_of(
    option: str | None, checklist: Checklist, where: str = "--only"
) -> frozenset[str] | None:
    """`--only 6.3,8.5.*` as requirement ids; a clause means everything under it.

    `where` names the option or command in messages.
    """
    if option is None:
        return None
    found: set[str] = set()
    for pattern in (part.strip() for part in option.split(",") if part.strip()):
        hits = {id_ for id_ in checklist.requirements if _is_under(id_, pattern)}
        if not hits:
            raise UsageError(
                Text(f"没有要求匹配 {pattern}", f"no requirement matches {pattern}"),
                where,
                Text("例如 6.3、6.3-d 或 8.5.*", "for example 6.3, 6.3-d or 8.5.*"),
            )
        found |= hits
    if not found:
        raise UsageError(Text("范围是空的", "the scope is empty"), where)
    return frozenset(found)


def _is_under(requirement: str, pattern: str) -> bool:
    return fnmatchcase(requirement, pattern) or requirement.startswith(
        (f"{pattern}.", f"{pattern}-")
    )
