"""Knows how bytes reach a disk so that a crash at any moment leaves the old or the new, whole."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from fcim_audit.errors import AuditError
from fcim_audit.language import Text


def write_whole(file: Path, data: bytes) -> None:
    """Write a file beside its place, then move it there; raises AuditError if it can't be."""
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            Path(name).chmod(0o666 & ~_umask())
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        sync_folder(file.parent)
    except OSError as error:
        raise unwritable(file, error) from error


def copy_whole(source: Path, file: Path) -> None:
    """Copy a file beside its new place, then move it there; raises AuditError if it can't be."""
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name[:40]}.")
        try:
            with os.fdopen(handle, "wb") as out, source.open("rb") as opened:
                shutil.copyfileobj(opened, out, 1 << 20)
                out.flush()
                os.fsync(out.fileno())
            Path(name).chmod(0o666 & ~_umask())
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        sync_folder(file.parent)
    except OSError as error:
        raise unwritable(file, error) from error


def append_whole(file: Path, data: bytes) -> None:
    """Append to a file and see it on the disk; what could only be written in part is cut off again."""
    try:
        new = not file.exists()
        with file.open("ab", buffering=0) as out:
            before = out.tell()
            try:
                written = out.write(data)
                if written != len(data):
                    raise OSError(28, "No space left on device")
                os.fsync(out.fileno())
            except BaseException:
                os.ftruncate(out.fileno(), before)
                raise
        if new:
            sync_folder(file.parent)
    except OSError as error:
        raise unwritable(file, error) from error


def sync_folder(folder: Path) -> None:
    """See a folder's entries on the disk, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def text_sha256(data: bytes) -> bytes:
    """The digest of a text file that people edit: line ends of Windows don't change it."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).digest()


def sha256_of(file: Path) -> str:
    """A file's sha256 in hexadecimal; raises AuditError if it can't be read."""
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise AuditError(
            Text(f"无法读取：{error.strerror}", f"can't be read: {error.strerror}"), str(file)
        ) from error


def unwritable(file: Path, error: OSError) -> AuditError:
    """What to tell of a file that can't be written."""
    return AuditError(
        Text(f"写不了：{error.strerror}", f"can't be written: {error.strerror}"),
        str(file),
        Text(
            "检查权限和磁盘空间，关闭正在打开它的程序",
            "check permissions, space and programs that hold it open",
        ),
    )


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
