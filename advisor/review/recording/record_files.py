"""The files of a decision record: for people, for programs, and the card of an adopted adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from advisor.documents.render import html_of, markdown_of, pdf_of
from advisor.domain.lifecycle import State
from advisor.pilot.exporting.export_material import ExportMaterial, adapter_of
from advisor.pilot.exporting.mlflow import tag
from advisor.pilot.exporting.model_card import Adopted, model_card
from advisor.presentation.wording import day_words, listing, moment
from advisor.review.audit.trail_words import name_of
from advisor.review.recording.decided import signed, voters
from advisor.review.recording.decision_record import Body, Sealed, written
from advisor.review.recording.record_document import approval_of, document
from advisor.store import Store

CARD = "model-card.md"
WRITERS: Mapping[str, Callable[[Sealed], bytes]] = {
    "pdf": lambda one: pdf_of(document(one), one.body.written_at),
    "html": lambda one: html_of(document(one)).encode(),
    "md": lambda one: markdown_of(document(one)).encode(),
    "json": written,
}
"""How to write each format; JSON is the one that proves itself."""
_TERMS = {
    "intended_use": "What for, and what not",
    "kill_criteria": "Switched off when",
    "rollback": "The way back",
    "monitoring": "What is watched",
    "must_not_regress": "What must not get worse",
}
"""Answers of the form that whoever uses an adapter must know."""


def files(store: Store, sealed: Sealed) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of every file; a card only for an adopted adapter."""
    for ending, write in WRITERS.items():
        yield f"decision.{ending}", write(sealed)
    if card := adopted_card(store, sealed):
        yield CARD, card


def adopted_card(store: Store, sealed: Sealed) -> bytes | None:
    """Return the model card of the adapter that a decision adopted; none if it adopted none."""
    body = sealed.body
    result = store.pilots.result(body.pilot.id) if body.pilot else None
    if result is None or body.state is not State.APPROVED or body.latest != body.version:
        return None
    material = ExportMaterial(store.pilots.frozen(result.pilot), result, adapter_of(store, result))
    if not (material.adapter and material.trained):
        return None
    return model_card(material, _adopted(sealed))


def _adopted(sealed: Sealed) -> Adopted:
    body = sealed.body
    given = approval_of(body, body.last)
    said = {answer.id: answer.answer for answer in body.form}
    return Adopted(
        proposal=body.proposal,
        version=body.version,
        by=listing(signed(body, one) for one in voters(body)),
        at=moment(body.last.at),
        until=day_words(given.last_day) if given else "",
        override=bool(given and given.override),
        terms=tuple((name, said[id]) for id, name in _TERMS.items() if id in said),
        conditions=tuple(_conditions(body)),
        sha256=sealed.sha256,
        head=sealed.head,
    )


def _conditions(body: Body) -> Iterator[str]:
    for made in body.about:
        for term in made.conditions:
            met = "met" if term.met_at else "open"
            owner = name_of(term.owner, body.names)
            yield f"{term.what} ({owner}, by {day_words(term.due)}; {met})"


def tags(sealed: Sealed) -> dict[str, str]:
    """Return what a model registry is told of a decision."""
    return {
        "advisor.proposal": sealed.body.proposal,
        "advisor.decision": str(sealed.body.state),
        "advisor.record_sha256": sealed.sha256,
    }


def told_registry(sealed: Sealed) -> int:
    """Tag the run of the pilot, and models registered from it, in the team's MLflow.

    Returns:
        How many were tagged.

    Raises:
        AdvisorError: MLflow is not installed, or does not take it.
    """
    return tag(sealed.body.pilot.id, tags(sealed)) if sealed.body.pilot else 0
