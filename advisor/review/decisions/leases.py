"""Approvals are leases: how long they hold, what they rest on, and what ends them early."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from advisor.core.strict import digest
from advisor.domain.lifecycle import LEASED, Action, ApprovalKind
from advisor.domain.review import Lease, Standing, ToldChange, final_day
from advisor.presentation.wording import day_words
from advisor.review.decisions.judgement import Judgement
from advisor.rules import Compiled, RuleBook
from advisor.rules.schema.approval import Tier
from advisor.store import Transaction
from advisor.store.database.statements import folded
from advisor.store.review import approvals

PILOT_DAYS = 30
"""How long the approval of a pilot holds at most."""
OVERRIDE_DAYS = 90
"""How long an override holds at most."""
_MEANS = {"when", "then", "forbids", "unless_with", "tier", "stops"}
"""Fields of a rule that change what it does; its words may be mended."""
_NOTICES = {
    "base_model": "The base model changed: {}",
    "data_set": "The data set changed: {}",
    "stronger_model": "A stronger base model is available: {}",
}


def last_day(action: Action, kind: str, tier: Tier, today: date) -> date:
    """Return the last day that an approval given today may have."""
    ends = today + timedelta(days=PILOT_DAYS) if kind == ApprovalKind.PILOT else tier.ends(today)
    return min(ends, today + timedelta(days=OVERRIDE_DAYS)) if action is Action.OVERRIDE else ends


def end_of(day: date) -> datetime:
    """Return the moment at which a day is over, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def last_words(lease: Lease) -> str:
    """Return the last day of an approval as people write it."""
    return day_words(final_day(lease))


def named(text: object) -> str:
    """Return the name of a base model or a data set so that two spellings are the same."""
    return folded(" ".join(str(text or "").split()))


def baseline(judged: Judgement) -> dict[str, Any]:
    """Return what an approval rests on: base model, data set, and the rules that fired."""
    names = {name: named(judged.draft.review.get(name)) for name in ("base_model", "data_set")}
    meant = _meanings(judged.book)
    return names | {"rules": {id: meant[id] for id in judged.fired()}}


@lru_cache(maxsize=8)
def _meanings(book: RuleBook) -> Mapping[str, str]:
    """Return a hash of what each rule does, by its id."""
    return {rule.id: _meaning(rule) for rule in _rules(book)}


def _rules(book: RuleBook) -> Iterator[Compiled[Any]]:
    yield from book.evidence
    yield from book.vetoes
    if book.approval:
        yield from book.approval.raises
        yield from book.approval.vetoes


def _meaning(rule: Compiled[Any]) -> str:
    return digest(rule.record.model_dump(mode="json", by_alias=True, include=_MEANS))


@dataclass(frozen=True)
class WorldChanges:
    """What may end approvals: the rules in force, and what was told of models and data."""

    meanings: Mapping[str, str]
    """What each rule means now, by id."""
    told: Mapping[str, list[ToldChange]]
    """What was told, by base model or data set, the oldest first."""


def changes_since(
    transaction: Transaction, book: RuleBook, granted: Iterable[Lease]
) -> WorldChanges:
    """Read what may have happened since some approvals were given."""
    told: dict[str, list[ToldChange]] = defaultdict(list)
    first = min((lease.granted_at for lease in granted), default=None)
    for change in approvals.told_since(transaction, first) if first else ():
        told[change.subject].append(change)
    return WorldChanges(_meanings(book), told)


def triggers(lease: Lease, changes: WorldChanges) -> tuple[str, ...]:
    """Return what happened that an approval did not reckon with, one sentence each."""
    rested: Mapping[str, str] = lease.baseline.get("rules", {})
    changed = [
        f"The rule {name!r}, which fired, changed"
        for name, meant in sorted(rested.items())
        if changes.meanings.get(name) != meant
    ]
    about = {name: lease.baseline.get(name, "") for name in ("base_model", "data_set")}
    told = (
        one
        for subject in dict.fromkeys(filter(None, about.values()))
        for one in changes.told.get(subject, ())
        if one.at > lease.granted_at
    )
    words = (_told(one, about) for one in sorted(told, key=lambda one: one.at))
    return (*changed, *filter(None, words))


def _told(notice: ToldChange, about: Mapping[str, str]) -> str:
    """Return a notice in words if it is about this approval."""
    named_by = "data_set" if notice.kind == "data_set" else "base_model"
    return _NOTICES[notice.kind].format(notice.note) if about[named_by] == notice.subject else ""


def over(where: Standing, lease: Lease | None, triggered: tuple[str, ...], at: datetime) -> str:
    """Return why the approval that a proposal stands on is over; nothing while it holds."""
    if where.state not in LEASED:
        return ""
    if lease is None:
        return "The approval was ended"
    if lease.expires_at <= at:
        return f"The approval ended after {last_words(lease)}"
    return triggered[0] if triggered else ""
