"""Knows the electronic signatures in a PDF: who, when, over what, and whether anything changed since.

A signature answers several questions, and a good answer to one is none to another: an intact
signature may be anybody's, a trusted one may cover half of the file. So every fact stands alone
here. Nothing is fetched: revocation is judged by what the file itself carries.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fcim_audit.language import Text
from fcim_audit.readers.base import Unreadable
from fcim_audit.readers.document import SIGNATURE_HEADINGS, SignatureRow

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus
    from pypdf import PdfReader

EXTRA = "pdf-signatures"
MAX_SIGNATURES = 200


class Integrity(StrEnum):
    """Whether the bytes that were signed are the bytes that stand there."""

    INTACT = "intact"
    ALTERED = "altered"


class Changes(StrEnum):
    """What was added to the file after the signature."""

    NONE = "none"
    ALLOWED = "allowed"
    """Further signatures, or fields of a form that its signer left open."""
    UNEXPLAINED = "unexplained"
    """Notes, or bytes that no later revision accounts for."""
    OTHER = "other"
    """Something that a reader would see changed."""


class Covers(StrEnum):
    """How much of the file was signed."""

    WHOLE = "whole"
    REVISION = "revision"
    """All that stood there at the time; the file has grown since."""
    PART = "part"


class Trust(StrEnum):
    """Whether the signer's certificate leads to a root that the auditor trusts, at the time signed."""

    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: its field, and one fact for each question; None where nothing could be told.

    `claimed_at` is what the signer's machine said, `proven_at` what a trusted time stamp says.
    `root` is the SHA-256 of the root certificate that the signer's leads to.
    """

    field: str
    signer: str | None = None
    issuer: str | None = None
    claimed_at: dt.datetime | None = None
    proven_at: dt.datetime | None = None
    integrity: Integrity | None = None
    covers: Covers | None = None
    changes: Changes | None = None
    trust: Trust | None = None
    root: str | None = None


def signed_fields(reader: PdfReader) -> list[str]:
    """The names of the signature fields that are filled, in the order of the form."""
    fields = reader.get_fields() or {}
    return [
        str(name)
        for name, f in fields.items()
        if f.get("/FT") == "/Sig" and f.get("/V") is not None
    ]


def signatures(path: Path, roots: Sequence[Path]) -> tuple[Signature, ...]:
    """Every signature of a PDF, judged against the root certificates (PEM or DER) of the auditor.

    Raises Unreadable for a file or root that can't be read, ModuleNotFoundError without the extra
    `pdf-signatures`.
    """
    import pyhanko.sign.validation  # noqa: F401  # whether the extra is there shows here
    from pyhanko.pdf_utils.reader import PdfFileReader

    anchors = [anchor for file in roots for anchor in root_certificates(file)]
    try:
        with path.open("rb") as stream:
            reader = PdfFileReader(stream, strict=False)
            found = list(reader.embedded_regular_signatures)
            if len(found) > MAX_SIGNATURES:
                raise _too_many()
            return tuple(_judged(signature, anchors) for signature in found)
    except Unreadable:
        raise
    except Exception as error:  # a hostile file makes the library raise anything
        raise Unreadable(
            Text("电子签名的结构异常", "its electronic signatures are oddly built"),
            hint=Text("用签章平台的验签工具核对", "verify it with the signing platform's tool"),
        ) from error


def _too_many() -> Unreadable:
    return Unreadable(
        Text(f"电子签名超过 {MAX_SIGNATURES} 个", f"has more than {MAX_SIGNATURES} signatures")
    )


def root_certificates(file: Path) -> Iterator[Certificate]:
    """The certificates in a PEM or DER file; raises Unreadable where there is none."""
    from asn1crypto import pem, x509

    try:
        held = file.read_bytes()
        blocks = [der for _, _, der in pem.unarmor(held, multiple=True)] if b"-----" in held else []
        for der in blocks or [held]:
            certificate = x509.Certificate.load(der)
            _ = certificate.native
            yield certificate
    except (OSError, ValueError, TypeError) as error:
        raise Unreadable(
            Text("不是根证书文件", "holds no root certificate"),
            file.name,
            Text("需要 PEM 或 DER 证书", "give certificates as PEM or DER"),
        ) from error


def _judged(found: EmbeddedPdfSignature, anchors: Sequence[Certificate]) -> Signature:
    """One signature; one that can't be judged keeps its name alone."""
    name = str(found.field_name)
    try:
        return _facts(name, found, anchors)
    except Exception:  # noqa: BLE001  # one broken signature must not hide the others
        return Signature(name)


def _facts(name: str, found: EmbeddedPdfSignature, anchors: Sequence[Certificate]) -> Signature:
    from pyhanko.sign.validation import validate_pdf_signature

    claimed = found.self_reported_timestamp
    context = _context(anchors, claimed)
    status = validate_pdf_signature(found, context, _context(anchors, claimed))
    stamp = status.timestamp_validity
    proven = stamp is not None and stamp.valid and stamp.intact and stamp.trusted
    trust = _trust(status, anchors, claimed)
    path = status.validation_path
    return Signature(
        field=name,
        signer=_named(status.signing_cert.subject),
        issuer=_named(status.signing_cert.issuer),
        claimed_at=claimed,
        proven_at=stamp.timestamp if proven and stamp is not None else None,
        integrity=Integrity.INTACT if status.intact and status.valid else Integrity.ALTERED,
        covers=_covers(status),
        changes=_changes(status),
        trust=trust,
        root=_fingerprint(path.first) if trust is Trust.TRUSTED and path is not None else None,
    )


