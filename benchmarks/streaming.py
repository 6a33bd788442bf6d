"""A reader of screens without a browser: what Streamlit's own page says over its WebSocket.

Signed in by a cookie that the server's own secret signs, as after a visit to the provider.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import (
    create_signed_value,
    generate_xsrf_token_string,
)
from websockets.asyncio.client import ClientConnection, connect

COOKIE = "_streamlit_user"
PATIENCE = 60
"""Seconds to wait for a page."""


def cookie(claims: Mapping[str, Any], url: str, secret: str) -> str:
    """Return the value of the cookie of who is signed in."""
    text = json.dumps({**claims, "origin": url, "is_logged_in": True})
    return create_signed_value(secret, COOKIE, text).decode("latin-1")


class Reader:
    """One window: opens screens and says how long each took, and what it said was wrong."""

    def __init__(self, url: str, signed: str) -> None:
        """Get ready for the server at `url`."""
        self._url, self._signed = url, signed
        self._socket: ClientConnection | None = None

    async def __aenter__(self) -> Self:
        """Connect as the page does."""
        token = generate_xsrf_token_string()
        self._socket = await connect(
            f"ws://{urlsplit(self._url).netloc}/_stcore/stream",
            origin=self._url,  # type: ignore[arg-type]
            subprotocols=["streamlit", token],  # type: ignore[list-item]
            additional_headers={"Cookie": f"_streamlit_xsrf={token}; {COOKIE}={self._signed}"},
            max_size=None,
            open_timeout=PATIENCE,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the window."""
        if self._socket:
            await self._socket.close()

    async def open(self, page: str, query: str = "") -> tuple[float, str, str]:
        """Open a screen.

        Returns:
            Seconds until it was drawn, all its words, and the first fault it showed.

        Raises:
            TimeoutError: it was not drawn in time.
        """
        assert self._socket
        asked = BackMsg()
        asked.rerun_script.page_name = page
        asked.rerun_script.query_string = query
        begun, words, fault = time.perf_counter(), "", ""
        await self._socket.send(asked.SerializeToString())
        while time.perf_counter() - begun < PATIENCE:
            said = ForwardMsg.FromString(await self._socket.recv(decode=False))
            kind = said.WhichOneof("type")
            if kind == "delta":
                element = said.delta.new_element
                words += f" {element.markdown.body} {element.heading.body} {element.alert.body}"
                if element.WhichOneof("type") == "exception" or "(fault " in element.alert.body:
                    fault = fault or f"{element.exception.message} {element.alert.body}".strip()
            if kind == "script_finished" and said.script_finished != 2:  # ended for another run
                return time.perf_counter() - begun, words, fault
        raise TimeoutError(page)
