"""Small pilots and a place to run their arms at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from advisor.domain.cases import Case, Dataset, Document
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_spec import Spec
from advisor.pilot.arms.arm import ArmJob, Progress

TICKETS = {
    "billing": ("I was charged twice", "refund my payment", "the invoice is wrong", "wrong price"),
    "bug": ("the app crashes", "the screen stays white", "an error pops up", "login does not work"),
    "delivery": ("my parcel is late", "the courier never came", "lost package", "where is my box"),
}
FACTS = {
    "Lund": "The harbour of Lund was closed in 1931.",
    "Tarn": "The tower of Tarn is 88 metres high.",
    "Ove": "The mayor of Ove is called Ida Brandt.",
    "Mire": "The river Mire freezes in November.",
}


def labelled(**more: Any) -> Frozen:
    """Twelve tickets, one of each kind held out."""
    cases = [
        Case(id=f"{label}-{number}", input=text, expected=label)
        for label, texts in TICKETS.items()
        for number, text in enumerate(texts)
    ]
    test = tuple(case for case in cases if case.id.endswith("-3"))
    train = tuple(case for case in cases if case not in test)
    return frozen(Dataset(train, test), task="classification", **more)


def asked(**more: Any) -> Frozen:
    """Four questions on four documents."""
    documents = tuple(Document(id=name, title=name, text=text) for name, text in FACTS.items())
    cases = [
        Case(id=f"q{name}", input=f"What about {name}?", expected=text[-9:], gold=(name,))
        for name, text in FACTS.items()
    ]
    data = Dataset(tuple(cases[:2]), tuple(cases[2:]), documents)
    return frozen(data, task="question_answering", **more)


def extracted(**more: Any) -> Frozen:
    """Sentences to turn into JSON objects."""
    cases = [
        Case(id=f"e{n}", input=f"{n} tea please", expected=f'{{"count": {n}, "item": "tea"}}')
        for n in range(8)
    ]
    return frozen(Dataset(tuple(cases[:6]), tuple(cases[6:])), task="extraction", **more)


def frozen(data: Dataset, recorded: dict[str, str] | None = None, **spec: Any) -> Frozen:
    told = {"title": "t", "instruction": "Do the task.", "examples_shown": 3} | spec
    return Frozen(Spec.model_validate(told), data, tuple((recorded or {}).items()))


@dataclass
class Told:
    """What an arm said while it ran, and when it should end."""

    progress: list[Progress] = field(default_factory=list)
    stop_after: float = float("inf")
    """Words about answers after which it is told to stop."""

    def tell(self, progress: Progress) -> None:
        self.progress.append(progress)

    def stop(self) -> bool:
        return sum(one.stage == "answering" for one in self.progress) >= self.stop_after


def job_for(
    frozen: Frozen,
    folder: Path,
    told: Told | None = None,
    stop: Callable[[], bool] | None = None,
    **more: Any,
) -> ArmJob:
    told = told or Told()
    settings = {"seed": 0, "share": 1.0} | more
    return ArmJob(frozen, folder, tell=told.tell, stop=stop or told.stop, **settings)
