"""How well and how fast descriptions are read: `python -m benchmarks.reading`."""

from __future__ import annotations

import statistics
import time

from advisor.intake.suggestions.reader import load_reader
from advisor.intake.suggestions.train_reader import train
from advisor.intake.suggestions.training_figures import figures
from advisor.intake.suggestions.training_sentences import gather
from advisor.proposal import Draft

_RUNS = 30
_SENTENCES = (
    "We run a shop in {} countries and sell coats.",
    "Prices move every morning for item {}.",
    "The bot answers customers in {} languages.",
    "Nobody has written down what good is for case {}.",
    "It must return JSON with {} fields.",
    "We have {}00 reviewed pairs.",
    "Customers complain about the tone of {} letters.",
    "The rules change each week in {} places.",
    "There is no test set for group {}.",
    "Compliance approves wording {} before it goes out.",
    "It is too slow for {} users.",
    "Management wants to fine-tune model {}.",
)


def milliseconds() -> float:
    """Return the median time to read twelve sentences that were never read before."""
    reader = load_reader()
    taken = []
    for run in range(_RUNS):
        draft = Draft(description=" ".join(one.format(run + 3) for one in _SENTENCES))
        start = time.perf_counter()
        reader.suggest(draft)
        taken.append(1_000 * (time.perf_counter() - start))
    return statistics.median(taken[2:])


def main() -> None:
    """Print held-out figures a question, and the time."""
    material = gather()
    head, raw = train(material)
    print(f"{len(material.exemplars):,} sentences; domains held out in five folds")
    print(figures(material, head, raw))
    print(f"twelve new sentences: {milliseconds():.1f} ms (median)")


if __name__ == "__main__":
    main()
