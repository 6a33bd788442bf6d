"""Around the screens: security headers, the API beside them, the way back after signing in."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import quote, unquote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    b"content-security-policy": b"frame-ancestors 'none'; object-src 'none'; base-uri 'self'",
    b"referrer-policy": b"same-origin",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
}


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


class Beside:
    """Give all below one address to another application: no cookie, no session of the screens."""

    def __init__(self, app: ASGIApp, under: str, other: ASGIApp) -> None:
        """Wrap `app`, which gets what is not below `under`."""
        self.app, self.under, self.other = app, under, other

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on to one of the two."""
        if scope["type"] == "http" and scope["path"].startswith(f"{self.under}/"):
            below = {**scope, "root_path": scope.get("root_path", "") + self.under}
            await self.other(below, receive, send)
        else:
            await self.app(scope, receive, send)


CALLBACK = "/oauth2callback"
"""Where Streamlit takes in who signed in; it redirects from there to the first screen."""
SIGNED = "_streamlit_user"
"""Streamlit's cookie of who signed in."""
COOKIE = "advisor_back"
SECONDS = 600
"""For signing in."""
LONGEST = 1_000
"""Characters of an address that is worth coming back to."""
_ADDRESS = re.compile(r"/([a-z_]+)(\?[A-Za-z0-9_.~!$&'()*+,;=:@%/?-]*)?")


class Returning:
    """Remember which screen somebody asked for before signing in, and bring them there after."""

    def __init__(self, app: ASGIApp, screens: Collection[str]) -> None:
        """Wrap `app`; nobody is sent anywhere but to one of its `screens`."""
        self.app, self.screens = app, frozenset(screens)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; set the cookie, or use it."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return await self.app(scope, receive, send)
        request = Request(scope)
        path, query = request.url.path, request.url.query
        asked = self._screen(f"{path}?{query}" if query else path)
        back = self._screen(unquote(request.cookies.get(COOKIE, "")))

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if path == CALLBACK and back and _entered(headers):
                    headers["location"] = back
                    headers.append("set-cookie", _cookie("", 0))
                elif asked or (back and path == "/"):
                    headers.append("set-cookie", _cookie(asked, SECONDS if asked else 0))
            await send(message)

        await self.app(scope, receive, send_with_cookie)

    def _screen(self, address: str) -> str:
        """Return an address if it is that of a screen, and of nothing else; else nothing."""
        match = _ADDRESS.fullmatch(address) if len(address) <= LONGEST else None
        return address if match and match[1] in self.screens else ""


def _entered(headers: MutableHeaders) -> bool:
    """Tell whether an answer lets somebody in: one that does not only takes cookies away."""
    given = (cookie for cookie in headers.getlist("set-cookie") if cookie.startswith(f"{SIGNED}="))
    return any(cookie.partition("=")[2].partition(";")[0].strip('"') for cookie in given)


def _cookie(value: str, seconds: int) -> str:
    return f"{COOKIE}={quote(value, safe='')}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax"
