"""What was decided, under which conditions, with which consequences, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from advisor.documents.record import (
    LONGEST,
    Block,
    Bullets,
    Note,
    Paragraph,
    RecordTable,
    TableRow,
    tidy,
)
from advisor.domain.lifecycle import BUTTONS, VOTES, State
from advisor.domain.review import votes
from advisor.presentation.wording import day_words, moment, number, start
from advisor.review.audit.trail_words import day_of, name_of
from advisor.review.decisions.leases import OVERRIDE_DAYS, PILOT_DAYS
from advisor.review.dossier.dossier_words import operations
from advisor.review.recording.decision_record import Body, RecordedDecision

Blocks = Iterator[Block]
_ANSWERS = {"yes": "Yes", "no": "No", "not_applicable": "Does not apply"}
_AFTER = ("success", "risk")
"""Sections of the form that say what follows."""


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield a text of any length, whole."""
    for line in filter(None, map(tidy, text.splitlines())):
        for place in range(0, len(line), LONGEST):
            yield Paragraph(text=line[place : place + LONGEST])


def signed(body: Body, made: RecordedDecision) -> str:
    """Return who decided and in which role: `Ann Lee (risk)`."""
    name = name_of(made.actor, body.names)
    return f"{name} ({made.role})" if made.role else name


def voters(body: Body) -> tuple[RecordedDecision, ...]:
    """Return those who agreed to what was decided last."""
    last = body.last
    return votes(body.about, last.source) if last.action in VOTES else ()


def decision(body: Body) -> Blocks:
    """Say who decided what on which version, and why; every decision about it is listed."""
    last = body.last
    yield Paragraph(text=f"“{BUTTONS[last.action]}” by {signed(body, last)}, {moment(last.at)}.")
    yield from (Note(text=one.text) for one in paragraphs(last.reason))
    rows = [_line(body, made) for made in body.about]
    head = ("When", "Who", "What", "Why")
    yield RecordTable(
        caption=f"Everything about version {body.version}", head=head, rows=tuple(rows)
    )
    for made in body.about:
        yield from _override(body, made)
    yield from _checklists(body)


def _line(body: Body, one: RecordedDecision) -> TableRow:
    voted = one.action in VOTES and one.target is one.source
    what = f"{BUTTONS[one.action]}{'; others must agree, too' if voted else ''}"
    return TableRow(cells=(moment(one.at), signed(body, one), what, one.reason))


def _override(body: Body, one: RecordedDecision) -> Blocks:
    given: Any = one.detail.get("override")
    if not isinstance(given, dict):
        return
    aside: Any = one.detail.get("set_aside") or []
    titles = [body.words.get(str(id), str(id)) for id in aside]
    yield Note(
        text=f"Override by {signed(body, one)}, until {day_of(str(one.detail.get('expires')))}."
    )
    yield Bullets(
        items=(
            *(f"Set aside: {title}" for title in titles),
            f"Risk that is accepted: {given.get('accepted_risk', '')}",
            f"What holds it down: {given.get('control', '')}",
        )
    )


def _checklists(body: Body) -> Blocks:
    """Yield one table for each thing that was voted on, with a column for each person."""
    asked = (made for made in body.about if made.action in VOTES and made.detail.get("checklist"))
    for source, group in groupby(asked, key=lambda one: one.source):
        voters = [*group]
        items = list(dict.fromkeys(id for vote in voters for id in _ticks(vote)))
        caption = f"Checklist before {'a pilot' if source is State.SUBMITTED else 'adoption'}"
        head = ("Asked", *(name_of(vote.actor, body.names) for vote in voters), "Note")
        yield RecordTable(
            caption=caption, head=head, rows=tuple(_ticked(body, id, voters) for id in items)
        )


def _ticks(one: RecordedDecision) -> dict[str, Any]:
    found: Any = one.detail.get("checklist")
    return {id: tick for id, tick in found.items() if isinstance(tick, dict)}


def _ticked(body: Body, id: str, voters: list[RecordedDecision]) -> TableRow:
    ticks = [_ticks(vote).get(id, {}) for vote in voters]
    answers = [_ANSWERS.get(str(tick.get("answer")), "") for tick in ticks]
    notes = [str(tick["note"]) for tick in ticks if tick.get("note")]
    cells = (body.words.get(id, id), *answers, " ".join(notes))
    return TableRow(cells=cells, mark="best" if "No" in answers else "")


def conditions(body: Body) -> Blocks:
    """List what the approval depends on, and how much a pilot may take."""
    terms = [term for made in body.about for term in made.conditions]
    rows = [
        TableRow(
            cells=(
                term.what,
                name_of(term.owner, body.names),
                day_words(term.due),
                f"{moment(term.met_at)}, {name_of(term.met_by or '', body.names)}"
                if term.met_at
                else "open",
            )
        )
        for term in terms
    ]
    if rows:
        yield RecordTable(head=("What", "Who does it", "By", "Met"), rows=tuple(rows))
    else:
        yield Paragraph(text="It depends on no condition.")
    for approval in body.approvals:
        if approval.kind == "pilot" and approval.minutes is not None:
            limits = [f"{number(approval.minutes)} minutes"]
            limits += (
                [f"{operations(approval.compute)} operations of training"]
                if approval.compute
                else []
            )
            yield Paragraph(text=f"The pilot may take at most {' and '.join(limits)}.")


def consequences(body: Body) -> Blocks:
    """Say what follows: what is allowed, when it is switched off, how one goes back."""
    for approval in body.approvals:
        what = "A pilot" if approval.kind == "pilot" else "Training and use"
        end = (
            f"; ended {moment(approval.ended_at)} ({approval.ended_why})"
            if approval.ended_at
            else ""
        )
        by = " by override" if approval.override else ""
        yield Paragraph(text=f"{what} was approved{by} until {day_words(approval.last_day)}{end}.")
    if not body.approvals:
        yield Paragraph(text="Nothing may be trained or used on the strength of this record.")
    told = [answer for answer in body.form if answer.section in _AFTER]
    if told:
        rows = tuple(TableRow(cells=(one.ask, one.answer)) for one in told)
        yield RecordTable(caption="What the owner says", head=("Question", "Answer"), rows=rows)


def review_by(body: Body) -> Blocks:
    """Say when it is looked at again, and what ends it before."""
    running = [approval for approval in body.approvals if approval.ended_at is None]
    for one in running:
        yield Paragraph(text=f"{start(one.kind)}: {day_words(one.last_day)} at the latest.")
    if not running:
        yield Paragraph(text="No approval runs. A new version may be handed in at any time.")
        return
    yield Paragraph(text="It ends before that when one of these happens:")
    yield Bullets(
        items=(
            "A new version is saved, whatever it changes.",
            "The base model or the data set changes, or a stronger base model is available.",
            "A rule that fired for it changes.",
            "A reviewer or the risk role revokes it.",
        )
    )
    most = f"A pilot holds for {PILOT_DAYS} days at most, an override for {OVERRIDE_DAYS}."
    yield Paragraph(text=most)
