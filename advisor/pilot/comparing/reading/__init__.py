"""Scores from the files people have: CSV, promptfoo, lm-evaluation-harness, Inspect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from advisor.core.files import check_size
from advisor.core.text import shown
from advisor.errors import InputError, Problem
from advisor.pilot.comparing.reading import inspect_logs, lm_eval, promptfoo_scores
from advisor.pilot.comparing.reading.csv_scores import read_delimited
from advisor.pilot.comparing.reading.joining import Joined, join
from advisor.pilot.comparing.reading.score_files import (
    TEXT_LIMIT,
    ScoreFile,
    Scores,
    documents,
    named,
)

__all__ = [
    "Joined",
    "ScoreFile",
    "TEXT_LIMIT",
    "inspect_logs",
    "read_scores",
]

_PACKED = b"PK\x03\x04"
_JSON = (b"{", b"[")
_START = 4_096
Lines = Iterator[tuple[str, Any]]


@dataclass(frozen=True)
class ScoreFormat:
    """How a tool's JSON is told by its first document, and read."""

    tells: Callable[[Any], bool]
    read: Callable[[Any, Lines, ScoreFile], Scores]


def _promptfoo_file(content: Any, lines: Lines, source: ScoreFile) -> Scores:
    return promptfoo_scores.read_promptfoo(promptfoo_scores.promptfoo_results(content) or ())


def _promptfoo_lines(content: Any, lines: Lines, source: ScoreFile) -> Scores:
    return promptfoo_scores.read_promptfoo([record for _, record in lines])


FORMATS = (
    ScoreFormat(
        inspect_logs.is_log, lambda content, _, source: inspect_logs.read_log(content, source)
    ),
    ScoreFormat(lm_eval.is_sample, lambda _, lines, source: lm_eval.read_samples(lines, source)),
    ScoreFormat(promptfoo_scores.is_result, _promptfoo_lines),
    ScoreFormat(lambda content: bool(promptfoo_scores.promptfoo_results(content)), _promptfoo_file),
    ScoreFormat(
        lm_eval.is_results, lambda content, _, source: lm_eval.read_results(content, source)
    ),
)


def read_scores(
    sources: Sequence[ScoreFile],
    metric: str | None = None,
    costs: Mapping[str, float] | None = None,
) -> Joined:
    """Return one table of all files; what each file is, is told by its content.

    Args:
        sources: the files.
        metric: which figure counts where a file has several; its first if left out.
        costs: cost of arms, where known.

    Raises:
        InputError: a file is of no known kind, damaged, over a limit, or does not fit the others.
    """
    read = [(shown(source.name), _renamed(_read(source), source)) for source in sources]
    return join(read, metric, costs or {})


def _read(source: ScoreFile) -> Scores:
    check_size(shown(source.name), len(source.data), TEXT_LIMIT)
    if source.data.startswith(_PACKED):
        return inspect_logs.read_packed(source)
    start = source.data[:_START].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return _read_json(source) if start.startswith(_JSON) else read_delimited(source)


def _read_json(source: ScoreFile) -> Scores:
    lines = documents(source)
    where, content = next(lines)
    for kind in FORMATS:
        if kind.tells(content):
            return kind.read(content, chain([(where, content)], lines), source)
    mend = (
        "Give results of promptfoo, samples of lm-evaluation-harness, a log of Inspect, or a CSV "
        "with a column `case` and one column for each arm"
    )
    raise InputError(Problem(where, "is JSON of no known kind", mend))


def _renamed(scores: Scores, source: ScoreFile) -> Scores:
    """Return scores whose one arm has the name that was given with the file."""
    if source.arm is None:
        return scores
    arms = {score.arm for score in scores.found}
    if len(arms) > 1:
        where, what = shown(source.name), f"holds {len(arms)} arms, so it cannot be called one"
        raise InputError(Problem(where, what, "Give it without a name in front"))
    arm = named(source.arm)
    return replace(scores, found=tuple(score._replace(arm=arm) for score in scores.found))
