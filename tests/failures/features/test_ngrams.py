from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from advisor.failures.features import ngrams


@given(st.text(max_size=3_000))
def test_any_text_gives_places_in_order_with_weights_of_length_one(text: str) -> None:
    places, weights = ngrams.row(text)
    assert sorted(set(places.tolist())) == places.tolist()
    assert np.isclose(np.linalg.norm(weights), float(bool(len(places))))


def test_capitals_do_not_matter_and_order_does_a_little() -> None:
    first, second = ngrams.row("Not good, invented"), ngrams.row("not GOOD invented")
    assert first[0].tolist() == second[0].tolist()
    assert ngrams.row("good not invented")[0].tolist() != first[0].tolist()


def test_scores_are_the_weights_of_the_places_a_text_has() -> None:
    weights = np.random.default_rng(1).normal(size=(ngrams.SIZE, 12))
    rows = [ngrams.row("the same label twice"), ngrams.row("")]
    full = np.zeros((2, ngrams.SIZE))
    full[0, rows[0][0]] = rows[0][1]
    assert np.allclose(ngrams.scores(rows, weights), full @ weights)


def test_a_long_note_costs_no_more_than_its_beginning() -> None:
    assert ngrams.row("word " * 100_000)[0].tolist() == ngrams.row("word " * 300)[0].tolist()
