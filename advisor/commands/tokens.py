"""What `advisor token` does; each function returns its exit code."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from advisor.commands.exits import DONE
from advisor.core.terminal import json_line, one_line, write_message, write_results
from advisor.domain.lifecycle import Role
from advisor.presentation.wording import moment
from advisor.review.people.people import People
from advisor.review.people.tokens import Tokens
from advisor.store import open_store
from advisor.store.database.statements import now
from advisor.store.people.tokens import Token


def run_give(person: str, role: Role, days: int, by: str) -> int:
    """Give a token and print it."""
    store = open_store()
    people = People(store)
    whose, actor = people.find(person), people.find(by)
    made, secret = Tokens(store).give(whose.id, role, days, actor.id, secrets.token_hex(8))
    write_message(one_line(f"For {whose.name} as {role}, until {moment(made.ends_at)}"))
    write_message(f"It is not shown again. To take it back: advisor token take {made.id} --by YOU")
    write_results(secret)
    return DONE


def run_list(person: str | None, as_json: bool) -> int:
    """Print tokens, the newest first."""
    store = open_store()
    people = People(store)
    tokens = Tokens(store).of(people.find(person).id if person else None)
    names = {whose.id: whose.name for whose in people.all()}
    for token in tokens:
        write_results(json_line(_as_json(token)) if as_json else one_line(_line(token, names)))
    if not tokens:
        write_message("No token yet. Begin with: advisor token give PERSON ROLE --by YOU")
    return DONE


def _line(token: Token, names: Mapping[str, str]) -> str:
    state = "until" if token.ends_at > now() else "ended"
    words = f"{state} {moment(token.ends_at)}"
    words = f"taken back {moment(token.taken_at)}" if token.taken_at else words
    used = f"last used {moment(token.used_at)}" if token.used_at else "never used"
    return f"{token.id} {names[token.person]} as {token.role}: {words}; {used}"


def _as_json(token: Token) -> dict[str, object]:
    return {
        "id": token.id,
        "person": token.person,
        "role": token.role,
        "given_by": token.given_by,
        "given_at": token.given_at.isoformat(),
        "ends_at": token.ends_at.isoformat(),
        "used_at": token.used_at.isoformat() if token.used_at else None,
        "taken_by": token.taken_by,
        "taken_at": token.taken_at.isoformat() if token.taken_at else None,
    }


def run_take(id: str, by: str) -> int:
    """Take a token back."""
    store = open_store()
    actor = People(store).find(by).id
    token = Tokens(store).take(id, actor, secrets.token_hex(8))
    write_message(f"Taken back. {token.id} opens nothing from now on")
    return DONE
