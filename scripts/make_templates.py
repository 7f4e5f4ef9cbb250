"""Makes the Word templates that come with the tool; a body may restyle the result in Word.

python -m scripts.make_templates
"""

from __future__ import annotations

import datetime as dt
import io
import sys
from pathlib import Path

from fcim_audit.renderers.docx.filling import without_times
from scripts.word_templates import audit, checklist, gap, nc, plan, recommendation, result
from scripts.word_templates.blocks import Build, Word

FOLDER = Path(__file__).resolve().parents[1] / "templates"
ALWAYS = dt.datetime(2026, 1, 1)
BUILDS: dict[str, tuple[Build, tuple[str, str]]] = {
    "report": (result.build, ("{{ organisation }}", "{{ organisation }}")),
    "plan": (plan.build, ("{{ body }} · {{ audit_id }}",) * 2),
    "checklist": (checklist.build, ("{{ body }} · {{ audit_id }}",) * 2),
    "nc": (nc.build, ("{{ body }} · {{ audit_id }}",) * 2),
    "audit": (audit.build, ("{{ body }} · {{ audit_id }}",) * 2),
    "gap": (gap.build, ("{{ organisation }} · {{ audit_id }}",) * 2),
    "recommendation": (recommendation.build, ("{{ body }} · {{ audit_id }}",) * 2),
}


def main() -> None:
    """Write each template in both languages."""
    FOLDER.mkdir(exist_ok=True)
    for name, (build, heads) in BUILDS.items():
        for lang, head in zip(("zh", "en"), heads, strict=True):
            word = Word.new(lang, head)
            build(word)
            document = word.finished()
            properties = document.core_properties
            properties.title, properties.author, properties.comments = name, "fcim-audit", ""
            properties.created = properties.modified = ALWAYS
            out = io.BytesIO()
            document.save(out)
            file = FOLDER / f"{name}.{lang}.docx"
            file.write_bytes(without_times(out.getvalue()))
            sys.stdout.write(f"{file.name}\n")


if __name__ == "__main__":
    main()
