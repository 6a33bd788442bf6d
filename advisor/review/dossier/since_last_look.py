"""What changed since a person looked last; the trail of views says when that was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from advisor.domain.lifecycle import BUTTONS
from advisor.domain.review import Decision
from advisor.domain.trail import TrailEntry
from advisor.presentation.differences import told
from advisor.presentation.wording import moment
from advisor.review.decisions.review_view import ReviewView
from advisor.review.dossier.access import views
from advisor.review.dossier.dossier_record import Since
from advisor.rules import RuleBook
from advisor.store import Store


def looked(
    store: Store, view: ReviewView, book: RuleBook, person: str, names: Mapping[str, str]
) -> tuple[datetime | None, Since | None]:
    """Return when a person first saw what is there now, and what differs from what they saw before.

    What they saw before is the newest of their views that showed something else: another version,
    other rules, or fewer decisions.
    """
    now = (view.about.version, book.fingerprint, len(view.history))
    first, before = None, None
    for row in views(store, view.about.proposal, person):
        if _shown(row) != now:
            before = row
            break
        first = datetime.fromisoformat(row.at)
    return first, _since(store, view, book, before, names) if before else None


def _shown(row: TrailEntry) -> tuple[int | None, str | None, int]:
    return (row.version, row.rules, int(json.loads(row.detail).get("decisions", 0)))


def _since(
    store: Store, view: ReviewView, book: RuleBook, row: TrailEntry, names: Mapping[str, str]
) -> Since | None:
    at, version, (_, rules, decisions) = datetime.fromisoformat(row.at), row.version, _shown(row)
    if version is None:
        return None
    other = version != view.about.version
    differs = store.compare(view.about.proposal, version, view.about.version) if other else {}
    return Since(
        version=version,
        at=at,
        fields=tuple(told(differs, book)),
        rules=rules != book.fingerprint,
        happened=tuple(_happened(one, names) for one in view.history[decisions:]),
    )


def _happened(one: Decision, names: Mapping[str, str]) -> str:
    who = names.get(one.actor, one.actor)
    return f"“{BUTTONS[one.action]}” by {who}, version {one.version}, {moment(one.at)}"
