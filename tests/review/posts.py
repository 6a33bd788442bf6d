"""A web server and a mail server on this machine that play whatever a test needs."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, Session
from running import free_port

PASSWORD = "hunter2-secret"


@dataclass
class Hook:
    """A webhook: what it got, and what it answers."""

    status: int = 200
    wait: float = 0.0
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/services/{PASSWORD}"

    @contextmanager
    def up(self) -> Iterator[None]:
        """Let it answer for a while."""
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                time.sleep(hook.wait)
                hook.bodies.append(json.loads(body))
                hook.headers.append({k.lower(): v for k, v in self.headers.items()})
                self.send_response(hook.status)
                self.send_header("location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()


Reply = Callable[[str], str]


@dataclass
class Post:
    """A mail server: what it got, and what it says to a recipient."""

    reply: Reply = lambda _: "250 OK"
    wait: float = 0.0
    mails: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    port: int = field(default_factory=free_port)
    tls: Any = None
    """A context of TLS: sign-in is offered after STARTTLS only."""

    @property
    def url(self) -> str:
        who = f"ann:{PASSWORD}@" if self.tls else ""
        return f"smtp://{who}127.0.0.1:{self.port}"

    async def handle_RCPT(
        self, _: Any, __: Session, envelope: Envelope, address: str, ___: Any
    ) -> str:
        said = self.reply(address)
        if said.startswith("2"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, _: Any, __: Session, envelope: Envelope) -> str:
        time.sleep(self.wait)
        mail = message_from_bytes(envelope.original_content or b"", policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.to += envelope.rcpt_tos
        return "250 Kept"

    @contextmanager
    def up(self) -> Iterator[None]:
        """Let it answer for a while."""
        more = {"tls_context": self.tls, "authenticator": _signs_in} if self.tls else {}
        server = Controller(self, hostname="127.0.0.1", port=self.port, **more)
        server.start()
        try:
            yield
        finally:
            server.stop()


def _signs_in(_: Any, __: Any, ___: Any, ____: Any, given: Any) -> AuthResult:
    return AuthResult(success=given.password == PASSWORD.encode(), handled=False)
