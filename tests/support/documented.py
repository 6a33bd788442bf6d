"""What README.md and docs/ show: their commands, and what those print."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

VARIES = (
    (r"\b(?=[a-z]*\d)[a-z0-9]{20}\b", "ID"),
    (r"\b[0-9a-f]{64}\b", "HASH"),
    (r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)", "TIME"),
    (r"\d{1,2} [A-Z][a-z]+ 20\d\d(, \d\d:\d\d UTC)?", "TIME"),
)
"""What differs from run to run; all else that is printed must be what is shown."""


class Example(NamedTuple):
    """Commands of one block, and what the document says that they print."""

    commands: tuple[str, ...]
    shown: str | None
    span: tuple[int, int]


class Said(NamedTuple):
    """What a command gave back."""

    code: int
    out: str
    err: str


def examples(text: str) -> list[Example]:
    """Return the blocks of commands of a document, each with the output that follows it.

    Raises:
        ValueError: an output follows no command.
    """
    found: list[Example] = []
    for block in _FENCE.finditer(text):
        if block[1] == "console":
            found.append(Example(_commands(block[2]), None, block.span(2)))
        elif block[1] == "text":
            if not found or found[-1].shown is not None:
                raise ValueError(f"this output follows no command: {block[2][:80]}")
            found[-1] = Example(found[-1].commands, block[2], block.span(2))
    return found


def _commands(block: str) -> tuple[str, ...]:
    lines = block.replace("\\\n", " ").splitlines()
    return tuple(filter(None, (re.sub(r"(^|\s+)# .*", "", line).strip() for line in lines)))


def files(text: str) -> dict[str, str]:
    """Return the files that a document shows, by the name in their first line."""
    blocks = (block[2] for block in _FENCE.finditer(text) if block[1] == "yaml")
    named = ((re.match(r"# ([\w-]+\.yaml)\n", block), block) for block in blocks)
    return {name[1]: block for name, block in named if name}


def tidy(printed: str) -> str:
    """Return an output as a document shows it, without spaces that nobody sees."""
    return "\n".join(line.rstrip() for line in printed.splitlines()).strip("\n") + "\n"


def settled(printed: str) -> list[str]:
    """Return the lines of an output without what varies."""
    for pattern, word in VARIES:
        printed = re.sub(pattern, word, printed)
    return tidy(printed).splitlines()


def typed(documents: Iterable[Path]) -> dict[str, list[list[Said]]]:
    """Run all commands of documents; return for each what every command of every block said.

    One process for all, as the encoder takes seconds to start, and one of its own, as that
    computes in 32 bits.
    """
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "said.json"
        program = str(ROOT / "tests" / "support" / "typed.py")
        done = subprocess.run(
            [sys.executable, program, str(result), *map(str, documents)],
            cwd=ROOT, env=_plain(), stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr)
        said: dict[str, Any] = json.loads(result.read_text("utf-8"))
    return {name: [[Said(*one) for one in block] for block in all] for name, all in said.items()}


def _plain() -> dict[str, str]:
    """Return the environment without what makes help colourful or wide where no terminal is."""
    without = {"FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "TERMINAL_WIDTH"}
    return {name: value for name, value in os.environ.items() if name not in without}
