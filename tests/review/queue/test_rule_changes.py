"""Which rules were in force from when on can be read in the trail."""

from __future__ import annotations

from dataclasses import replace

from world import World

from advisor.review.queue.upkeep import CHANGED, note_rules
from advisor.store.database.audit_trail import TrailQuery


def test_rules_are_recorded_when_they_change_and_only_then(world: World) -> None:
    note_rules(world.store, world.book)
    assert not note_rules(world.store, world.book)
    other = replace(world.book, fingerprint="f" * 64)
    assert note_rules(world.store, other)
    assert not note_rules(world.store, other)
    newest, before, *_ = world.store.trail.newest(TrailQuery(action=CHANGED))
    assert newest.rules == other.fingerprint and before.rules == world.book.fingerprint
    assert note_rules(world.store, world.book), "going back is a change too"
