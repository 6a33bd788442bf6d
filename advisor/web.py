"""The server (readiness, security headers) and what every page shares."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from advisor.errors import AdvisorError, InputError, NotFoundError
from advisor.store import Store, Stored, open_store

if TYPE_CHECKING:
    from advisor.recommend import Tools

UPLOAD_LIMIT_MB = 20
HEADERS = {
    b"content-security-policy": b"frame-ancestors 'none'; object-src 'none'; base-uri 'self'",
    b"referrer-policy": b"same-origin",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
}
CONFIG: dict[str, Any] = {
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.toolbarMode": "viewer",
    "server.fileWatcherType": "none",
    "server.maxUploadSize": UPLOAD_LIMIT_MB,
    "theme.base": "light",
    "theme.primaryColor": "#0b5cad",
    "theme.textColor": "#1a1f29",
    "theme.backgroundColor": "#ffffff",
    "theme.secondaryBackgroundColor": "#f2f5f9",
    "theme.linkColor": "#0b5cad",
    "theme.baseRadius": "medium",
}


def pages_folder() -> Path:
    """Return the folder with the screens: beside the package, or inside an installed wheel."""
    here = Path(__file__).resolve().parent
    checkout = here.parent / "pages"
    return checkout if (checkout / "proposals.py").is_file() else here / "shipped" / "pages"


class SecurityHeaders:
    """Add the security headers that Streamlit leaves to its host."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add headers to the response."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS.items()]
            await send(message)

        await self.app(scope, receive, send_with_headers)


async def ready(_: Request) -> JSONResponse:
    """Tell whether the database answers; 503 if not."""
    try:
        open_store().list_proposals(limit=1)
    except AdvisorError as error:
        return JSONResponse({"ready": False, "why": str(error)}, status_code=503)
    return JSONResponse({"ready": True})


def serve(port: int, address: str, browser: bool) -> None:
    """Open the database, then run the server until it is stopped."""
    open_store()
    app = st.App(
        Path(__file__).with_name("app.py"),
        routes=[Route("/api/ready", ready)],
        middleware=[Middleware(SecurityHeaders)],
    )
    here = {"server.port": port, "server.address": address, "server.headless": not browser}
    app.run(config=CONFIG | here)


@st.cache_resource(show_spinner="Loading the reader. A few seconds, once …")
def _tools_of(rules: str) -> Tools:
    from advisor.recommend import load_tools

    return load_tools()


def tools() -> Tools:
    """Return rules, classifier and reader, shared by all sessions; edited rules are read again."""
    from advisor.rules import load

    return _tools_of(load().fingerprint)


def store() -> Store:
    """Return the database, shared by all sessions."""
    return open_store()


def author() -> str:
    """Return who is at work: the signed-in person, or the local user."""
    return str(st.user.get("sub") or "local")


def current() -> Stored:
    """Return the proposal named in the URL (`?p=`); without one, say so and stop the page."""
    name = st.query_params.get("p")
    try:
        if name:
            return store().get(name)
    except NotFoundError:
        st.error("There is no such proposal. It may have been archived, or the link is incomplete.")
    st.info("Choose a proposal first.")
    st.page_link(page("proposals"), label="All proposals", icon=":material/list:")
    st.stop()


def save(stored: Stored, changes: Mapping[str, Any]) -> None:
    """Save changes as a new version; say so, or say beside the page what is wrong."""
    try:
        saved = store().edit(stored.id, changes, author(), key=secrets.token_hex(8))
    except InputError as error:
        st.session_state["problems"] = [str(problem) for problem in error.problems]
    except AdvisorError as error:
        st.session_state["problems"] = [str(error)]
    else:
        if saved.version != stored.version:
            st.toast(f"Saved as version {saved.version}", icon=":material/check:")


def show_problems() -> None:
    """Show what the last save found wrong, once."""
    for problem in st.session_state.pop("problems", []):
        st.error(problem)


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
    with st.container(horizontal=True, key="steps"):
        for name, label in STEPS:
            shown = f"**{label}**" if name == here else label
            st.page_link(page(name), label=shown, query_params={"p": stored.id})
    show_problems()


def page(name: str) -> str:
    """Return the path of a screen for links."""
    return str(pages_folder() / f"{name}.py")


def plain(text: str) -> str:
    """Escape Markdown so that a user's text is shown as typed."""
    return "".join(
        f"\\{letter}" if letter in "\\`*_{}[]()#+-.!|<>~$:^=&@" else letter for letter in text
    )


def json_for(value: Any) -> str:
    """Return `value` as indented JSON for a download."""
    return json.dumps(value, indent=2, ensure_ascii=False)
