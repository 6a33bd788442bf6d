"""Changes to the failures of a proposal, made on what is stored now, so that windows add up."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.errors import InputError, Problem
from advisor.intake.failure_lists import joined, put_back, replaced, typed, without
from advisor.proposal import Draft, Failure
from advisor.store import UNSET, SavedVersion, Store
from advisor.vocabulary import Mode

_changing = threading.Lock()
"""Failures are stored as one list: two windows must not read it at the same time and both write."""


@dataclass(frozen=True)
class FailureEdits:
    """Changes by one person to the failures of one proposal.

    Every method returns where the write ended up, and raises what `Store.edit` raises.
    """

    store: Store
    id: str
    author: str

    def add(self, new: Sequence[Failure], key: str) -> SavedVersion:
        """Add failures to those that are there, once for each `key`."""
        with _changing:
            return self._save({"failures": joined(self._now.failures, new)}, key)

    def remove(self, id: str) -> SavedVersion:
        """Take one failure away, with what a person said about it."""
        with _changing:
            rest = without(self._now.failures, id)
            return self._save({"failures": rest, f"corrections.{id}": UNSET})

    def remove_all(self) -> SavedVersion:
        """Take every failure away."""
        with _changing:
            return self._save({"failures": (), "corrections": {}})

    def put_back(self, version: int) -> SavedVersion:
        """Put back what was removed after `version`; what was added since stays."""
        with _changing:
            old, now = self.store.get(self.id, version).draft, self._now
            failures = put_back(old.failures, now.failures)
            corrections = {**old.corrections, **now.corrections}
            return self._save({"failures": failures, "corrections": corrections})

    def change(self, failure: Failure, texts: Mapping[str, str]) -> SavedVersion:
        """Give one failure new texts.

        Raises:
            InputError: they say nothing, or somebody changed it meanwhile.
        """
        if not any(text.strip() for text in texts.values()):
            raise InputError(Problem("failure", "is empty", "Write something, or remove it"))
        (new,) = typed([{**texts, "id": failure.id}])
        with _changing:
            now = self._now.failures
            if failure not in now:
                what = "was changed or removed in another window"
                raise InputError(Problem("failure", what, "Copy your text, then reload the page"))
            return self._save({"failures": replaced(now, new)})

    @property
    def _now(self) -> Draft:
        return self.store.get(self.id).draft

    def _save(self, changes: Mapping[str, object], key: str | None = None) -> SavedVersion:
        return self.store.edit(self.id, changes, self.author, key or secrets.token_hex(8))


@dataclass(frozen=True)
class GroupWord:
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

    def say(self, ids: Sequence[str], mode: Mode, key: str) -> GroupWord:
        """Say what all of these are, in one version; failures that are gone are left out."""
        draft = self.store.get(self.id).draft
        there = {failure.id for failure in draft.failures}
        before = {name: draft.corrections.get(name) for name in ids if name in there}
        self._write({name: mode for name in before}, key)
        return GroupWord(mode, before)

    def take_back(self, said: GroupWord, key: str) -> None:
        """Put back what stood before; where somebody said something else since, that stays."""
        draft = self.store.get(self.id).draft
        there = {failure.id for failure in draft.failures}
        untouched = {
            name: mode
            for name, mode in said.before.items()
            if name in there and draft.corrections.get(name) == said.mode
        }
        self._write(untouched, key)

    def _write(self, modes: Mapping[str, Mode | None], key: str) -> SavedVersion:
        changes = {f"corrections.{name}": mode for name, mode in modes.items()}
        return self.store.edit(self.id, changes, self.author, key)
