"""Makes the pictures of the docs from the real reports of the sample organisation.

    python -m scripts.make_pictures

Needs LibreOffice, Chromium, poppler-utils and a Chinese font.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from fcim_audit.language import Lang
from fcim_audit.renderers import pdf
from scripts.png import Rows, beside, png, read_png, read_ppm

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
EVIDENCE = ROOT / "evidence_samples" / "property"
COMMAND = str(Path(sys.executable).parent / "fcim-audit")
ID, TODAY = "YQ-2026-S2", "2026-01-23"
PAGE = (1100, 1000)
"""The window of the browser, in pixels."""
_FINE = frozenset({0, 1, 4})
_PLAN = {
    Lang.ZH: ("云栖物业服务有限公司", "物业服务的全周期智慧化管控", "验证与准则的符合性", "张磊", "王敏",
              "近三年未提供咨询", "某认证有限公司", "总部", "杭州市西湖区"),
    Lang.EN: ("Yunqi Property Services Ltd.", "full-cycle management of property services",
              "verify conformity with the criteria", "Zhang Lei", "Wang Min",
              "no consulting in three years", "A Certification Body Ltd.", "Head office", "Hangzhou"),
}  # fmt: skip


def main() -> None:
    """Write every picture in both languages."""
    FOLDER.mkdir(exist_ok=True)
    for lang in Lang:
        with tempfile.TemporaryDirectory() as temporary:
            for name, rows in pictures(Path(temporary), lang):
                file = FOLDER / f"{name}.{lang}.png"
                file.write_bytes(png(rows))
                sys.stdout.write(f"{file.name} {file.stat().st_size}\n")


def pictures(work: Path, lang: Lang) -> Sequence[tuple[str, Rows]]:
    """Each picture by its name: the page, the audit report, a nonconformity report, the workbook."""
    audit = held(work, lang)
    for kind, format_ in (("audit", "html"), ("audit", "docx"), ("audit", "xlsx"), ("nc", "docx")):
        run(
            lang,
            "report",
            audit,
            "--kind",
            kind,
            "--format",
            format_,
            "--out",
            work,
            "--today",
            TODAY,
        )
    report = pdf.from_docx((work / f"{ID}-audit.docx").read_bytes())
    nc = pdf.from_docx((work / f"{ID}-nc.docx").read_bytes())
    book = printed(work / f"{ID}-audit.xlsx")
    return (
        ("page", page(work / f"{ID}-audit.html", work)),
        ("report", beside([drawn(report, n, 72, work) for n in (1, 2, 3)])),
        ("nc", beside([drawn(nc, n, 80, work) for n in (1, 2)])),
        ("workbook", drawn(book, 3, 110, work)),
    )


def held(work: Path, lang: Lang) -> Path:
    """The sample audit: evaluated, what can be accepted accepted, findings drafted."""
    who, scope, objective, lead, other, independence, body, site, address = _PLAN[lang]
    audit = work / "audit"
    run(
        lang, "audit", "new", audit, "--id", ID, "--organisation", who, "--type", "stage_2",
        "--scope", scope, "--objective", objective, "--start", "2026-01-20", "--end", "2026-01-22",
        "--member", f"ZL:{lead}:lead:*", "--member", f"WM:{other}:auditor:6,7",
        "--independence", independence, "--body", body, "--site", f"S1:{site}:{address}",
        "--address", address, "--evidence", EVIDENCE,
    )  # fmt: skip
    run(lang, "evaluate", audit, "--quiet")
    run(lang, "audit", "accept", "*", "-C", audit, "--by", "ZL")
    run(lang, "finding", "draft", "-C", audit, "--by", "ZL")
    return audit


def run(lang: Lang, *arguments: str | Path) -> None:
    """One command of the tool; anything but a result ends this."""
    done = subprocess.run(
        [COMMAND, *map(str, arguments)],
        env={**os.environ, "FCIM_LANG": lang.value},
        capture_output=True,
        check=False,
    )
    if done.returncode not in _FINE:
        raise SystemExit(done.stderr.decode())


def page(file: Path, work: Path) -> Rows:
    """The top of a page in Chromium, on a light ground."""
    shot = work / "page.png"
    program = pdf.browser()
    if program is None:
        raise SystemExit("there is no Chromium")
    width, height = PAGE
    subprocess.run(
        [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
         f"--user-data-dir={work / 'browser'}", f"--window-size={width},{height}",
         f"--screenshot={shot}", file.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return read_png(shot.read_bytes())


def printed(book: Path) -> bytes:
    """A workbook as LibreOffice prints it."""
    program = pdf.office()
    if program is None:
        raise SystemExit("there is no LibreOffice")
    subprocess.run(
        [program, "--headless", f"-env:UserInstallation={(book.parent / 'office').as_uri()}",
         "--convert-to", "pdf", "--outdir", str(book.parent), str(book)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return book.with_suffix(".pdf").read_bytes()


def drawn(document: bytes, number: int, dots: int, work: Path) -> Rows:
    """One page of a PDF, with so many dots an inch."""
    file = work / "drawn.pdf"
    file.write_bytes(document)
    done = subprocess.run(
        ["pdftoppm", "-r", str(dots), "-f", str(number), "-l", str(number), str(file)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return read_ppm(done.stdout)


if __name__ == "__main__":
    main()
