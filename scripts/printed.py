"""Write into README.md and docs/ what their commands print now.

python scripts/printed.py [FILE …]
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from documented import DOCUMENTS, Example, Said, examples, settled, tidy, typed  # noqa: E402


def renewed(text: str, said: list[list[Said]]) -> str:
    """Return a document with every output that is not what is printed now replaced."""
    for example, block in reversed([*zip(examples(text), said, strict=True)]):
        text = _with(text, example, "".join(one.out for one in block))
    return text


def _with(text: str, example: Example, printed: str) -> str:
    if example.shown is None or settled(example.shown) == settled(printed):
        return text
    start, end = example.span
    return text[:start] + tidy(printed) + text[end:]


def main(*names: str) -> int:
    """Renew documents, all if none is named; exit 1 if a command of theirs does not work."""
    documents = [Path(name).resolve() for name in names] or [*DOCUMENTS]
    failed = 0
    for name, said in typed(documents).items():
        path = Path(name)
        path.write_text(renewed(path.read_text("utf-8"), said), encoding="utf-8")
        for one in (one for block in said for one in block if one.code not in {0, 1}):
            print(f"{path.name}: {one.err}", file=sys.stderr)
            failed = 1
    return failed


sys.exit(main(*sys.argv[1:]))
