"""Knows how the electronic signatures of single PDFs are told, read by the child like all evidence."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter

from fcim_audit.errors import AuditError
from fcim_audit.evidence.reader_process import ReaderProcess
from fcim_audit.language import Text
from fcim_audit.readers.pdf_signatures import Signature
from fcim_audit.yaml_source import Strict

_TYPE = TypeAdapter(tuple[Signature, ...])


class SignaturesJob(Strict):
    """One PDF, the root certificates it is held against, and where the answer goes."""

    path: Path
    roots: tuple[Path, ...]
    out: Path


def tell_signatures(job: SignaturesJob) -> None:
    """In the child: write every signature of the PDF; raises Unreadable."""
    from fcim_audit.readers.pdf import signature_fields
    from fcim_audit.readers.pdf_signatures import judged

    found = judged(job.path, job.roots, signature_fields(job.path))
    job.out.write_bytes(_TYPE.dump_json(found))


def signatures_in(
    reader: ReaderProcess, path: Path, roots: Sequence[Path]
) -> tuple[Signature, ...] | AuditError:
    """Every signature of one PDF, or what kept it from being read."""
    with tempfile.TemporaryDirectory(prefix="fcim-signed-") as folder:
        out = Path(folder) / "signatures.json"
        job = SignaturesJob(path=path.resolve(), roots=tuple(r.resolve() for r in roots), out=out)
        try:
            verdict = reader.ask("signatures", job.model_dump_json())
        except AuditError as lost:
            return AuditError(lost.problem, str(path), lost.hint)
        mistakes = verdict.get("mistakes")
        if isinstance(mistakes, list):
            hint = mistakes[0]["hint"]
            return AuditError(
                Text(**mistakes[0]["problem"]), str(path), None if hint is None else Text(**hint)
            )
        return _TYPE.validate_json(out.read_bytes())
