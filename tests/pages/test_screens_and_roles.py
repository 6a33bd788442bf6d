"""A screen that is reached by its address without the role shows why, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk_screens import people, shown
from world import World

from advisor.domain.lifecycle import Role, State

JUDGES = frozenset({Role.REVIEWER, Role.RISK, Role.AUDITOR})
MAY = {
    "queue": JUDGES,
    "mine": frozenset({Role.OWNER}),
    "review_form": frozenset({Role.OWNER}),
    "dossier": JUDGES | {Role.OWNER},
    "audit": frozenset({Role.AUDITOR, Role.ADMINISTRATOR, Role.RISK}),
    "people": frozenset({Role.ADMINISTRATOR}),
}
"""Who may open a screen of the review."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with people(tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.mark.parametrize("role", [*Role, None])
@pytest.mark.parametrize("screen", MAY)
def test_a_screen_opens_for_its_roles_only(desk: World, screen: str, role: Role | None) -> None:
    id = desk.at(State.SUBMITTED)
    app = shown(desk, id, role or "", screen)
    said = " ".join(str(one.value) for one in app.error)
    if role in MAY[screen]:
        assert "needs the role" not in said
        return
    assert "needs the role" in said
    drawn = [*app.header, *app.subheader, *app.table, *app.dataframe, *app.text_input]
    assert not drawn and "Letters" not in " ".join(str(one.value) for one in app.markdown)
