"""What `advisor second-opinion` does; it returns its exit code."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from advisor.commands.exits import DONE, NO, NOT_ASKED, WRONG_INPUT, agreed
from advisor.core.files import read_path
from advisor.core.terminal import json_line, one_line, progress, write_message, write_results
from advisor.domain.assessment import FailureReading
from advisor.errors import InputError, Problem
from advisor.failures.failure_reader import FailureReader, FollowedReader
from advisor.failures.second_opinion.advised_reader import KeptOpinion, advice_on, advised
from advisor.failures.second_opinion.ask import OpinionModel, judge_model
from advisor.failures.second_opinion.injection_flags import talk
from advisor.failures.second_opinion.report import (
    agreement,
    agreement_words,
    compared,
    estimate_words,
)
from advisor.importing import Import, read_failures
from advisor.models.endpoint import EndpointError
from advisor.presentation.wording import counted
from advisor.proposal import Draft, Failure
from advisor.triage.assessing.active_classifier import active_classifier


def run_second_opinion(file: Path, yes: bool, as_json: bool) -> int:
    """Show the cost, ask, then print what the judge model says beside the classifier."""
    judge = judge_model()
    if judge is None:
        what = "is not set, so there is no model to ask"
        mend = "Set it and ADVISOR_ENDPOINT_MODEL to an OpenAI-compatible service"
        raise InputError(Problem("ADVISOR_ENDPOINT_URL", what, mend))
    read = read_failures(file.name, read_path(file))
    _say_what_was_left_out(read, file.name)
    classifier = active_classifier()
    unsure = _unsure(classifier, Draft(failures=read.failures).failures)
    write_message(f"{counted(len(unsure), 'failure')} that the advisor is unsure of.")
    if not _agreed(judge, unsure, yes):
        write_message(NOT_ASKED)
        return NO
    refused = _ask(judge, unsure)
    _print(judge, classifier, unsure, as_json)
    return WRONG_INPUT if read.rejected else NO if refused else DONE


def _say_what_was_left_out(read: Import, name: str) -> None:
    for row in read.rejected:
        write_message(f"{name}:{row.line}: {one_line(row.reason)}")


def _unsure(classifier: FailureReader, failures: tuple[Failure, ...]) -> list[Failure]:
    with progress("Reading failures", len(failures), prints=False) as tell:
        readings = FollowedReader(classifier, tell).read(failures)
    pairs = zip(failures, readings, strict=True)
    return [failure for failure, reading in pairs if reading.abstained]


def _agreed(judge: OpinionModel, failures: Sequence[Failure], yes: bool) -> bool:
    """Show what it would take; before anything is spent, a person or `--yes` agrees."""
    cost = judge.estimate(failures)
    for line in estimate_words(cost, judge.endpoint):
        write_message(line)
    if yes or not cost.requests:
        return True
    write_message(f"The texts of these failures are sent to {judge.endpoint.host}.")
    return agreed("Ask now?")


def _ask(judge: OpinionModel, failures: Sequence[Failure]) -> int:
    """Return how many were not answered."""
    refused = 0
    with (
        progress("Asking", judge.estimate(failures).requests, prints=False) as tell,
        closing(judge.ask(failures)) as answers,
    ):
        for done, (failure, answer) in enumerate(answers, start=1):
            tell(done)
            if isinstance(answer, EndpointError):
                refused += 1
                write_message(f"{one_line(failure.id or '')}: {answer}")
    return refused


def _print(
    judge: OpinionModel, classifier: FailureReader, failures: Sequence[Failure], as_json: bool
) -> None:
    alone = classifier.read(failures)
    advice = advice_on(failures, judge.endpoint.model)
    joined = advised(classifier, failures).read(failures)
    for failure, before, after in zip(failures, alone, joined, strict=True):
        row = _json if as_json else _text
        write_results(row(before, after, advice.get(after.id), talk(failure)))
    if not as_json:
        write_message(agreement_words(agreement(compared(alone, advice, {}))))


def _json(
    before: FailureReading,
    after: FailureReading,
    advice: KeptOpinion | None,
    flagged: Sequence[str],
) -> str:
    keep = {"id", "mode", "cause", "probabilities", "abstained", "why"}
    said = advice.verdict.model_dump(mode="json") if advice else None
    more = {"before": before.mode.value, "judge": said, "flagged": list(flagged)}
    return json_line(after.model_dump(mode="json", include=keep) | more)


def _text(
    before: FailureReading,
    after: FailureReading,
    advice: KeptOpinion | None,
    flagged: Sequence[str],
) -> str:
    if flagged:
        said = "not counted: its texts talk to the judge"
    elif advice is None:
        said = "no answer"
    else:
        said = f"{advice.verdict.mode} ({advice.verdict.sure:.0%}): {advice.verdict.because}"
    sure = " (still unsure)" if after.abstained else ""
    cells = (after.id, f"{before.mode} -> {after.mode}{sure}", said)
    return "\t".join(map(one_line, cells))
