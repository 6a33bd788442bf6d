"""The command line called in this process, and what a terminal shows."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from advisor.__main__ import main


class Said(NamedTuple):
    """What a command gave back."""

    code: int
    out: str
    err: str


Call = Callable[..., Said]


def caller(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *command: str
) -> Call:
    """What calls a command with more words; `answer` is what a person types."""

    def call(*words: str | Path, answer: str = "") -> Said:
        monkeypatch.setattr(sys, "argv", ["advisor", *command, *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Said(int(ended.value.code or 0), said.out, said.err)

    return call


def everything(terminal: int) -> str:
    """Read what a terminal shows by now; the system hands it over in pieces."""
    pieces = []
    with suppress(BlockingIOError):
        while piece := os.read(terminal, 65536):
            pieces.append(piece)
    return b"".join(pieces).decode()
