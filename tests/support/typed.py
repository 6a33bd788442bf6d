"""Types the commands that documents show, and writes what they said into a file, as JSON."""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from documented import ROOT, Said, examples, files

BY_NAME = {
    "advisor app": "a server; a test starts it and asks it something",
    "advisor worker": "ends when it is told to; tests/pilot/running runs it",
    "advisor pilot run": "takes eleven minutes; tests/pilot/running runs a small one",
    "advisor pilot pause": "wants a pilot that runs; tests/pilot/running has one",
    "advisor pilot resume": "wants a paused pilot; tests/pilot/running has one",
    "advisor classify log.jsonl --out results.jsonl --ray": "a cluster; tests/bulk starts one",
}
"""Commands of which only the name and the options are tried, and why."""

ASKED = ("advisor probe", "advisor second-opinion")
"""Commands that ask a model: here a service on this machine which has one answer to everything."""

ELSEWHERE = ("curl ",)
"""Commands that need a running app: a test of their own starts it."""

NO = {"advisor classifier learn": "nobody corrected anything here"}
"""Commands whose answer is no, exit 1, in the folder where they are tried."""


class Terminal:
    """A folder that looks like a checkout, where commands are typed one after the other."""

    def __init__(self, folder: Path) -> None:
        """Put into `folder` the files that the documents speak of."""
        from advisor.importing import write_csv
        from advisor.samples import samples

        self.folder = folder
        self.home = folder / "home"
        self._ids: dict[str, str] = {}
        failures = samples()["returns-desk"].failures
        (folder / "advisor").symlink_to(ROOT / "advisor")
        (folder / "failures.csv").write_text(write_csv(failures), encoding="utf-8")
        rows = (one.model_dump_json() for one in failures)
        (folder / "log.jsonl").write_text("\n".join(rows), encoding="utf-8")
        (folder / "handbook").mkdir()
        (folder / "handbook" / "rules.txt").write_text("4.2 Coats: 100 days.", encoding="utf-8")

    def type(self, command: str) -> Said:
        """Run a command of a document, or what stands in for it."""
        if not command.startswith("advisor ") or command.startswith((*BY_NAME,)):
            return self.is_there(command)
        words = shlex.split(self._filled(command))[1:]
        if command.startswith(ASKED):
            with _service() as there:
                return self.advisor(*words, "--yes", **there)
        return self.advisor(*words)

    def advisor(self, *words: str, **environment: str) -> Said:
        """Call the command line in this process, with an environment that is always the same."""
        from advisor.__main__ import main

        out, err = io.StringIO(), io.StringIO()
        with ExitStack() as here:
            here.enter_context(patch.dict(os.environ, self._environment(environment), clear=True))
            here.enter_context(patch.object(sys, "argv", ["advisor", *words]))
            here.enter_context(patch.object(sys, "stdin", io.StringIO()))
            here.enter_context(_inside(self.folder))
            here.enter_context(redirect_stdout(out))
            here.enter_context(redirect_stderr(err))
            code = _exit(main)
        return Said(code, out.getvalue(), err.getvalue())

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if "ADVISOR" not in name}
        return kept | {"COLUMNS": "80", "ADVISOR_HOME": str(self.home)} | dict(more)

    def is_there(self, command: str) -> Said:
        """Tell whether a command and its options are there, without running it."""
        first, *words = shlex.split(command)
        if first == "make":  # what it does takes minutes
            return _outside("make", "--dry-run", *words)
        if first != "advisor":
            return Said(2, "", "nobody said how to try this")
        names = itertools.takewhile(lambda word: re.fullmatch("[a-z-]+[a-z]", word), words)
        said = self.advisor(*[one for one in names if not one.startswith("-")][:2], "--help")
        unknown = [one for one in words if one.startswith("--") and one not in said.out]
        return Said(2 if unknown else said.code, "", said.err + " ".join(unknown))

    def ids(self) -> dict[str, str]:
        """Return the ids of an approved proposal and its pilot, which are made once."""
        self._ids = self._ids or self._approved()
        return self._ids

    def _filled(self, command: str) -> str:
        return re.sub(r"\b(PROPOSAL|PILOT)\b", lambda word: self.ids()[word[0]], command)

    def _approved(self) -> dict[str, str]:
        """Let people of every role try and approve a proposal; return its id and its pilot's."""
        from world import State, World  # type: ignore[attr-defined]

        from advisor.store import open_store

        root = ("people", "add", "Root", "--email", "root@example.org", "--role", "administrator")
        if not self.advisor("people", "list").out:
            self.advisor(*root)
        admin = self.advisor("people", "list").out.split()[0]
        with patch.dict(os.environ, self._environment({}), clear=True):
            store = open_store()
            proposal = World(store, admin, "").at(State.APPROVED)
        return {"PROPOSAL": proposal, "PILOT": self.advisor("pilot", "list").out.split()[0]}


def _exit(main: Callable[[], None]) -> int:
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def _outside(*words: str) -> Said:
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return Said(done.returncode, "", done.stderr)


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextmanager
def _service() -> Iterator[dict[str, str]]:
    from endpoints import said, service

    answer = json.dumps({"because": "The rule is old.", "mode": "stale_knowledge", "sure": 0.9})
    with service(lambda body: said(answer)) as running:
        yield {"ADVISOR_ENDPOINT_URL": running.url, "ADVISOR_ENDPOINT_MODEL": "a-model"}


def _type_all(document: Path) -> list[list[Said]]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        terminal, text = Terminal(Path(folder)), document.read_text("utf-8")
        for name, content in files(text).items():
            (Path(folder) / name).write_text(content, encoding="utf-8")
        return [
            [terminal.type(one) for one in example.commands if not one.startswith(ELSEWHERE)]
            for example in examples(text)
        ]


def main(result: str, *documents: str) -> None:
    """Write what the commands of documents say into a file."""
    import torch

    # In bfloat16, which some processors have, the last digits come out otherwise.
    torch.cpu._is_avx512_bf16_supported = lambda: False
    said = {one: _type_all(Path(one)) for one in documents}
    Path(result).write_text(json.dumps(said), encoding="utf-8")


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]
    main(*sys.argv[1:])
