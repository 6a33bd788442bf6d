"""What a change of rules changes: the rules of a git revision against those in the folder."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeVar

from advisor.errors import InputError, Problem
from advisor.rules.book import RuleBook, load, load_files
from advisor.rules.loading.rule_files import PATTERNS, RuleFiles, rules_folder

E = TypeVar("E")

REVISION = re.compile(r"(?!-)[A-Za-z0-9._/~^@{}-]+")
SECONDS = 20
"""How long one git command may take."""


@dataclass(frozen=True)
class RecommendationChange:
    """The recommendation for one example problem under the old and the new rules."""

    name: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Tell whether the rules changed the recommendation."""
        return self.before != self.after

    def __str__(self) -> str:
        """Return it as one line."""
        return (
            f"{self.name}: {self.before} -> {self.after}"
            if self.changed
            else (f"{self.name}: {self.before}, as before")
        )


def against(
    folder: Path | None,
    revision: str,
    examples: Mapping[str, E],
    recommend: Callable[[RuleBook, E], str],
) -> list[RecommendationChange]:
    """Return, for each example in order, what is recommended at `revision` and now.

    Raises:
        InputError: if there is no git, no repository or no such revision.
        RuleError: if the rules of either side do not load.
    """
    here = folder or rules_folder()
    old, new = book_at(here, revision), load(here)
    return [
        RecommendationChange(name, recommend(old, example), recommend(new, example))
        for name, example in examples.items()
    ]


def book_at(folder: Path, revision: str) -> RuleBook:
    """Load the rules that `folder` held at a git revision; raises as `against` does."""
    if not REVISION.fullmatch(revision):
        mend = "Use a branch, a tag or a commit, such as HEAD~1"
        raise InputError(Problem("revision", f"{revision[:80]!r} is not a git revision", mend))
    commit = _commit(folder, revision)
    listed = _git(folder, "ls-tree", "-r", "-z", "--name-only", commit).decode("utf-8", "replace")
    names = [name for name in listed.split("\0") if any(fnmatchcase(name, p) for p in PATTERNS)]
    if not names:
        what = f"has no rule files in {folder.name}"
        raise InputError(Problem(revision, what, "Name a revision that has them"))
    return load_files(
        RuleFiles.of({name: _git(folder, "show", f"{commit}:./{name}") for name in names})
    )


def _commit(folder: Path, revision: str) -> str:
    """Return the full hash, so that no later command reads the revision as anything else."""
    try:
        found = _git(folder, "rev-parse", "--verify", "--end-of-options", revision + "^{commit}")
    except InputError as error:
        if "not a git repository" in str(error) or "git is not" in str(error):
            raise
        mend = "`git log` and `git tag` list what there is"
        raise InputError(Problem("revision", f"{revision!r} is unknown to git", mend)) from error
    return found.decode("ascii").strip()


def _git(folder: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(folder), *arguments]
    # a git hook sets GIT_DIR and others, which would point at another repository than `folder`'s
    outside = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        return subprocess.run(
            command, check=True, capture_output=True, timeout=SECONDS, env=outside
        ).stdout
    except FileNotFoundError as error:
        mend = "Install git, or leave out the comparison"
        raise InputError(Problem(folder.name, "git is not installed", mend)) from error
    except subprocess.TimeoutExpired as error:
        raise InputError(Problem(folder.name, "git took too long", "Try again")) from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        mend = "Run it inside a git checkout that holds the rules"
        raise InputError(Problem(folder.name, said[:200] or "git refused", mend)) from error
