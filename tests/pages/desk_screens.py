"""Opens screens of the review desk as one of its people."""

from __future__ import annotations

from screens import APP
from streamlit.testing.v1 import AppTest
from world import World, key

from advisor.review.lifecycle import Role
from advisor.review.people import People
from advisor.store import open_store


def people() -> World:
    """People of every role on the database of the app."""
    root = People(open_store()).add("Root", None, [Role.ADMINISTRATOR], None, key()).id
    return World(open_store(), root, "")


def shown(desk: World, id: str, by: Role | str, screen: str) -> AppTest:
    """Open a screen of a proposal as one of the people."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.session_state["acting"] = desk.who[by] if isinstance(by, Role) else by
    app.run()
    app.switch_page(f"../pages/{screen}.py")
    app.query_params["p"] = id
    app.run()
    assert not app.exception
    return app
