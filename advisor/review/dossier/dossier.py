"""Putting a dossier together: it only reads, and only for those who may read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from advisor.domain.assessment import Assessment
from advisor.domain.lifecycle import Role
from advisor.domain.trail import Event
from advisor.models.encoder import Encoder
from advisor.review.decisions.review_view import ReviewView, view
from advisor.review.dossier import dossier_evidence
from advisor.review.dossier.access import looked, reader
from advisor.review.dossier.blind_comparison import Ratings, blind
from advisor.review.dossier.case_against import advice, against, gaps
from advisor.review.dossier.dossier_record import DECIDERS, Dossier
from advisor.review.dossier.dossier_words import asks, number_of
from advisor.review.dossier.similar_proposals import SimilarProposals, similar
from advisor.rules import RuleBook
from advisor.store import Store, Stored
from advisor.store.database.statements import check_name
from advisor.store.people import people
from advisor.store.people.rights import REFUSED, refusals_told
from advisor.store.review import comments, parts
from advisor.store.review.comments import Comment
from advisor.store.review.queue_conditions import LOOK

Assess = Callable[[Stored], Assessment]
"""Says what triage says about a version."""


@dataclass(frozen=True)
class _Around:
    """What stands in the database beside the proposal."""

    said: tuple[Comment, ...]
    writers: frozenset[str]
    names: dict[str, str]


def dossier(
    store: Store, book: RuleBook, id: str, person: str, assess: Assess, encoder: Encoder
) -> Dossier:
    """Return what a person reads before deciding.

    Args:
        store: Where everything is kept.
        book: The rules in force.
        id: The proposal.
        person: Id of who reads.
        assess: Says what triage says; screens give theirs, which remembers.
        encoder: Reads texts, to find similar proposals.

    Raises:
        NotFoundError: there is no such proposal.
        NotAllowedError: this person may not read it; the attempt is recorded.
    """
    role = _entered(store, id, person)
    seen, stored = view(store, id, book, person), store.get(id)
    around, result = _around(store, seen), assess(stored)
    first, since = looked(store, seen, book, person, around.names)
    found, probe = dossier_evidence.modes(result), dossier_evidence.probe(stored.draft)
    trial = dossier_evidence.trial(store, seen)
    rates = role in DECIDERS and person not in around.writers
    return Dossier(
        view=seen,
        stored=stored,
        number=number_of(id),
        asks=asks(seen),
        writers=tuple(around.names.get(one, one) for one in sorted(around.writers)),
        override=_overridden(seen),
        against=against(seen, result, book),
        advice=advice(seen, result),
        seen_at=first,
        since=since,
        modes=found,
        probe=probe,
        trial=trial[0] if trial else None,
        gaps=tuple(gaps(found, probe, trial[0] if trial else None)),
        blind=blind(*trial, _ratings(store, trial[0].id), person, rates) if trial else None,
        similar=_similar(store, id, encoder, role),
        comments=around.said,
        names=around.names,
        role=role,
        rules=book.fingerprint,
    )


def _entered(store: Store, id: str, person: str) -> Role:
    """Return the role in which a person reads; a refusal is recorded.

    Raises:
        NotFoundError: there is no such proposal.
        NotAllowedError: they may not read it.
    """
    attempt = Event(REFUSED, check_name("actor", person), proposal=id[:40], detail={"asked": LOOK})
    with refusals_told(store.database, attempt), store.database.read() as transaction:
        return reader(transaction, id, person)


def _similar(store: Store, id: str, encoder: Encoder, role: Role) -> SimilarProposals:
    """Return similar proposals; an owner does not learn what was said to others."""
    found = similar(store, id, encoder)
    if role is not Role.OWNER:
        return found
    return replace(found, found=tuple(replace(one, reason="") for one in found.found))


def _around(store: Store, seen: ReviewView) -> _Around:
    id = seen.about.proposal
    with store.database.read() as transaction:
        said, writers = comments.comments(transaction, id), parts.writers(transaction, id)
        ids = {*seen.names, *writers, *(one.actor for one in said)}
        ids |= {term.met_by for made in seen.history for term in made.conditions if term.met_by}
        return _Around(said, writers, {**seen.names, **people.names(transaction, ids)})


def _ratings(store: Store, pilot: str) -> Ratings:
    with store.database.read() as transaction:
        return comments.ratings(transaction, pilot)


def _overridden(seen: ReviewView) -> bool:
    running = bool(seen.lease and seen.lease.override)
    return running or any("override" in vote.detail for vote in seen.agreed)
