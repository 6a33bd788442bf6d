"""A real browser, and a real server with a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

import pytest
from browsing import OUTPUT, PATIENCE, keep, settled
from playwright.sync_api import Browser, BrowserContext, Page
from running import free_port


@dataclass
class Server:
    """The app as `advisor app` starts it."""

    home: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    more: Mapping[str, str] = field(default_factory=dict)
    """Settings beside the folder."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "advisor", "app", "--no-browser"]
        with (OUTPUT / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), "--address", "127.0.0.1"],
                cwd=self.home,
                env=os.environ
                | {"ADVISOR_HOME": str(self.home), "ADVISOR_DATABASE_URL": ""}
                | self.more,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + 60
        while not self.ready():
            assert self.process.poll() is None, "the server ended; see tests/output/server.log"
            assert time.monotonic() < until, "the server is not ready after a minute"
            time.sleep(0.1)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, ConnectionError, TimeoutError):
            return False

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@pytest.fixture(scope="session", autouse=True)
def _output() -> None:
    """Make the folder for pictures and logs, whichever journey comes first."""
    OUTPUT.mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("home"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window of its own; a dialog that a page opens fails the test."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(PATIENCE)
    dialogs: list[str] = []
    opened.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    yield opened
    opened.close()
    assert not dialogs


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that shows nothing yet: loading the app takes seconds."""
    opened = context.new_page()
    yield opened
    keep(opened, f"last-{request.node.name}")


@pytest.fixture
def first_page(page: Page, server: Server) -> Page:
    """The first page of the app."""
    page.goto(server.url)
    settled(page)
    return page