def _named(name: Any) -> str:
    """A person or body as its certificate calls it: common name and organisation."""
    said = name.native
    parts = [said.get("common_name"), said.get("organization_name")]
    return ", ".join(str(part) for part in parts if part) or str(name.human_friendly)


def _fingerprint(certificate: Certificate | Any) -> str:
    held: bytes = certificate.dump()
    return hashlib.sha256(held).hexdigest()


def _context(anchors: Sequence[Certificate], moment: dt.datetime | None) -> Any:
    """What is trusted, at the time the signer claims; no network, no list of the machine's own."""
    from pyhanko_certvalidator import ValidationContext

    aware = None if moment is None or moment.tzinfo is None else moment
    return ValidationContext(
        trust_roots=list(anchors), allow_fetching=False, moment=aware, revocation_mode="soft-fail"
    )


def _trust(
    status: PdfSignatureStatus, anchors: Sequence[Certificate], claimed: dt.datetime | None
) -> Trust:
    """Not checked without roots, without a time that is claimed, or of a signature that is broken."""
    sound = status.intact and status.valid
    if not anchors or not sound or claimed is None or claimed.tzinfo is None:
        return Trust.NOT_CHECKED
    if status.trusted:
        return Trust.TRUSTED
    if status.revoked:
        return Trust.REVOKED
    problem = status.trust_problem_indic
    named = getattr(problem, "name", "") or ""
    return Trust.EXPIRED if "OUT_OF_BOUNDS" in named else Trust.UNTRUSTED


def _covers(status: PdfSignatureStatus) -> Covers:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if status.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return Covers.WHOLE
    is_revision = status.coverage is SignatureCoverageLevel.ENTIRE_REVISION
    return Covers.REVISION if is_revision else Covers.PART


def _changes(status: PdfSignatureStatus) -> Changes:
    from pyhanko.sign.diff_analysis import ModificationLevel

    level = status.modification_level
    if _covers(status) is Covers.WHOLE:
        return Changes.NONE
    if level is None or level in {ModificationLevel.NONE, ModificationLevel.ANNOTATIONS}:
        return Changes.UNEXPLAINED
    if level is ModificationLevel.OTHER or not status.docmdp_ok:
        return Changes.OTHER
    return Changes.ALLOWED


def signature_rows(
    path: Path, roots: Sequence[Path], fields: Sequence[str]
) -> tuple[SignatureRow, ...]:
    """The signatures in the named fields as rows; what could not be told is doubtful, never empty.

    Without the extra, or where the signatures are oddly built, every fact about them is doubtful.
    """
    why = "电子签名无法解析 / the signature can't be parsed"
    try:
        found = judged(path, roots, fields)
    except ModuleNotFoundError:
        found, why = tuple(map(Signature, fields)), f'pip install "fcim-audit[{EXTRA}]"'
    return tuple(_row(signature, why) for signature in found)


def judged(path: Path, roots: Sequence[Path], fields: Sequence[str]) -> tuple[Signature, ...]:
    """One signature for each of the named fields at least; nothing is known of one oddly built."""
    if not fields:
        return ()
    try:
        found = {signature.field: signature for signature in signatures(path, roots)}
    except Unreadable:
        found = {}
    names = (*fields, *(name for name in found if name not in fields))
    return tuple(found.get(name, Signature(name)) for name in names)


def _row(signature: Signature, why: str) -> SignatureRow:
    cells = (
        signature.field, signature.signer, signature.issuer, _stamp(signature.claimed_at),
        _stamp(signature.proven_at), signature.integrity, signature.covers, signature.changes,
        signature.trust, signature.root,
    )  # fmt: skip
    doubts = dict(_doubts(signature, why))
    told = ("" if index in doubts else str(cell or "") for index, cell in enumerate(cells))
    return SignatureRow(tuple(told), doubts)


def _doubts(signature: Signature, why: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """The cells that say nothing certain, each with the kind of doubt and its words."""
    if signature.integrity is None:
        yield from ((i, ("not_checked", why)) for i in range(1, len(SIGNATURE_HEADINGS)))
        return
    if signature.changes is Changes.UNEXPLAINED:
        yield SIGNATURE_HEADINGS.index("签后变更"), ("unexplained_change", str(signature.changes))
    trust = SIGNATURE_HEADINGS.index("信任")
    if signature.trust is Trust.UNTRUSTED:
        yield trust, ("not_trusted", f"{signature.issuer}")
    if signature.trust is Trust.NOT_CHECKED:
        yield trust, ("not_checked", "bundle.yaml: signature_roots")


def _stamp(moment: dt.datetime | None) -> str:
    return "" if moment is None else moment.isoformat()
