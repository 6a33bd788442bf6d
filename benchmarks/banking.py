"""The bank task: `banking77` reduced to 12 labels, 240 training and 120 test cases.

Its 77 intents have five training examples each, so they are joined to families of about twenty.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FAMILIES = {
    "virtual_card": ("virtual", "disposable"),
    "top_up": ("top_up", "topping"),
    "exchange": ("exchange", "fiat", "currencies"),
    "identity_check": ("identity", "source_of_funds"),
    "account_details": ("personal_details", "age_limit", "terminate", "country"),
    "refund": ("refund", "direct_debit", "reverted", "charged_twice"),
    "transfer": ("transfer", "beneficiary", "receiving_money"),
    "cash": ("cash", "atm", "swallowed"),
    "card_security": ("pin", "passcode", "lost", "compromised"),
    "card_payment": ("payment", "pay", "extra_charge"),
    "card_delivery": ("arrival", "delivery", "physical", "spare", "expire"),
    "card_use": ("activate", "linking", "not_working", "visa", "acceptance"),
}
"""Parts of the intents' names; the first family with one of them takes the intent."""
TRAIN, TEST = 240, 120
INSTRUCTION = (
    "Classify the bank customer's message. Answer with exactly one label from this list:\n"
    + ", ".join(sorted(FAMILIES))
)


class Case(NamedTuple):
    """One message with its label."""

    input: str
    expected: str


def banking(data: Path) -> tuple[list[Case], list[Case]]:
    """Return training and test cases, the same ones every time; `data` holds `tasks/banking77`."""
    folder = data / "tasks" / "banking77"
    return _drawn(folder / "train.jsonl", TRAIN), _drawn(folder / "test.jsonl", TEST)


def _drawn(path: Path, many: int) -> list[Case]:
    """Take the same number of each family, as far as there are so many."""
    draw = random.Random(7)
    cases = list(_cases(path))
    draw.shuffle(cases)
    taken: Counter[str] = Counter()
    ranked: list[tuple[int, int, Case]] = []
    for case in cases:
        ranked.append((taken[case.expected], len(ranked), case))
        taken[case.expected] += 1
    found = [case for *_, case in sorted(ranked)[:many]]
    draw.shuffle(found)
    return found


def _cases(path: Path) -> Iterator[Case]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield Case(row["input"], _family(row["expected"]))


def _family(intent: str) -> str:
    name = intent.lower()
    return next(family for family, parts in FAMILIES.items() if any(one in name for one in parts))
