"""Opens screens of the app without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

import advisor
from advisor.proposal import Draft
from advisor.store import Stored, open_store
from advisor.ui.screens import page

APP = Path(advisor.__file__).with_name("app.py")
HOSTILE = "<script>alert(1)</script> **bold** [x](http://evil.example) $x$ :red[y] =1+1"


def window(name: str, id: str = "") -> AppTest:
    """Open a screen as a new browser window would."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.run()
    app.switch_page(page(name))
    app.query_params["p"] = id
    app.run()
    assert not app.exception
    return app


def made(draft: Draft | None = None, **fields: Any) -> str:
    """Store a proposal and return its id."""
    given = draft or Draft.model_validate(
        {"title": "A problem", "description": "It fails."} | fields
    )
    return open_store().create(given, "local", "made").id


def stored(id: str) -> Stored:
    """Return what is stored now."""
    return open_store().get(id)


def only() -> Stored:
    """Return the one proposal that is stored."""
    (row,) = open_store().list_proposals().rows
    return stored(row.id)


def texts(app: AppTest) -> str:
    """Return everything a screen says."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.text, app.info, app.error)
    more = (app.warning, app.success)
    return "\n".join(str(item.value) for kind in (*kinds, *more) for item in kind)


def button(app: AppTest, label: str) -> Any:
    """Return the first button whose label begins with `label`."""
    return next(item for item in app.button if item.label.startswith(label))


def field(app: AppTest, label: str) -> Any:
    """Return the widget whose label begins with `label`."""
    kinds = (app.text_input, app.text_area, app.selectbox, app.number_input, app.radio, app.toggle)
    return next(item for kind in kinds for item in kind if item.label.startswith(label))


def press(app: AppTest, label: str) -> AppTest:
    """Press a button and draw the screen again."""
    button(app, label).click().run()
    assert not app.exception
    return app
