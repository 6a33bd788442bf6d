"""Rows of the trail in plain words; names are looked up elsewhere, as the trail has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from advisor.domain.lifecycle import VOTES, Action
from advisor.domain.review import decision_in, detail_in
from advisor.domain.trail import TrailEntry
from advisor.presentation.wording import day_words, listing, moment
from advisor.review.people.people import FIRST
from advisor.review.queue.upkeep import ADVISOR
from advisor.store.people.rights import REFUSED
from advisor.store.versions.version_records import AUTHOR

Names = Mapping[str, str]
NOBODY: Names = {
    AUTHOR: "the local user",
    FIRST: "the command line",
    ADVISOR: "the advisor itself",
}
"""Who acts without being a person of our table."""
_REASONS = {
    "role": "they do not hold the role",
    "writer": "it is their own work, or not theirs",
    "runner": "they ran its pilot",
    "abstained": "they had abstained",
    "twice": "they had agreed already",
    "conflict": "it was changed or decided meanwhile",
    "incomplete": "something was missing or stood against it",
    "last": "nobody else could have undone it",
}
Tell = Callable[[dict[str, Any], Names], str]
"""Says a row's detail in words."""


def _people(words: str) -> Tell:
    return lambda detail, names: words.format(
        person=name_of(str(detail.get("person", "")), names),
        roles=listing(_listed(detail.get("roles") or detail.get("role"))) or "no role",
    )


def _listed(value: Any) -> list[str]:
    """Return texts of a detail, which anybody may have written."""
    return [str(one) for one in value] if isinstance(value, list) else [str(value or "")]


def _plain(words: str) -> Tell:
    return lambda detail, names: words


_NEWS = {
    "base_model": "a base model changed",
    "data_set": "a data set changed",
    "stronger_model": "a stronger base model is available",
}
WORDS: Mapping[str, tuple[str, Tell]] = {
    "save_version": ("Version saved", lambda detail, _: "saved it" + (
        ", which ended its review" if detail.get("ends_review") else ""
    )),
    Action.SUBMIT: ("Submitted", _plain("submitted it for review")),
    Action.APPROVE_PILOT: ("Pilot approved", _plain("approved a pilot")),
    Action.RECORD_PILOT: ("Pilot handed in", _plain("handed in the result of a pilot")),
    Action.APPROVE: ("Adoption approved", _plain("approved adoption")),
    Action.OVERRIDE: ("Override", _plain("approved it against what stands in the way")),
    Action.REQUEST_CHANGES: ("Changes asked for", _plain("asked for changes")),
    Action.REFUSE: ("Refused", _plain("refused it")),
    Action.ABSTAIN: ("Abstention", _plain("abstained")),
    Action.WITHDRAW: ("Withdrawn", _plain("withdrew it")),
    Action.REVOKE: ("Revoked", _plain("revoked the approval")),
    Action.EXPIRE: ("Expired", _plain("ended the approval, whose time was over")),
    REFUSED: ("Refused attempts", lambda detail, names: _attempt(detail, names)),
    "view_dossier": ("Dossier read", _plain("read the dossier")),
    "comment": ("Comment", _plain("wrote a comment")),
    "rate_pair": ("Outputs rated", _plain("rated two outputs without knowing whose they are")),
    "meet_condition": ("Condition met", _plain("said that a condition is met")),
    "notice": ("News told", lambda detail, _: "told that " + _NEWS.get(
        str(detail.get("kind")), "something changed"
    )),
    "change_rules": ("Rules changed", _plain("works by these rules from now on")),
    "add_person": ("Person added", _people("added {person}: {roles}")),
    "give_role": ("Role given", _people("gave {person} the role {roles}")),
    "take_role": ("Role taken", _people("took the role {roles} from {person}")),
    "erase_person": ("Person erased", _people("erased {person}, who had {roles}")),
    "join": ("First sign-in", _plain("signed in for the first time")),
    "sign_in_first": ("Sign-in tied", _plain("signed in for the first time, as somebody known")),
    "give_token": ("Token given", _people("gave {person} a token for the role {roles}")),
    "take_token": ("Token taken back", _people("took back a token of {person}")),
    "export_record": ("Record exported", _plain("took away the decision record")),
    "export_trail": ("Trail exported", _plain("exported the trail")),
}  # fmt: skip
"""What an action is called in a list, and what a person did then."""
_TRIED = {
    Action.SUBMIT: "submit it",
    Action.APPROVE_PILOT: "approve a pilot",
    Action.RECORD_PILOT: "hand in a pilot",
    Action.APPROVE: "approve adoption",
    Action.OVERRIDE: "override",
    Action.REQUEST_CHANGES: "ask for changes",
    Action.REFUSE: "refuse it",
    Action.ABSTAIN: "abstain",
    Action.WITHDRAW: "withdraw it",
    Action.REVOKE: "revoke the approval",
    "create": "write a proposal",
    "edit": "change a proposal",
    "archive": "archive a proposal",
    "add_pilot": "start a pilot",
    "ask_pilot": "pause, resume or cancel a pilot",
    "set_price": "set a price",
    "teach": "correct what a failure is",
    "comment": "comment",
    "view_dossier": "read the dossier",
    "rate_pair": "rate two outputs",
    "meet_condition": "say that a condition is met",
    "notice": "tell what changed",
    "add_person": "add a person",
    "give_person": "give a role",
    "take_person": "take a role",
    "erase_person": "erase a person",
    "give_token": "give a token",
    "take_token": "take back a token",
    "export_record": "take away the decision record",
    "export_trail": "export the trail",
}


def title_of(action: str) -> str:
    """Return what an action is called in a list."""
    return WORDS[action][0] if action in WORDS else _spaced(action)


def name_of(id: str, names: Names) -> str:
    """Return the name of a person; who was never there keeps the id."""
    return names.get(id) or NOBODY.get(id) or id


def told(row: TrailEntry, names: Names) -> str:
    """Return what was done, without who and when: `approved a pilot, until 28 December 2026`."""
    detail = detail_in(row)
    words = WORDS[row.action][1](detail, names) if row.action in WORDS else _spaced(row.action)
    if row.version and row.action == "save_version":
        words = words.replace("it", f"version {row.version}", 1)
    elif row.version:
        words += f" (version {row.version})"
    return words + _led_to(row, detail)


def _led_to(row: TrailEntry, detail: dict[str, Any]) -> str:
    """Say that others must agree, too, or until when it holds."""
    if decision_in(row) and row.action in VOTES and detail.get("from") == detail.get("to"):
        return "; others must agree, too"
    return f", until {day_of(str(detail['until']))}" if "until" in detail else ""


def when(row: TrailEntry) -> str:
    """Return when it happened; a time that is none stands as it is."""
    try:
        return moment(datetime.fromisoformat(row.at))
    except ValueError:
        return row.at


def day_of(text: str) -> str:
    """Return a day as people write it; a text that is none stands as it is."""
    try:
        return day_words(date.fromisoformat(text))
    except ValueError:
        return text


def _attempt(detail: dict[str, Any], _: Names) -> str:
    asked, why = str(detail.get("asked", "")), str(detail.get("because", ""))
    tried = _TRIED.get(asked, _spaced(asked) or "do something")
    return f"tried to {tried} and was refused: {_REASONS.get(why, _spaced(why) or 'not allowed')}"


def _spaced(name: str) -> str:
    return name.replace("_", " ").replace(".", " ").strip()


def people_in(row: TrailEntry) -> set[str]:
    """Return the ids of everybody that a row names."""
    person = detail_in(row).get("person")
    return {row.actor} | ({person} if isinstance(person, str) else set())
