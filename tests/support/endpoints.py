"""A chat service on this machine that plays whatever a test needs."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from advisor.models.endpoint import Endpoint, Limits

QUICK = Limits(seconds=2.0, tries=3, wait=0.01, longest_wait=0.02)


@dataclass(frozen=True)
class Reply:
    """What the service sends back."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def said(text: str | None, tokens: tuple[int, int] | None = (100, 20), why: str = "stop") -> Reply:
    content: dict[str, Any] = {"choices": [{"message": {"content": text}, "finish_reason": why}]}
    if tokens:
        content["usage"] = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]}
    return Reply(json.dumps(content).encode())


def refused(status: int, message: str = "no", **headers: str) -> Reply:
    return Reply(json.dumps({"error": {"message": message}}).encode(), status, headers)


Play = Callable[[dict[str, Any]], Reply]


class Service(ThreadingHTTPServer):
    """Remembers what it was asked, by whom, and how many at once."""

    daemon_threads = True

    def __init__(self, play: Play) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.play = play
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.lock = threading.Lock()
        self.now = self.most = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def endpoint(self, limits: Limits = QUICK, **more: Any) -> Endpoint:
        return Endpoint(self.url, "test-model", limits=limits, **more)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what some tests want."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Service

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.lock:
            self.server.asked.append(body)
            self.server.headers.append({k.lower(): v for k, v in self.headers.items()})
            self.server.paths.append(self.path)
            self.server.now += 1
            self.server.most = max(self.server.most, self.server.now)
        reply = self.server.play(body)
        with self.server.lock:
            self.server.now -= 1
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    do_GET = do_POST

    def log_message(self, format: str, *args: Any) -> None:
        """Tests are quiet."""


@contextmanager
def service(play: Play) -> Iterator[Service]:
    """Run a service for as long as a test needs it."""
    server = Service(play)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
