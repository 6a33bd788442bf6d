"""The classifier in use follows the database: as shipped, a version, and back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conventions import CONVENTION, SAME_LABEL_OTHER_SHAPE

from advisor.errors import StoreError
from advisor.failures.classifier import load_classifier
from advisor.failures.learning.opinions import opinions
from advisor.failures.learning.versions import (
    classifier_of,
    figures_of,
    fits,
    learn_now,
    lessons,
    settle,
)
from advisor.proposal import Draft
from advisor.store import Store, open_store
from advisor.triage.assessing.active_classifier import active_classifier
from advisor.triage.recommend import load_tools, triage
from advisor.vocabulary import Mode


def corrected(store: Store, count: int = 30, **fields: Any) -> str:
    failures = SAME_LABEL_OTHER_SHAPE[:count]
    said = {failure.id or "": CONVENTION for failure in failures}
    draft = Draft(title="Tickets", failures=failures, corrections=said, **fields)
    return store.create(draft, "anna", "made").id


def test_without_a_database_it_is_as_shipped_and_none_is_made(home: Path) -> None:
    assert active_classifier() is load_classifier()
    assert not home.exists()


@pytest.mark.slow
def test_an_empty_database_is_as_shipped_and_its_library_is_not_loaded(home: Path) -> None:
    open_store()
    code = (
        "import sys\n"
        "from advisor.triage.assessing.active_classifier import active_classifier\n"
        "assert active_classifier().version == 'as shipped'\n"
        "assert 'sqlalchemy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_file_that_is_no_database_is_said(home: Path) -> None:
    home.mkdir()
    (home / "advisor.sqlite3").write_text("This is only a text. " * 500, encoding="utf-8")
    with pytest.raises(StoreError, match="not a database"):
        active_classifier()


def test_what_is_learned_is_used_named_and_undone(home: Path) -> None:
    store = open_store()
    id = corrected(store)
    found = learn_now(store, "anna", "k")
    assert found.version == 1, found.lesson.refused
    (version,) = store.learned.all()
    assert figures_of(version) == found.lesson.figures
    classifier = active_classifier()
    assert classifier.version == version.name
    assert classifier is classifier_of(store, version)
    bare = store.get(id).draft.model_copy(update={"corrections": {}})
    before = triage(bare, load_tools())
    after = triage(bare, load_tools(classifier=classifier))
    assert (before.classifier, after.classifier) == ("as shipped", version.name)
    assert after.modes[CONVENTION] > before.modes[CONVENTION] + 0.3
    assert after.fingerprints.classifier != before.fingerprints.classifier
    store.learned.use(0, "anna", "undo")
    assert active_classifier() is load_classifier()


def test_the_same_corrections_make_no_second_version(home: Path) -> None:
    store = open_store()
    corrected(store)
    learn_now(store, "anna", "k")
    store.learned.use(0, "anna", "undo")
    assert learn_now(store, "ben", "other").version == 1
    assert len(store.learned.all()) == 1
    assert active_classifier().version.startswith("version 1")


def test_too_few_corrections_change_nothing(store: Store) -> None:
    corrected(store, 4)
    found = learn_now(store, "anna", "k")
    assert found.version is None
    assert "Correct 6 more" in found.lesson.refused
    assert store.learned.all() == ()


def test_a_version_of_another_head_is_not_used(store: Store) -> None:
    store.learned.add(b"never read", {"corrections": 12}, "00" * 32, "anna", "k")
    version = store.learned.active()
    assert version and not fits(version)
    assert classifier_of(store, version) is load_classifier()


def test_a_disagreement_is_not_learned_from_until_it_is_settled(store: Store) -> None:
    id = corrected(store, 3)
    store.edit(id, {"corrections.c0": Mode.STYLE}, "ben", "b")
    said = opinions(store.labels.all())
    (open_one,) = [one for one in said if one.agreed is None]
    assert {failure.id for failure, _ in lessons(said)} == {"c1", "c2"}
    settle(store, open_one, Mode.LABEL, "cara", "s")
    assert store.get(id).draft.corrections["c0"] == Mode.LABEL
    assert dict((f.id, mode) for f, mode in lessons(opinions(store.labels.all())))["c0"] == "label"


def test_settling_reaches_every_proposal_that_still_holds_the_failure(store: Store) -> None:
    one = corrected(store, 2)
    two = store.create(
        Draft(title="Copy", failures=SAME_LABEL_OTHER_SHAPE[:1], corrections={"c0": Mode.STYLE}),
        "ben",
        "copy",
    ).id
    gone = store.create(Draft(failures=[{"id": "c0", "note": "other"}]), "ben", "g").id  # type: ignore[list-item]
    (open_one,) = [said for said in opinions(store.labels.all()) if said.agreed is None]
    settle(store, open_one, Mode.FORMAT, "cara", "s")
    assert [store.get(id).draft.corrections.get("c0") for id in (one, two)] == [Mode.FORMAT] * 2
    assert store.get(gone).version == 1
