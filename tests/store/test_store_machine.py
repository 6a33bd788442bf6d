"""Whatever people do in whatever order, the store is a list of versions and nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from advisor.proposal import Draft
from advisor.store import UNSET, SavedVersion, Store
from advisor.store.database.sessions import Database
from advisor.store.database.sessions import database_url as parse_url

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=8)
ANSWER = st.none() | st.booleans() | st.integers() | TEXT | st.just(UNSET)
FLOAT = st.floats(allow_nan=False, allow_infinity=False)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "title": TEXT,
        "description": TEXT,
        "answers.a": ANSWER | FLOAT,
        "answers.b": ANSWER,
        "current.model": TEXT.filter(str.strip) | st.none(),
        "corrections.f1": st.sampled_from(["style", "label", None]),
        "failures": st.lists(st.fixed_dictionaries({"note": TEXT.filter(str.strip)}), max_size=2),
    },
)


def expected(draft: Draft, changes: Mapping[str, Any]) -> Draft:
    """Make changes the plain way."""
    data = draft.model_dump()
    for path, value in changes.items():
        head, _, name = path.partition(".")
        place = data[head] if name else data
        if value is UNSET or (head == "corrections" and value is None):
            place.pop(name, None)
        else:
            place[name or head] = value
    return Draft.model_validate(data)


class Editing(RuleBasedStateMachine):
    """Edits, repeats, restores and reads of one proposal against a plain list of drafts."""

    keys = Bundle("keys")

    @initialize(draft=st.builds(Draft, title=TEXT, description=TEXT))
    def create(self, draft: Draft) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.file = Path(self.folder.name) / "advisor.sqlite3"
        self.open()
        self.id = self.store.create(draft, "ann", "first").id
        self.model = [draft]
        self.results: list[tuple[str, Mapping[str, Any], SavedVersion]] = []

    def open(self) -> None:
        self.store = Store(Database(parse_url(f"sqlite:///{self.file}")))

    def keep(self, draft: Draft) -> SavedVersion:
        if draft.fingerprint != self.model[-1].fingerprint:
            self.model.append(draft)
        return SavedVersion(self.id, len(self.model))

    @rule(target=keys, changes=CHANGES)
    def edit(self, changes: dict[str, Any]) -> int:
        key = f"k{len(self.results)}"
        saved = self.store.edit(self.id, changes, "ann", key)
        assert saved == self.keep(expected(self.model[-1], changes))
        self.results.append((key, changes, saved))
        return len(self.results) - 1

    @rule(place=keys)
    def repeat(self, place: int) -> None:
        key, changes, saved = self.results[place]
        assert self.store.edit(self.id, changes, "ann", key) == saved

    @rule(choice=st.randoms())
    def restore(self, choice: Any) -> None:
        version = choice.randint(1, len(self.model))
        saved = self.store.restore(self.id, version, "ann", f"r{choice.random()}{len(self.model)}")
        assert saved == self.keep(self.model[version - 1])

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.open()

    @invariant()
    def every_version_reads_back(self) -> None:
        if not hasattr(self, "model"):
            return
        prints = [draft.fingerprint for draft in self.model]
        assert self.store.get(self.id).draft.fingerprint == prints[-1]
        assert [info.fingerprint for info in self.store.versions(self.id)] == prints[::-1]
        middle = len(prints) // 2
        assert self.store.get(self.id, middle + 1).draft.fingerprint == prints[middle]

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()


TestEditing = Editing.TestCase
TestEditing.settings = settings(max_examples=8, stateful_step_count=15, deadline=None)
