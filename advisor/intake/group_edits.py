"""One word for a whole group: what many failures are, said at once, and taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.store import Saved, Store
from advisor.vocabulary import Mode


@dataclass(frozen=True)
class Said:
    """What was said of a group, and what stood there before."""

    mode: Mode
    before: Mapping[str, Mode | None]
    """By failure id; none where nothing had been said."""


@dataclass(frozen=True)
class GroupEdits:
    """Corrections by one person to the failures of one proposal, many at a time.

    Both methods raise what `Store.edit` raises.
    """

    store: Store
    id: str
    author: str

    def say(self, ids: Sequence[str], mode: Mode, key: str) -> Said:
        """Say what all of these are, in one version; failures that are gone are left out."""
        draft = self.store.get(self.id).draft
        there = {failure.id for failure in draft.failures}
        before = {name: draft.corrections.get(name) for name in ids if name in there}
        self._write({name: mode for name in before}, key)
        return Said(mode, before)

    def take_back(self, said: Said, key: str) -> None:
        """Put back what stood before; where somebody said something else since, that stays."""
        draft = self.store.get(self.id).draft
        there = {failure.id for failure in draft.failures}
        untouched = {
            name: mode
            for name, mode in said.before.items()
            if name in there and draft.corrections.get(name) == said.mode
        }
        self._write(untouched, key)

    def _write(self, modes: Mapping[str, Mode | None], key: str) -> Saved:
        changes = {f"corrections.{name}": mode for name, mode in modes.items()}
        return self.store.edit(self.id, changes, self.author, key)
