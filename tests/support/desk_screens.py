"""Opens screens of the review desk as one of its people."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from screens import APP
from streamlit.testing.v1 import AppTest
from world import World, key

from advisor.domain.lifecycle import Role
from advisor.review.people.people import People
from advisor.store import open_store
from advisor.ui.screens import page


@contextmanager
def people(home: Path) -> Iterator[World]:
    """People of every role on the database of the app, for all tests of a file."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ADVISOR_")]:
            patch.delenv(name)
        patch.setenv("ADVISOR_HOME", str(home))
        root = People(open_store()).add("Root", None, [Role.ADMINISTRATOR], None, key()).id
        yield World(open_store(), root, "")


def shown(desk: World, id: str, by: Role | str, screen: str, **more: str) -> AppTest:
    """Open a screen of a proposal as one of the people."""
    return at(desk, by, screen, p=id, **more)


def at(desk: World, by: Role | str, screen: str, **address: str) -> AppTest:
    """Open a screen at an address as one of the people."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.session_state["acting"] = desk.who[by] if isinstance(by, Role) else by
    app.switch_page(page(screen))
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app
