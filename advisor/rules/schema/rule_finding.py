"""What is wrong in a rule file: which file and line, which rule, what, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from advisor.errors import Problem, RuleError


@dataclass(frozen=True, order=True)
class RuleFinding:
    """One thing to mend. `line` counts from 1; 0 stands for the whole file."""

    file: str
    line: int
    rule: str
    what: str
    mend: str = ""

    @property
    def problem(self) -> Problem:
        """The same as a `Problem`, whose `where` is `file:line rule`."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return Problem(f"{place} {self.rule}".strip(), self.what, self.mend)

    def __str__(self) -> str:
        """Return the finding as one line."""
        return str(self.problem)


def refuse(findings: Iterable[RuleFinding]) -> None:
    """Raise one `RuleError` with all findings, in order of file and line; return if none."""
    problems = [finding.problem for finding in sorted(set(findings))]
    if problems:
        raise RuleError(problems)


def did_you_mean(word: str, options: Iterable[str], otherwise: str = "") -> str:
    """Return `Did you mean 'x'?` for the option most like `word`, else `otherwise`."""
    close = get_close_matches(word, list(options), n=1, cutoff=0.6)
    return f"Did you mean {close[0]!r}?" if close else otherwise
