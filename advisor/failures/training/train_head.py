"""Train the head on the project's own exemplars, judge it on those held out, and keep it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from advisor.failures.features.registry import VERSION, Array
from advisor.failures.head import ClassifierHead, HeadProvenance, head_path, pack, summed, weighed
from advisor.failures.head_inputs import CaseEncoder, load_case_encoder
from advisor.failures.probabilities import OF_CAUSE
from advisor.failures.training.exemplars import Exemplar, exemplars_digest, read_exemplars
from advisor.failures.training.fitting import experts, held_out, mix_of, prepare
from advisor.failures.training.held_out import held_out_logs

THRESHOLD = 0.6
"""Probability of the top cause under which the classifier abstains: three to two."""
PLAIN = ("y",)
"""Writers whose notes are plainer than people's: by what the others taught, 0.85 of their causes
are found, against 0.76 to 0.80 for the others and 0.73 in real issue threads. They teach, and do
not say how sure to be."""


def train(
    exemplars: Sequence[Exemplar], encoder: CaseEncoder, record: Array | None = None
) -> ClassifierHead:
    """Fit, calibrate and judge a head; the same exemplars give the same head.

    Args:
        exemplars: what teaches.
        encoder: what turns failures into evidence.
        record: what encoders tuned without an exemplar's writer made of it, log probabilities,
            shape (exemplars, modes), NaN where there is none; None where nothing reads whole
            failures.
    """
    data = prepare(exemplars, encoder)
    written = data.weights == 1.0
    whole = data.seen.record.logs.copy()
    whole[written] = whole[written] if record is None else record
    experts_said = np.stack([*held_out(data), whole])
    fair = written & ~np.isin(data.writers, PLAIN) & np.isfinite(whole).all(1)
    mix = mix_of(experts_said[:, fair], data.where(fair))
    judged = summed(weighed(experts_said, data.seen, mix))
    about = HeadProvenance(
        features=VERSION,
        encoder=encoder.identity,
        exemplars=len(exemplars),
        exemplars_sha256=exemplars_digest(exemplars),
        threshold=THRESHOLD,
        figures=figures(judged[fair], data.modes[fair], THRESHOLD),
    )
    return ClassifierHead({**experts(data), **pack(mix=mix)}, about)


def figures(chances: Array, modes: NDArray[np.int64], threshold: float) -> dict[str, float]:
    """Return what those held out say: F1 and accuracy, calibration, coverage."""
    from sklearn.metrics import f1_score  # heavy: sklearn

    causes, true_causes = chances @ OF_CAUSE, OF_CAUSE[modes].argmax(1)
    answered = causes.max(1) >= threshold
    right = causes.argmax(1) == true_causes
    found = {
        "mode_macro_f1": f1_score(modes, chances.argmax(1), average="macro"),
        "cause_macro_f1": f1_score(true_causes, causes.argmax(1), average="macro"),
        "cause_accuracy": right.mean(),
        "cause_calibration_error": calibration_error(causes.max(1), right),
        "coverage": answered.mean(),
        "accuracy_when_answered": right[answered].mean() if answered.any() else 0.0,
    }
    return {name: round(float(value), 4) for name, value in found.items()}


def calibration_error(sure: Array, right: NDArray[np.bool_], bins: int = 15) -> float:
    """Return the expected calibration error over `bins` equal bins of confidence."""
    places = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [
        abs(right[places == place].mean() - sure[places == place].mean()) * (places == place).mean()
        for place in set(places.tolist())
    ]
    return float(sum(gaps))


def main() -> None:
    """Train on the project's exemplars, keep the head, and show the cross-validation."""
    encoder, exemplars = load_case_encoder(), read_exemplars()
    head = train(exemplars, encoder, held_out_logs(exemplars) if encoder.records else None)
    path = head_path(encoder.texts)
    path.parent.mkdir(parents=True, exist_ok=True)
    head.save(path)
    lines = [f"{name:28}{value:8.3f}" for name, value in sorted(head.about.figures.items())]
    title = f"{head.about.exemplars} exemplars, judged on writers held out:"
    sys.stdout.write("\n".join([title, *lines, f"{'threshold':28}{head.threshold:8.3f}"]) + "\n")


if __name__ == "__main__":
    main()
