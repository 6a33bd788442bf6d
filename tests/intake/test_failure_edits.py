from __future__ import annotations

import pytest

from advisor.intake.failure_edits import GroupEdits
from advisor.proposal import Draft
from advisor.store import Store
from advisor.vocabulary import Mode

IDS = ("a", "b.c", "d")


@pytest.fixture
def edits(store: Store) -> GroupEdits:
    draft = Draft.model_validate({
        "title": "A problem",
        "failures": [{"id": id, "note": f"wrong {id}"} for id in IDS],
        "corrections": {"a": "style"},
    })
    return GroupEdits(store, store.create(draft, "local", "made").id, "local")


def corrections(edits: GroupEdits) -> dict[str, Mode]:
    return edits.store.get(edits.id).draft.corrections


def test_one_word_for_all_is_one_version(edits: GroupEdits) -> None:
    edits.say(IDS, Mode.LABEL, "k")
    assert corrections(edits) == dict.fromkeys(IDS, Mode.LABEL)
    assert edits.store.get(edits.id).version == 2


def test_a_word_that_arrives_twice_is_written_once(edits: GroupEdits) -> None:
    edits.say(IDS, Mode.LABEL, "k")
    edits.say(IDS, Mode.LABEL, "k")
    assert edits.store.get(edits.id).version == 2


def test_taking_back_puts_back_what_stood_there(edits: GroupEdits) -> None:
    said = edits.say(IDS, Mode.LABEL, "k")
    edits.take_back(said, "k2")
    assert corrections(edits) == {"a": Mode.STYLE}


def test_what_was_said_since_stays(edits: GroupEdits) -> None:
    said = edits.say(IDS, Mode.LABEL, "k")
    edits.store.edit(edits.id, {"corrections.d": "system"}, "other", "k2")
    edits.take_back(said, "k3")
    assert corrections(edits) == {"a": Mode.STYLE, "d": Mode.SYSTEM}


def test_failures_that_are_gone_are_left_out(edits: GroupEdits) -> None:
    said = edits.say((*IDS, "gone"), Mode.LABEL, "k")
    assert set(said.before) == set(IDS)
    edits.store.edit(
        edits.id, {"failures": [{"id": "a", "note": "wrong a"}], "corrections": {"a": "label"}},
        "other", "k2",
    )  # fmt: skip
    edits.take_back(said, "k3")
    assert corrections(edits) == {"a": Mode.STYLE}
