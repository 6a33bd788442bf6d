"""lm-evaluation-harness: the samples that `lm_eval --log_samples` writes, one line a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from advisor.core.text import shown
from advisor.errors import InputError, Problem
from advisor.pilot.comparing.reading.score_files import CaseScore, ScoreFile, Scores, named, numbers

_FILE = re.compile(r"samples_(.+?)_\d{4}-\d\d-\d\dT[\d.:-]+\.jsonl")
_KEPT = frozenset({"doc_id", "idx"})
LOWER_IS_BETTER = frozenset(
    "perplexity word_perplexity byte_perplexity bits_per_byte ppl brier_score ter wer cer".split()
)


def is_sample(record: Any) -> bool:
    """Tell a sample by the number of its document beside what the model said."""
    return isinstance(record, Mapping) and "doc_id" in record and "filtered_resps" in record


def is_results(content: Any) -> bool:
    """Tell a file of results by its configurations."""
    return (
        isinstance(content, Mapping)
        and isinstance(content.get("results"), Mapping)
        and bool({"configs", "config", "versions"} & content.keys())
    )


def read_samples(records: Iterable[tuple[str, Any]], source: ScoreFile) -> Scores:
    """Return the scores of one model on one task."""
    found_task = _FILE.fullmatch(shown(source.name))
    task = named(found_task[1]) if found_task else ""
    arm = named(source.folder) or named(shown(source.name))
    return Scores("lm-evaluation-harness samples", tuple(_scores(records, arm, task)))


def read_results(content: Mapping[str, Any], source: ScoreFile) -> Scores:
    """Return the scores of a results file that holds its samples.

    Raises:
        InputError: it holds averages only.
    """
    samples, where = content.get("samples"), shown(source.name)
    if not isinstance(samples, Mapping):
        mend = "Run lm_eval with --log_samples and give the samples_….jsonl files beside it"
        raise InputError(Problem(where, "holds averages, but no scores of single cases", mend))
    arm = named(content.get("model_name") or source.folder or where)
    found = [
        score
        for task, records in samples.items()
        if isinstance(records, list)
        for score in _scores(((where, record) for record in records), arm, named(task))
    ]
    return Scores("lm-evaluation-harness results", tuple(found))


def _scores(records: Iterable[tuple[str, Any]], arm: str, task: str) -> Iterator[CaseScore]:
    for place, record in records:
        if not is_sample(record):
            mend = "Remove it, or give only files of samples"
            raise InputError(Problem(place, "is no sample of lm-evaluation-harness", mend))
        # two runs may number different documents alike; the hash tells them apart
        parts = (task, record["doc_id"], str(record.get("doc_hash", ""))[:12])
        case = named("/".join(str(part) for part in parts if part != ""))
        kind = record.get("filter", "none")
        ending = "" if kind == "none" else f",{named(kind)}"
        for metric, value in numbers(record, _metrics(record)).items():
            yield CaseScore(arm, case, metric + ending, value)


def _metrics(record: Mapping[str, Any]) -> Iterable[Any]:
    """Return the names of the metrics; older versions do not list them."""
    listed = record.get("metrics")
    return listed if isinstance(listed, list) else [name for name in record if name not in _KEPT]
