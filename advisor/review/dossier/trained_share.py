"""How much training is added to the base model, with the numbers that give it."""

from __future__ import annotations

from advisor.presentation.wording import answer_words, number
from advisor.review.decisions.approval_facts import THRESHOLD
from advisor.review.decisions.review_view import ReviewView
from advisor.review.dossier.dossier_words import operations

_FIGURES = ("base_parameters", "training_tokens", "epochs")


def share_words(view: ReviewView) -> str:
    """Return the share of the threshold that the training comes to, and how it is worked out.

    Operations are six times parameters times tokens seen (Kaplan and others 2020); the threshold is
    that of the EU guidelines on general-purpose models for a base of unknown compute.
    """
    given = view.about.draft.review
    if view.compute is None or view.modifier_share is None:
        missing = [name.replace("_", " ") for name in _FIGURES if given.get(name) is None]
        return f"Not known: the form does not say {', '.join(missing) or 'it in numbers'}."
    billions, millions, epochs = (answer_words(given.get(name)) for name in _FIGURES)
    return (
        f"6 × {billions} billion parameters × {millions} million tokens × {epochs} passes = "
        f"{operations(view.compute)} operations. A third of 1e23 is {operations(THRESHOLD)}, so "
        f"this is {percent_words(view.modifier_share)} of it; from 100 % on, whoever trains "
        "counts as the provider of the model."
    )


def percent_words(percent: float) -> str:
    """Return a percentage in so many places that it is not nothing: `0.0014 %`."""
    if percent >= 0.01:
        return f"{number(percent)} %"
    return f"{percent:.2g} %" if percent >= 1e-4 else "under 0.0001 %"
