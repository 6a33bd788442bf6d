"""Comments: what people say about a proposal without deciding anything."""

from __future__ import annotations

from advisor.core.strict import digest
from advisor.domain.lifecycle import Role
from advisor.domain.trail import Event
from advisor.errors import InputError, NotAllowedError, Problem
from advisor.review.dossier.access import reader
from advisor.store import Store
from advisor.store.database import audit_trail
from advisor.store.database.statements import check_name, claim, is_plain, new_id
from advisor.store.people.rights import REFUSED, attempting
from advisor.store.review import comments, standing
from advisor.store.versions import version_rows

LIMIT = 4_000
"""Characters of one comment."""


def comment(store: Store, id: str, text: str, person: str, key: str) -> str:
    """Write a comment on the latest version; the trail keeps its hash, not its words.

    Returns:
        Its id.

    Raises:
        InputError: it is empty, too long, or cannot be stored.
        NotAllowedError: this person may not read the dossier, or only reads.
        ConflictError: the key was used for another write.
    """
    mine, said = new_id(), _checked(text)
    attempt = Event(REFUSED, check_name("actor", person), proposal=id, detail={"asked": "comment"})
    with attempting(store.database, attempt) as transaction:
        version_rows.lock(transaction, id)
        role = reader(transaction, id, person)
        if role is Role.AUDITOR:
            raise NotAllowedError("role", "An auditor reads everything and writes nothing.")
        stands = claim(transaction, person, key, ["comment", id, said], mine)
        if stands == mine:
            about = standing.subject(transaction, id)
            comments.add_comment(transaction, mine, id, about.version, person, said)
            detail = {"comment": mine, "text": digest(said)}
            event = Event("comment", person, role, id, about.version, about.content, detail=detail)
            audit_trail.append(transaction, event)
        return stands


def _checked(text: str) -> str:
    said = text.strip()
    if not said:
        raise InputError(Problem("comment", "is empty", "Write something"))
    if len(said) > LIMIT or not is_plain(said):
        what = f"is not plain text of at most {LIMIT:,} characters"
        raise InputError(Problem("comment", what, "Shorten it, or split it"))
    return said
