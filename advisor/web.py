"""What every page shares, and the server that runs them."""

from __future__ import annotations

import logging
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from starlette.middleware import Middleware
from streamlit import net_util

from advisor.assessed import keep, kept
from advisor.errors import AdvisorError, NotFoundError
from advisor.intake import reading_words
from advisor.judged_by import judged_by
from advisor.live import Live, value_at
from advisor.markdown import plain
from advisor.parts import page, pages_folder, part
from advisor.pilot.running.starting import keep_taking_up
from advisor.proposal import digest
from advisor.returning import Returning
from advisor.review.lifecycle import Role
from advisor.review.people import People
from advisor.server import CONFIG, Beside, SecurityHeaders
from advisor.settings import settings
from advisor.store import Saved, Store, Stored, open_store
from advisor.store.people import Person
from advisor.store.records import AUTHOR
from advisor.warming import expect_readers
from advisor.wording import moment

if TYPE_CHECKING:
    from advisor.assessment import Assessment
    from advisor.proposal import Draft
    from advisor.recommend import Tools
    from advisor.store import LearnedVersion

_LOG = logging.getLogger("advisor")

_Row = TypeVar("_Row")
SWITCH = 0.0005
"""Seconds after which a thread makes room for another. A page is hundreds of small messages, and at
Python's usual 5 ms each of them waits for every other page that is being drawn."""
SLOW = 500
"""Failures that take more than a moment to read; more of them show progress."""


def say_fault(error: Exception) -> bool:
    """Show a fault of the advisor in plain words with a number to find it by in the log."""
    number = secrets.token_hex(4)
    _LOG.error("Fault %s", number, exc_info=error)
    st.error(
        f"Something went wrong here (fault {number}). What you saved is safe. "
        "Reload the page; if it happens again, tell whoever runs the advisor this number."
    )
    return True


def serve(port: int, address: str, browser: bool) -> None:
    """Open the database, see that pilots go on, and run the server until it is stopped."""
    from advisor.api import api  # no page needs it
    from advisor.review.queue_upkeep import keep_up

    sys.setswitchinterval(SWITCH)
    keep_taking_up(open_store())
    keep_up(open_store())
    expect_readers()
    around = [Middleware(SecurityHeaders), Middleware(Beside, under="/api", other=api())]
    if auth := settings().auth:
        screens = {path.stem for path in pages_folder().glob("*.py")}
        around.append(Middleware(Returning, screens=screens))
    app = st.App(
        Path(__file__).with_name("app.py"),
        secrets={"auth": {**auth}} if auth else None,
        middleware=around,
        on_script_error=say_fault,
    )
    here = {"server.port": port, "server.address": address, "server.headless": not browser}
    net_util.get_external_ip = lambda: None  # it would ask a server outside for our address
    app.run(config=CONFIG | here)


@st.cache_resource(show_spinner="Loading the reader. A few seconds, once …", max_entries=4)
def _tools_of(rules: str, learned: str, _version: LearnedVersion | None, _store: Store) -> Tools:
    from advisor.learned import classifier_of
    from advisor.recommend import load_tools
    from advisor.remembered import Remembered

    return load_tools(classifier=Remembered(classifier_of(_store, _version)))


def tools() -> Tools:
    """Return rules, classifier and reader, shared by all sessions.

    Edited rules are read again, and the classifier is the version in use.
    """
    from advisor.rules import load

    version = store().learned.active()
    name = f"{version.name} {version.fingerprint}" if version else ""
    return _tools_of(load().fingerprint, name, version, store())


def assess(stored: Stored, handed_in: bool = False) -> Assessment:
    """Return what triage says about a version, with progress while many failures are read.

    Of what is `handed_in` it is kept: reviewers open it after the server started anew, too.
    """
    kit, draft = tools(), stored.draft
    prints = judged_by(kit, draft.failures)
    if handed_in and (found := kept(draft, prints)):
        return found
    read_with_progress(kit, draft)
    found = _assessment(stored.id, stored.version, prints, stored, kit)
    if handed_in:
        keep(draft, prints, found)
    return found


@st.cache_resource(show_spinner=False, max_entries=128)  # of about a third of a megabyte
def _assessment(
    id: str, version: int, prints: tuple[str, ...], _stored: Stored, _kit: Tools
) -> Assessment:
    """Judge a version once; a version never changes."""
    from advisor.recommend import triage

    return triage(_stored.draft, _kit)


def read_with_progress(kit: Tools, draft: Draft) -> None:
    """Read the failures; when that takes more than a moment, show how far it is."""
    from advisor.remembered import Remembered

    if not isinstance(kit.classifier, Remembered):
        return
    begun, all_, bar = time.monotonic(), 0, None
    for left in kit.classifier.progress(draft.failures, draft.corrections):
        all_ = all_ or left
        if left and all_ > SLOW:
            bar = bar or st.empty()
            spent = time.monotonic() - begun
            bar.progress(1 - left / all_, reading_words(all_, left, spent))
    if bar:
        bar.empty()


def store() -> Store:
    """Return the database, shared by all sessions."""
    return open_store()


def person() -> Person | None:
    """Return who is at work, with the roles they hold now; none for the local user."""
    found: Person | None = part("identity").person()
    return found


def require(*roles: Role) -> Person:
    """Return who is at work; without one of these roles say so and stop the page."""
    found: Person = part("identity").require(*roles)
    return found


def names() -> dict[str, str]:
    """Return how people are known, by id."""
    return {one.id: one.name for one in People(store()).all()}


def author() -> str:
    """Return the id of who is at work."""
    at_work = person()
    return at_work.id if at_work else AUTHOR


