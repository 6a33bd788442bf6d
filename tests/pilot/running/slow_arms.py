"""Arms for tests that do as the specification says: slowly, badly, or with much memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from advisor.errors import ModelError
from advisor.pilot.arms.arm import Arm, Bench, Progress
from advisor.pilot.result import Given, Loss, Usage
from advisor.pilot.spec import ArmName, Frozen

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


def _prepare(bench: Bench, wish: dict[str, Any]) -> None:
    """Load once a process, and search for as long as is wished."""
    if "load" in wish and bench.folder.as_posix() not in LOADED:
        LOADED.add(bench.folder.as_posix())
        time.sleep(wish["load"])
    while wish.get("endless") and not bench.stop():
        time.sleep(0.05)
    steps = round(wish.get("search", 0) / 0.05)
    for done in range(steps):
        if bench.stop():
            return
        time.sleep(0.05)
        bench.tell(Progress("preparing", done + 1, steps))


def _answer(name: ArmName) -> Callable[[Bench], Iterator[Given]]:
    def answer(bench: Bench) -> Iterator[Given]:
        wish = _wish(bench.frozen, name)
        _prepare(bench, wish)
        for case in bench.frozen.data.test:
            if case.id in bench.done:
                continue
            if bench.stop() and not wish.get("deaf"):
                return
            time.sleep(wish.get("delay", 0.0))
            answered = len(bench.diary.details)
            if answered == wish.get("after", 0) and (trouble := wish.get("trouble")):
                TROUBLE[trouble]()
            if wish.get("memory_mb"):
                HELD.append(b"x" * (wish["memory_mb"] * 1_000_000))
            if wish.get("disk_mb"):
                (bench.folder / case.id).write_bytes(b"x" * (wish["disk_mb"] * 1_000_000))
            bench.diary.details[case.id] = 1
            bench.diary.usage = Usage(tokens_out=len(bench.diary.details))
            bench.diary.losses.append(Loss(step=answered, loss=float(wish.get("loss", 1.0))))
            bench.tell(Progress("answering", answered + 1, len(bench.frozen.data.test)))
            right = (hash_of(case.id) + bench.seed) % 100 < wish.get("right", 50)
            yield Given(case=case.id, text=case.expected if right else "wrong", tokens_out=1)

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
