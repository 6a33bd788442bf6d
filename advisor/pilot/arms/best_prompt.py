"""The base model with the wording that does best on the training side.

Successive halving (Jamieson and Talwalkar, AISTATS 2016): all wordings answer a few training cases,
the better half a few more, until one is left. No test case is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from advisor.core.files import write_whole
from advisor.domain.cases import Case
from advisor.domain.pilot_result import ArmAnswer
from advisor.domain.pilot_spec import DEFAULT_METRIC, ArmName, Metric, Scoring, Spec
from advisor.pilot.arms.answering import answering, training_cases
from advisor.pilot.arms.arm import Arm, ArmJob, Progress
from advisor.pilot.arms.generated_answers import Writer
from advisor.pilot.data.splitting import share_of
from advisor.pilot.metrics import Answered, mean, score
from advisor.pilot.prompts import wordings
from advisor.pilot.wordings import WORDINGS, Wording
from advisor.vocabulary import Remedy

ROUNDS = (16, 32, 64)
"""Training cases that a wording has answered by the end of each round."""
FILE = "wording.txt"


@dataclass
class _Tried:
    wording: Wording
    scores: list[float] = field(default_factory=list)

    @property
    def mean(self) -> float:
        return mean(self.scores) or 0.0


def _answer_best(job: ArmJob, cases: Sequence[Case]) -> Iterator[ArmAnswer]:
    writer = Writer.at(job)
    best = _kept(job.folder / FILE) or _search(writer)
    if best is None:
        return
    job.notes.details |= {"wording": best.name, "difference": best.what}
    yield from writer.write([writer.prompt(case, best) for case in cases])


def _kept(file: Path) -> Wording | None:
    """Return what an interrupted run had found."""
    name = file.read_text("utf-8") if file.is_file() else ""
    return next((wording for wording in WORDINGS if wording.name == name), None)


def _search(writer: Writer) -> Wording | None:
    """Return the best wording; None if it was told to stop."""
    job = writer.job
    tried = [_Tried(wording) for wording in wordings(writer.frame)]
    rounds = _rounds(job)
    total = sum(len(asked) * _left(len(tried), turn) for turn, asked in enumerate(rounds))
    done = 0
    record: dict[str, dict[str, float]] = {}
    job.notes.details["tried"] = record
    for turn, asked in enumerate(rounds, 1):
        for one in tried:
            if not _ask(writer, one, asked):
                return None
            done += len(asked)
            job.tell(Progress("preparing", done, total))
            record[one.wording.name] = {"score": one.mean, "cases": len(one.scores)}
        tried.sort(key=lambda one: -one.mean)  # stable: the plainer one wins a tie
        tried = tried[: _left(len(record), turn)]
    best = tried[0].wording
    write_whole(job.folder / FILE, best.name.encode())
    return best


def _left(many: int, turns: int) -> int:
    """Return how many wordings are left after so many rounds."""
    return -(-many >> turns)


def _rounds(job: ArmJob) -> list[tuple[Case, ...]]:
    """Return the training cases of each round; together they are a fair share of the side."""
    train = training_cases(job)
    rounds: list[tuple[Case, ...]] = []
    for many in ROUNDS:
        asked = {case.id for one in rounds for case in one}
        chosen = share_of(train, min(1.0, many / len(train)), job.seed)
        if fresh := tuple(one for one in chosen if one.id not in asked):
            rounds.append(fresh)
    return rounds


def _ask(writer: Writer, one: _Tried, cases: Sequence[Case]) -> bool:
    """Score a wording on training cases; whether it came to the end."""
    by_id = {case.id: case for case in cases}
    given = list(writer.write([writer.prompt(case, one.wording) for case in cases]))
    if len(given) < len(cases):
        return False
    answers = [Answered(answer.text, by_id[answer.case]) for answer in given]
    scores = score(_cheap(writer.job.frozen.spec), answers, writer.job.stop)
    one.scores += [found for found in scores if found is not None]
    return True


def _cheap(spec: Spec) -> Spec:
    """Return the specification with a metric that costs nothing: a judge is kept for the test."""
    if spec.judged_by.metric is not Metric.JUDGE:
        return spec
    return spec.model_copy(update={"scoring": Scoring(metric=DEFAULT_METRIC[spec.task])})


PROMPT_BEST = Arm(
    ArmName.PROMPT_BEST,
    "Best prompt",
    "The wording of the prompt, out of several, that does best on training cases.",
    remedies=(Remedy.PROMPTING,),
    trains=False,
    unfit=lambda frozen: "",
    answer=answering(_answer_best),
)
