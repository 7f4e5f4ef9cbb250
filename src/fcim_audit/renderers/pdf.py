"""Knows how a document becomes a PDF: by LibreOffice, else by Chromium, never with unreadable Chinese."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from fcim_audit.errors import AuditError
from fcim_audit.language import Text

TIMEOUT = 300
_OFFICE = ("soffice", "libreoffice")
_MARKS = '{"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"}}'
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "msedge", "microsoft-edge")


def office() -> str | None:
    """LibreOffice on this machine."""
    return _first(_OFFICE)


def browser() -> str | None:
    """A browser that prints: Chromium, Chrome or Edge."""
    return _first(_BROWSERS)


def from_docx(data: bytes, *, with_marks: bool = False) -> bytes:
    """The Word document as PDF; raises AuditError without LibreOffice or a Chinese font.

    `with_marks`: each bookmark becomes a named destination of the PDF.
    """
    program = office()
    if program is None:
        raise _nothing_to_print_with(Text("没有 LibreOffice", "there is no LibreOffice"))
    _demand_font()
    form = "pdf" if not with_marks else f"pdf:writer_pdf_Export:{_MARKS}"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "a.docx").write_bytes(data)
        return _made(
            folder,
            [program, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
             "--convert-to", form, "--outdir", str(folder), str(folder / "a.docx")],
        )  # fmt: skip


def from_html(data: bytes) -> bytes:
    """The page as PDF; raises AuditError without a browser or a Chinese font."""
    program = browser()
    if program is None:
        raise _nothing_to_print_with(
            Text("没有 LibreOffice，也没有 Chromium 或 Edge", "there is neither LibreOffice nor Chromium or Edge")
        )  # fmt: skip
    _demand_font()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "a.html").write_bytes(data)
        return _made(
            folder,
            [program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'user'}",
             "--no-pdf-header-footer", f"--print-to-pdf={folder / 'a.pdf'}", (folder / "a.html").as_uri()],
        )  # fmt: skip


def _nothing_to_print_with(problem: Text) -> AuditError:
    return AuditError(
        problem,
        "--format pdf",
        Text("装上它，或用 --format docx", "install it, or use --format docx"),
    )


def _made(folder: Path, command: list[str]) -> bytes:
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False)
        why = done.stderr.decode(errors="replace").strip()[-300:]
    except (OSError, subprocess.TimeoutExpired) as error:
        why = str(error)[:300]
    made = folder / "a.pdf"
    if not made.is_file():
        raise AuditError(
            Text(f"没有生成 PDF：{why}", f"no PDF was made: {why}"),
            command[0],
            Text(
                "用 --format docx，再在 Word 中另存为 PDF",
                "use --format docx and save as PDF in Word",
            ),
        )
    return made.read_bytes()


def _demand_font() -> None:
    """Refuse to write boxes: a document with Chinese needs a font that has it."""
    lister = shutil.which("fc-list")
    if lister is None:
        return
    found = subprocess.run(
        [lister, ":lang=zh", "family"],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    if not found.stdout.strip():
        raise AuditError(
            Text("没有中文字体，PDF 会是方框", "no Chinese font: the PDF would show boxes"),
            "--format pdf",
            Text(
                "安装 fonts-noto-cjk（或宋体、微软雅黑）",
                "install fonts-noto-cjk (or SimSun, Microsoft YaHei)",
            ),
        )


def _first(names: tuple[str, ...]) -> str | None:
    return next((path for name in names if (path := shutil.which(name)) is not None), None)
