"""promptfoo results: what `promptfoo eval --output results.json` writes (versions 2 to 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from advisor.core.strict import digest
from advisor.pilot.comparing.reading.score_files import CaseScore, Scores, as_score, named, numbers

_ERROR = 2
"""`failureReason` of an answer that never came, such as a time-out; it says nothing of the arm."""


def promptfoo_results(content: Any) -> Sequence[Any] | None:
    """Return the list of results in a parsed file; None where it is no promptfoo file."""
    for _ in range(2):
        if isinstance(content, Mapping) and "results" in content:
            content = content["results"]
    if isinstance(content, list) and content and is_result(content[0]):
        return content
    return None


def is_result(record: Any) -> bool:
    """Tell one result by the place of its prompt beside its verdict."""
    if not isinstance(record, Mapping):
        return False
    return bool({"promptIdx", "promptId"} & record.keys() and {"success", "score"} & record.keys())


def read_promptfoo(results: Sequence[Any]) -> Scores:
    """Return the scores; an arm is a provider, a prompt, or both where both vary."""
    records = [record for record in results if is_result(record)]
    arms = _arms(records)
    found = tuple(
        score for record, arm in zip(records, arms, strict=True) for score in _scores(record, arm)
    )
    errors = sum(_failed(record) for record in records)
    notes = (f"{errors:,} answers never came and count as not run.",) if errors else ()
    return Scores("promptfoo results", found, repeats=True, notes=notes)


def _arms(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name the arm of each record by what differs between records."""
    providers = [_provider(record) for record in records]
    prompts = [_prompt(record) for record in records]
    several = len(set(providers)) > 1, len(set(prompts)) > 1
    if several == (True, True):
        return [named(f"{one} | {two}") for one, two in zip(providers, prompts, strict=True)]
    return prompts if several == (False, True) else providers


def _provider(record: Mapping[str, Any]) -> str:
    provider = record.get("provider")
    if isinstance(provider, Mapping):
        provider = provider.get("label") or provider.get("id")
    return named(provider or "provider")


def _prompt(record: Mapping[str, Any]) -> str:
    prompt = record.get("prompt")
    label = prompt.get("label") if isinstance(prompt, Mapping) else None
    place = record.get("promptIdx", record.get("promptId"))
    # a prompt without a label of its own is labelled with its whole text
    return named(label) if label and len(str(label)) <= 60 else named(f"prompt {place}")


def _scores(record: Mapping[str, Any], arm: str) -> Iterator[CaseScore]:
    case = _case(record)
    if _failed(record):
        yield CaseScore(arm, case, "score", None)
        return
    named_scores = record.get("namedScores")
    extra = numbers(named_scores, named_scores) if isinstance(named_scores, Mapping) else {}
    both = {"score": as_score(record.get("score")), "success": as_score(record.get("success"))}
    if both["score"] is None:
        both["score"] = both["success"]
    for metric, value in (both | extra).items():
        yield CaseScore(arm, case, metric, value)


def _failed(record: Mapping[str, Any]) -> bool:
    return record.get("failureReason") == _ERROR


def _case(record: Mapping[str, Any]) -> str:
    if isinstance(record.get("testIdx"), int):
        return f"test {record['testIdx']}"
    test = record.get("testCase")
    variables = record.get("vars") or (test.get("vars") if isinstance(test, Mapping) else None)
    return digest(variables)[:16]
