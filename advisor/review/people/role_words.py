"""Roles in words: what each may do, and what is lost when somebody loses one."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.domain.lifecycle import Role
from advisor.store.people.people import Person

MAY: dict[Role, str] = {
    Role.OWNER: "hands in proposals",
    Role.REVIEWER: "approves and refuses",
    Role.RISK: "approves too, and alone may set a veto aside",
    Role.RUNNER: "runs pilots and hands their results in",
    Role.ADMINISTRATOR: "gives and takes roles, and decides nothing",
    Role.AUDITOR: "reads everything, and changes nothing",
}
_GONE: dict[Role, str] = {
    Role.OWNER: "nobody can hand in proposals then",
    Role.REVIEWER: "approvals have to come from risk then",
    Role.RISK: "nothing of the high tier can be approved then, and nothing overridden",
    Role.RUNNER: "nobody can hand in a pilot then",
    Role.ADMINISTRATOR: "nobody can change roles then, so this will be refused",
    Role.AUDITOR: "only administrators read the trail then",
}


def role_words(role: Role) -> str:
    """Return a role with what it may do."""
    return f"{role}: {MAY[role]}"


def locked_out(everybody: Sequence[Person], one: Person, role: Role, by: str) -> list[str]:
    """Return what nobody could do any more without a person's role, or they could not.

    Args:
        everybody: Who there is.
        one: Whose role it is.
        role: The role that is taken.
        by: Id of who takes it.
    """
    others = [other for other in everybody if role in other.roles and other.id != one.id]
    found = [] if others else [f"Nobody else holds the role {role}: {_GONE[role]}."]
    if one.id == by and role is Role.ADMINISTRATOR:
        found.append("You will not see this page any more.")
    if one.roles == (role,):
        found.append(f"{one.name} will have no role left.")
    return found
