"""Arms for tests that do as the specification says: slowly, badly, or with much memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmAnswer, Loss, Usage
from advisor.domain.pilot_spec import ArmName
from advisor.errors import ModelError
from advisor.pilot.arms.arm import Arm, ArmJob, Progress

HELD: list[bytes] = []


def _wish(frozen: Frozen, arm: ArmName) -> dict[str, Any]:
    """What a test wants of this arm: the specification's schema, which nothing else reads here."""
    return dict((frozen.spec.schema_ or {}).get(str(arm), {}))


def _full_disk() -> None:
    with open("/dev/full", "w", encoding="utf-8") as file:
        file.write("x")


def _no_model() -> None:
    raise ModelError("There is no base model 'x'. Fetch it first.")


def _crash() -> None:
    import os

    os._exit(3)


def _bug() -> None:
    raise KeyError("nothing")


TROUBLE: dict[str, Callable[[], None]] = {
    "full": _full_disk,
    "model": _no_model,
    "crash": _crash,
    "bug": _bug,
}


LOADED: set[str] = set()


def _prepare(job: ArmJob, wish: dict[str, Any]) -> None:
    """Load once a process, and search for as long as is wished."""
    if "load" in wish and job.folder.as_posix() not in LOADED:
        LOADED.add(job.folder.as_posix())
        time.sleep(wish["load"])
    while wish.get("endless") and not job.stop():
        time.sleep(0.05)
    steps = round(wish.get("search", 0) / 0.05)
    for done in range(steps):
        if job.stop():
            return
        time.sleep(0.05)
        job.tell(Progress("preparing", done + 1, steps))


def _answer(name: ArmName) -> Callable[[ArmJob], Iterator[ArmAnswer]]:
    def answer(job: ArmJob) -> Iterator[ArmAnswer]:
        wish = _wish(job.frozen, name)
        _prepare(job, wish)
        for case in job.frozen.data.test:
            if case.id in job.done:
                continue
            if job.stop() and not wish.get("deaf"):
                return
            time.sleep(wish.get("delay", 0.0))
            answered = len(job.notes.details)
            if answered == wish.get("after", 0) and (trouble := wish.get("trouble")):
                TROUBLE[trouble]()
            if wish.get("memory_mb"):
                HELD.append(b"x" * (wish["memory_mb"] * 1_000_000))
            if wish.get("disk_mb"):
                (job.folder / case.id).write_bytes(b"x" * (wish["disk_mb"] * 1_000_000))
            job.notes.details[case.id] = 1
            job.notes.usage = Usage(tokens_out=len(job.notes.details))
            job.notes.losses.append(Loss(step=answered, loss=float(wish.get("loss", 1.0))))
            job.tell(Progress("answering", answered + 1, len(job.frozen.data.test)))
            right = (hash_of(case.id) + job.seed) % 100 < wish.get("right", 50)
            yield ArmAnswer(case=case.id, text=case.expected if right else "wrong", tokens_out=1)

    return answer


def hash_of(text: str) -> int:
    """The same number in every process."""
    return sum(text.encode()) * 37


def _unfit(name: ArmName) -> Callable[[Frozen], str]:
    return lambda frozen: str(_wish(frozen, name).get("unfit", ""))


_NAMES = (ArmName.PROMPT, ArmName.FEW_SHOT, ArmName.CLASSIFIER, ArmName.FINE_TUNING)
ARMS = tuple(
    Arm(
        name=name,
        title=name.value,
        what="Answers as a test wants.",
        remedies=(),
        trains=name in {ArmName.CLASSIFIER, ArmName.FINE_TUNING},
        unfit=_unfit(name),
        answer=_answer(name),
    )
    for name in _NAMES
)
