"""Knows how a value that may name a person becomes a keyed hash: the same person, the same hash."""

from __future__ import annotations

from pathlib import Path

from fcim_audit.errors import UsageError
from fcim_audit.language import Text

LEAST_BYTES = 16
_BLOCK = 64
_SHOWN = 16


def key_in(path: Path) -> str:
    """The key in a file, as hex; raises UsageError where it can't be read or is too short."""
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise UsageError(
            Text(
                f"读不了密钥文件：{error.strerror}", f"the key file can't be read: {error.strerror}"
            ),
            "--pseudonymise",
            Text("检查路径和权限", "check its path and permissions"),
        ) from None
    if len(key) < LEAST_BYTES:
        raise UsageError(
            Text(f"密钥不足 {LEAST_BYTES} 字节", f"the key has less than {LEAST_BYTES} bytes"),
            "--pseudonymise",
            Text("例如 openssl rand -hex 32 > 密钥", "for example openssl rand -hex 32 > KEYFILE"),
        )
    return key.hex()


def pseudonym_sql(sql: str, key: str) -> str:
    """SQL for the pseudonym of a text: `P-` and half of its HMAC-SHA256 (RFC 2104); NULL stays NULL.

    `key` is hex. Blank text stays blank: that nothing was written says nothing of a person.
    """
    import hashlib

    raw = bytes.fromhex(key)
    block = (hashlib.sha256(raw).digest() if len(raw) > _BLOCK else raw).ljust(_BLOCK, b"\0")
    inner = _blob(bytes(byte ^ 0x36 for byte in block))
    outer = _blob(bytes(byte ^ 0x5C for byte in block))
    hashed = f"sha256({outer} || unhex(sha256({inner} || encode({sql}))))"
    return f"CASE WHEN trim({sql}) = '' THEN {sql} ELSE 'P-' || {hashed}[:{_SHOWN}] END"


def _blob(data: bytes) -> str:
    return f"unhex('{data.hex()}')"
