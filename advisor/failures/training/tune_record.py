"""Tune the encoder on the project's own exemplars, and keep what those held out say of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
from torch import Tensor

from advisor.core.terminal import progress
from advisor.failures.features.registry import MODES, Array
from advisor.failures.record.reader import TunedReader, save
from advisor.failures.training.exemplars import Exemplar, read_exemplars
from advisor.failures.training.held_out import save_held_out, writer_folds
from advisor.failures.training.tuning import TuningRecipe, tuned


def tune(exemplars: Sequence[Exemplar], recipe: TuningRecipe) -> tuple[dict[str, Tensor], Array]:
    """Tune on all exemplars, and before that without half of the writers, to judge by them.

    Args:
        exemplars: what teaches.
        recipe: how.

    Returns:
        The changes to the encoder; and what was made of half of the exemplars by an encoder that
        had not met their writers: log probabilities, shape (exemplars, modes), NaN for the rest.
    """
    logs = np.full((len(exemplars), len(MODES)), np.nan)
    aside = next(writer_folds(np.array([one.writer for one in exemplars])))
    others = [one for one, out in zip(exemplars, aside, strict=True) if not out]
    changes = _tuned(others, recipe, "without half of the writers")
    cases = [one.case for one, out in zip(exemplars, aside, strict=True) if out]
    logs[aside] = TunedReader(changes).read(cases).logs
    return _tuned(exemplars, recipe, "on all writers"), logs


def _tuned(exemplars: Sequence[Exemplar], recipe: TuningRecipe, which: str) -> dict[str, Tensor]:
    with progress(
        f"Tuning the encoder {which}", recipe.rounds * len(exemplars), prints=False
    ) as tell:
        return tuned(exemplars, recipe, tell)


def main() -> None:
    """Tune, keep the changes, and show how right the encoder is on writers it never met."""
    exemplars = read_exemplars()
    changes, logs = tune(exemplars, TuningRecipe())
    save(changes)
    save_held_out(exemplars, logs)
    modes = np.array([MODES.index(one.mode) for one in exemplars])
    judged = np.isfinite(logs).all(1)
    right = (logs.argmax(1) == modes)[judged].mean()
    sys.stdout.write(
        f"{len(exemplars):,} exemplars; of those whose writer was held out, {right:.2f} of the "
        "modes were found.\nNow run: make train-classifier\n"
    )


if __name__ == "__main__":
    main()
