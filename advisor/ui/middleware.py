"""What the server adds around the screens: settings, security headers, readiness."""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from advisor.core.settings import UPLOAD_LIMIT_MB

HEADERS = {
    b"content-security-policy": b"frame-ancestors 'none'; object-src 'none'; base-uri 'self'",
    b"referrer-policy": b"same-origin",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
}
CONFIG: dict[str, Any] = {
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "global.disableWidgetStateDuplicationWarning": True,  # the address sets widgets on purpose
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,  # with a classifier in memory it takes half a second, each time
    "server.fileWatcherType": "none",
    "server.maxUploadSize": UPLOAD_LIMIT_MB,
    "theme.base": "light",
    "theme.primaryColor": "#0b5cad",
    "theme.textColor": "#1a1f29",
    "theme.backgroundColor": "#ffffff",
    "theme.secondaryBackgroundColor": "#f2f5f9",
    "theme.linkColor": "#0b5cad",
    "theme.baseRadius": "medium",
    "theme.headingFontSizes": ["2.1rem", "1.6rem", "1.25rem", "1.1rem", "1rem", "1rem"],
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
