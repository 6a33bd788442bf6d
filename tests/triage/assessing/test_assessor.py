"""Assessing a stored version: judged once, noted where it is assessed, kept once handed in."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.proposal import Proposal
from advisor.store import Store, Stored, open_store
from advisor.triage.assessing.assessor import Assessor

LETTERS = Proposal(title="Letters", description="Answers to customers invent prices.")


@pytest.fixture
def store(home: Path) -> Store:
    return open_store()


@pytest.fixture
def stored(store: Store) -> Stored:
    return store.get(store.create(LETTERS, "anna", "first").id)


def _noted(store: Store) -> str | None:
    (row,) = store.list_proposals().rows
    return row.recommendation


def test_it_is_noted_where_it_is_assessed_and_not_where_it_is_only_shown(
    store: Store, stored: Stored
) -> None:
    assessor = Assessor()
    shown = assessor.assessment_of(store, stored)
    assert _noted(store) is None
    assert assessor.assess(store, stored) == shown
    assert _noted(store) == shown.recommendation


def test_a_version_is_judged_once_and_once_handed_in_not_after_a_restart(
    store: Store, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessor = Assessor()
    first = assessor.assess(store, stored, handed_in=True)
    monkeypatch.setattr("advisor.triage.recommend.triage", lambda *_: pytest.fail("judged again"))
    assert assessor.assess(store, stored) == first
    assert Assessor().assess(store, stored, handed_in=True) == first
