"""Tunes the encoder to whole failures: low-rank changes, trained end to end on two cores."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import Parameter, functional

from advisor.core.terminal import Tell
from advisor.failures.features.registry import MODES
from advisor.failures.probabilities import OF_CAUSE
from advisor.failures.record.network import RecordNetwork, untrained
from advisor.failures.record.tokens import RecordTokens, pieces, row
from advisor.failures.training.exemplars import Exemplar
from advisor.failures.training.given import Given, given
from advisor.models.encoder import default_folder
from advisor.models.minilm import checked, fast_type

SEED = 7
MASK, ORDINARY = 103, 999
"""The token that hides another, and the last of those that are not ordinary words."""


@dataclass(frozen=True)
class TuningRecipe:
    """How the encoder is tuned; every value was chosen by leaving writers out."""

    rounds: int = 2
    """Times that every exemplar is given."""
    batch: int = 32
    rate: float = 8e-4
    warm: float = 0.08
    """Share of the steps in which the rate rises."""
    hidden_words: float = 0.15
    """Share of words that are hidden, so that no single one decides."""
    dropped: float = 0.3
    """Share of means and hidden values that are dropped."""
    smooth: float = 0.02
    """How much of the truth goes to all modes alike."""
    second: float = 0.3
    """How much goes to a second mode that could be defended."""
    causes: float = 0.7
    """How much the cause counts beside the mode."""


OF = torch.tensor(OF_CAUSE, dtype=torch.float32)


def tuned(
    exemplars: Sequence[Exemplar],
    recipe: TuningRecipe,
    tell: Tell = lambda done: None,
) -> dict[str, Tensor]:
    """Return the changes to the encoder that `exemplars` teach; the same ones, the same changes.

    Args:
        exemplars: what teaches.
        recipe: how.
        tell: called after every step with how many exemplars were given so far.
    """
    torch.manual_seed(SEED)
    random = Random(SEED)
    weights = load_file(checked(default_folder()))
    changes = {
        name: Parameter(values) for name, values in untrained(weights, len(MODES), SEED).items()
    }
    optimizer = torch.optim.AdamW(
        list(changes.values()), lr=recipe.rate, weight_decay=0.05, betas=(0.9, 0.98)
    )
    steps = recipe.rounds * math.ceil(len(exemplars) / recipe.batch)
    for step, (rows, truth) in enumerate(_batches(exemplars, recipe, random)):
        optimizer.param_groups[0]["lr"] = recipe.rate * _pace(step, steps, recipe.warm)
        loss = _loss(RecordNetwork(weights, changes, fast_type()), rows, truth, recipe)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(list(changes.values()), 1.0)
        optimizer.step()
        tell(min((step + 1) * recipe.batch, recipe.rounds * len(exemplars)))
    return {name: values.detach() for name, values in changes.items()}


def _pace(step: int, steps: int, warm: float) -> float:
    return min(1.0, (step + 1) / (warm * steps + 1)) * max(0.03, 1 - step / steps)


def _loss(
    network: RecordNetwork, rows: Sequence[RecordTokens], truth: Tensor, recipe: TuningRecipe
) -> Tensor:
    means = functional.dropout(network.means(rows), recipe.dropped)
    logs = functional.log_softmax(network.scores(means, recipe.dropped), -1)
    causes = torch.log((logs.exp() @ OF).clamp(min=1e-6))
    return -(truth * logs).sum(-1).mean() - recipe.causes * ((truth @ OF) * causes).sum(-1).mean()


def _batches(
    exemplars: Sequence[Exemplar], recipe: TuningRecipe, random: Random
) -> Iterator[tuple[list[RecordTokens], Tensor]]:
    """Yield batches of rows of like length, so that long ones do not wait for short ones."""
    for _ in range(recipe.rounds):
        seen = [given(one, random) for one in exemplars]
        rows = [_hidden(_row(one), recipe.hidden_words, random) for one in seen]
        truth = torch.stack([_truth(one, recipe) for one in seen])
        places = list(range(len(rows)))
        random.shuffle(places)
        batches = list(_alike(places, rows, recipe.batch))
        random.shuffle(batches)
        yield from (([rows[place] for place in batch], truth[batch]) for batch in batches)


NEIGHBOURS = 24
"""Batches among which rows of like length are put together."""


def _alike(
    places: Sequence[int], rows: Sequence[RecordTokens], size: int
) -> Iterator[Sequence[int]]:
    for start in range(0, len(places), size * NEIGHBOURS):
        some = places[start : start + size * NEIGHBOURS]
        some = sorted(some, key=lambda place: len(rows[place].ids))
        yield from (some[first : first + size] for first in range(0, len(some), size))


@lru_cache(maxsize=100_000)
def _pieces(text: str) -> list[int]:
    return pieces(text)


def _row(one: Given) -> RecordTokens:
    return row({part: _pieces(text) for part, text in one[0].items() if text})


def _hidden(tokens: RecordTokens, share: float, random: Random) -> RecordTokens:
    ids = [MASK if one > ORDINARY and random.random() < share else one for one in tokens.ids]
    return RecordTokens(ids, tokens.parts)


def _truth(one: Given, recipe: TuningRecipe) -> Tensor:
    _, mode, also = one
    truth = np.full(len(MODES), recipe.smooth / len(MODES), np.float32)
    truth[MODES.index(mode)] += 1 - recipe.smooth - (recipe.second if also else 0)
    if also:
        truth[MODES.index(also)] += recipe.second
    return torch.tensor(truth)
