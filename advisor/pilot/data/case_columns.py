"""Which column of a table of cases holds what: by the usual names, else by what is left."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from advisor.errors import InputError, Problem
from advisor.importing.tables.headers import EITHER, SYNONYMS, plain_name

Role = Literal["talk", "id", "input", "expected", "group", "slice", "gold", "setup", "output"]

_NAMES: dict[Role, str] = {
    "talk": "messages, conversation, conversations, chat, dialogue, dialog",
    "id": SYNONYMS["id"],
    "input": f"{SYNONYMS['input']}, sentence, document, article, content, ticket text, review",
    "expected": f"""{SYNONYMS["expected"]}, label text, label name, {EITHER}, labels, class,
        category, intent, sentiment, tag, topic, summary, translation, sql, kategorie, klasse,
        {SYNONYMS["output"]}""",
    "group": """group, group id, cluster, customer, customer id, user id, conversation id,
        session id, thread id, document id, doc id, author id, gruppe, groupe, grupo""",
    "slice": "slice, segment, stratum, subset",
    "gold": """gold, gold ids, gold documents, gold passages, gold document ids,
        supporting documents, supporting passages, evidence ids""",
    "setup": "system, system prompt, system message, instruction, instructions",
    "output": f"recorded, {SYNONYMS['output']}, {EITHER}, text",
}
"""What each part of a case is called, the surest name first."""
_ORDER: dict[Role, list[str]] = {
    role: [plain_name(name) for name in names.split(",")] for role, names in _NAMES.items()
}
_CASE: tuple[Role, ...] = ("talk", "id", "input", "expected", "group", "slice", "gold", "setup")
_RECORDED: tuple[Role, ...] = ("id", "output")
_SURE = frozenset(plain_name(name) for name in SYNONYMS["expected"].split(","))
_LISTED = 12

Roles = dict[Role, str]


def case_roles(names: Sequence[str], where: str) -> tuple[Roles, list[str]]:
    """Return which column holds what, and sentences on what was guessed or left out.

    Raises:
        InputError: no column holds the input, or none the wanted answer.
    """
    roles = _by_name(names, _CASE)
    if "talk" in roles:
        roles.setdefault("input", roles["talk"])
        return roles, []
    if "input" not in roles and "setup" in roles:
        roles["input"] = roles.pop("setup")
    if "expected" not in roles and "gold" in roles:
        roles["expected"] = roles.pop("gold")
    guessed = _by_rest(roles, [name for name in names if name not in roles.values()])
    if missing := [role for role in ("input", "expected") if role not in roles]:
        raise InputError(no_column(role, names, where, _named(role)) for role in missing)
    unused = ", ".join(name[:40] for name in names if name not in roles.values())
    left = f"Columns that are not used: {unused}." if unused else ""
    return roles, [note for note in (guessed, left) if note]


@lru_cache(maxsize=16)
def _is_sure(name: str) -> bool:
    return plain_name(name) in _SURE


def sure(roles: Roles) -> bool:
    """Tell whether the column of the wanted answer has a name that can mean nothing else."""
    return _is_sure(roles.get("expected", ""))


def output_roles(names: Sequence[str], where: str) -> Roles:
    """Return which column holds the recorded output, and which the id of its case, if any.

    Raises:
        InputError: no column holds the output.
    """
    roles = _by_name(names, _RECORDED)
    rest = [name for name in names if name not in roles.values()]
    if "output" not in roles and len(rest) == 1:
        roles["output"] = rest[0]
    if "output" not in roles:
        raise InputError(no_column("output", names, where, _named("output")))
    return roles


def _by_name(names: Sequence[str], wanted: Sequence[Role]) -> Roles:
    """Give each role its surest column; no column has two."""
    plain = {plain_name(name): name for name in reversed(names)}
    roles: Roles = {}
    for role in sorted(wanted, key=lambda role: _ORDER[role][0] not in plain):
        for word in _ORDER[role]:
            if word in plain and plain[word] not in roles.values():
                roles[role] = plain[word]
                break
    return roles


def _by_rest(roles: Roles, rest: list[str]) -> str:
    """Fill the one or two roles that are missing with the only columns left; say so."""
    missing: list[Role] = [role for role in ("input", "expected") if role not in roles]
    if not missing or len(missing) != len(rest):
        return ""
    roles.update(zip(missing, rest, strict=True))
    words = {"input": "what is asked", "expected": "the wanted answer"}
    told = " and ".join(f"{roles[role]!r} for {words[role]}" for role in missing)
    return f"The columns do not say what they hold; {told} was taken. Check that this is right."


def _named(role: str) -> str:
    return f"Name one column {role!r}"


def no_column(role: str, names: Sequence[str], where: str, mend: str) -> Problem:
    """Return the problem of a table in which no column holds what is needed."""
    listed = ", ".join(repr(name[:40]) for name in names[:_LISTED])
    return Problem(where, f"no column holds the {role}; found {listed}", mend)