def current() -> Stored:
    """Return the proposal named in the URL (`?p=`); without one, say so and stop the page."""
    name = st.query_params.get("p")
    try:
        if name:
            return store().get(name)
    except NotFoundError:
        st.error("There is no such proposal. The link may be incomplete.")
    st.info("Choose a proposal first.")
    st.page_link(page("proposals"), label="All proposals", icon=":material/list:")
    st.stop()


def save(stored: Stored, changes: Mapping[str, Any], key: str | None = None) -> Saved | None:
    """Save changes as a new version; a `key` makes that happen once, however often it is called."""
    done: Saved | None = attempt(
        store().edit, stored.id, changes, author(), key or secrets.token_hex(8)
    )
    return done


def attempt(do: Callable[..., Any], *args: Any) -> Any:
    """Do something; on an error return None and say on the next drawing what is wrong."""
    try:
        return do(*args)
    except AdvisorError as error:
        st.session_state["problems"] = str(error).splitlines()
    return None


def live(
    stored: Stored,
    path: str,
    draw: Callable[..., Any],
    given: Callable[[Any], Any] = lambda value: value,
    place: str = "",
) -> None:
    """Draw a widget that saves every change to one field, and shows beside it what is wrong.

    Args:
        stored: The proposal as it is drawn.
        path: The field, as `Store.edit` names it.
        draw: Draws the widget: `draw(value, key=…, on_change=…)`; returns what it holds.
        given: Turns what the widget holds into what is stored.
        place: Tells two widgets for one field apart.
    """
    name = f"live/{place}{digest([stored.id, path])[:16]}"
    saved = value_at(stored.draft, path)
    field: Live = st.session_state.setdefault(name, Live(saved))
    field.before_drawing(saved)
    key = f"{name}/{field.turn}"

    def keep() -> None:
        _keep(stored, path, field, given(st.session_state[key]))

    shown = given(draw(saved, key=key, on_change=keep))
    field.after_drawing(saved, shown)
    for problem in field.wrong:
        st.error(plain(problem))
    if field.differs:
        _ask_which(stored, path, field, key)


def _keep(stored: Stored, path: str, field: Live, mine: Any) -> None:
    """Save a field unless somebody saved something newer in it."""
    latest = store().get(stored.id)
    if field.may_save(value_at(latest.draft, path), mine):
        _write(stored, path, field, mine)


def _write(stored: Stored, path: str, field: Live, mine: Any) -> None:
    try:
        store().edit(stored.id, {path: mine}, author(), secrets.token_hex(8))
    except AdvisorError as error:
        field.wrong = tuple(str(error).splitlines())
    else:
        field.kept(value_at(store().get(stored.id).draft, path))


def _ask_which(stored: Stored, path: str, field: Live, key: str) -> None:
    """Show what is saved beside what this window holds, and let the person choose."""
    theirs = value_at(stored.draft, path)
    st.warning("Something else was saved here meanwhile, perhaps in another window. It says:")
    st.text(str(theirs if isinstance(theirs, str) and theirs else "nothing"))
    with st.container(horizontal=True):
        press("Keep what I have", _write, stored, path, field, field.mine, key=f"{key}/mine")
        press("Take what is saved", field.take, theirs, key=f"{key}/theirs")


def press(label: str, do: Callable[..., Any], *args: Any, key: str, **look: Any) -> None:
    """Draw a button that does something before the page is drawn again.

    A click that reaches a server which started again finds no callback; it is done all the same.
    """
    drawn: set[str] = st.session_state.setdefault("drawn", set())
    if st.button(label, key=key, on_click=do, args=args, **look) and key not in drawn:
        do(*args)
        st.rerun()
    drawn.add(key)


def show_problems() -> None:
    """Show what the last save found wrong, once."""
    for problem in st.session_state.pop("problems", []):
        st.error(plain(problem))


STEPS = (
    ("problem", "1 Problem"),
    ("failures", "2 Failures"),
    ("questions", "3 Questions"),
    ("recommendation", "4 Recommendation"),
    ("versions", "Versions"),
)


def steps(stored: Stored, here: str) -> None:
    """Draw the way through a proposal as links, the present step marked."""
    st.title(plain(stored.draft.title or "Untitled"))
    if stored.archived:
        st.warning("This proposal is archived. It is not in the list until you bring it back.")
        st.button("Bring it back", on_click=attempt, args=(store().unarchive, stored.id, author()))
    with st.container(horizontal=True, key="steps"):
        for name, label in STEPS:
            shown = f"**{label}**" if name == here else label
            st.page_link(page(name), label=shown, query_params={"p": stored.id})
    st.markdown(f"Every change is saved. This is version {stored.version}.")
    show_problems()


def bullets(lines: Iterable[str]) -> None:
    """Show lines of Markdown as a list."""
    st.markdown("\n".join(f"- {line}" for line in lines))


def some_of(found: Sequence[_Row], rows: int, key: str) -> Iterator[_Row]:
    """Yield so many rows of a long list; then draw the way to the others."""
    first = (st.session_state.get(key, 1) - 1) * rows
    yield from found[first : first + rows]
    if len(found) > rows:
        st.markdown(f"{len(found):,} in all")
        st.pagination(-(-len(found) // rows), key=key)


def link(stored: Stored, name: str, label: str, icon: str) -> None:
    """Link to another screen of a proposal."""
    st.page_link(page(name), label=label, icon=icon, query_params={"p": stored.id})


def local_time(at: datetime) -> str:
    """Return a moment in the reader's own zone, if the browser tells it."""
    try:
        return moment(at.astimezone(ZoneInfo(st.context.timezone or "UTC")))
    except (ZoneInfoNotFoundError, ValueError):
        return moment(at)
