"""Make the projection of the map from the exemplars: `python -m advisor.triage.grouping.train_map`.

Modes that are mistaken for each other come to lie side by side; around its mode, a complaint lies
where the two main directions of all complaints put it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from advisor.failures.classifier import load_classifier
from advisor.failures.failure_reader import FailureReader
from advisor.failures.features.registry import MODES, Array
from advisor.failures.training.exemplars import Exemplar, read_exemplars
from advisor.models.encoder import Encoder, load_encoder
from advisor.proposal import Failure
from advisor.triage.grouping.failure_map import Projection, projection_path
from advisor.triage.grouping.kinds import kinds_of, sort
from advisor.triage.reasons import matrix
from advisor.vocabulary import CAUSE_OF

CLEARANCE = 0.55
"""How far apart two modes must lie, where the map is about 2 wide."""
ROUNDS = 500


def learn(exemplars: Sequence[Exemplar], classifier: FailureReader, encoder: Encoder) -> Projection:
    """Return the projection; the same exemplars give the same one."""
    parts = ("input", "output", "expected", "note", "context")
    failures = [
        Failure(**{part: getattr(exemplar.case, part).whole or None for part in parts})
        for exemplar in exemplars
    ]
    chances = matrix(classifier.read(failures))
    looks = sort([exemplar.case for exemplar in exemplars], chances, kinds_of(encoder), encoder)
    modes = np.array([MODES.index(exemplar.mode) for exemplar in exemplars])
    middle = looks.rows.mean(axis=0)
    spread = _directions(looks.rows - middle)
    return Projection(_anchors(chances, modes), middle, spread)


def _anchors(chances: Array, modes: NDArray[np.intp]) -> Array:
    """Lay the modes out so that those mistaken for each other, or of one cause, are near."""
    means = np.stack([np.sqrt(chances[modes == place]).mean(axis=0) for place in range(len(MODES))])
    other = np.array([[float(CAUSE_OF[a] is not CAUSE_OF[b]) for a in MODES] for b in MODES])
    gaps = ((means[:, None] - means) ** 2).sum(axis=2) + 0.5 * other
    centre = np.eye(len(MODES)) - 1 / len(MODES)
    values, vectors = np.linalg.eigh(-0.5 * centre @ gaps @ centre)
    flat = vectors[:, -2:] * np.sqrt(values[-2:])
    flat *= np.sign(flat[0])
    return _apart(flat / np.abs(flat).max(axis=0))


def _apart(places: Array) -> Array:
    """Push apart what lies too near, and keep all within -1 and 1."""
    for _ in range(ROUNDS):
        gaps = places[:, None] - places
        distances = np.sqrt((gaps**2).sum(axis=2)) + np.eye(len(places))
        lacking = np.maximum(CLEARANCE - distances, 0.0) * (1 - np.eye(len(places)))
        places = np.clip(places + 0.25 * (gaps * (lacking / distances)[:, :, None]).sum(1), -1, 1)
    return np.asarray(places)


def _directions(rows: Array) -> Array:
    """Return the two main directions, scaled so that rows spread to about 1, shape (width, 2)."""
    _, _, vectors = np.linalg.svd(rows, full_matrices=False)
    spread = vectors[:2].T
    spread = spread * np.sign(spread[np.abs(spread).argmax(axis=0), [0, 1]])
    return np.asarray(spread / (rows @ spread).std(axis=0))


def main() -> None:
    """Make the projection of the chosen encoder and keep it beside the trained head."""
    encoder = load_encoder()
    made = learn(read_exemplars(), load_classifier(), encoder)
    arrays = {"anchors": made.anchors, "middle": made.middle, "spread": made.spread}
    data = save(
        {name: np.ascontiguousarray(values, np.float32) for name, values in arrays.items()},
        {"encoder": encoder.identity},
    )
    path = projection_path(encoder)
    path.write_bytes(data)
    sys.stdout.write(f"Wrote {path.name}: {len(data) / 1000:.1f} KB\n")


if __name__ == "__main__":
    main()
