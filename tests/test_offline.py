"""After set-up nothing asks the network: neither the processes nor the browser."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route
from running import running_app

from advisor.domain.lifecycle import Role
from advisor.review.people.people import People
from advisor.samples import samples
from advisor.store import open_store

GUARD = """
import os, socket, sys

def outside(event, values):
    place = values[0] if event.startswith("socket.get") else values[1]
    host = place[0] if isinstance(place, tuple) else place
    host = host.decode() if isinstance(host, bytes) else str(host or "")
    return not (host in ("", "localhost", "::1") or host.startswith(("127.", "/", "\\0")))

def sends(event, values):
    # connecting a datagram socket sends nothing: Streamlit learns its own address that way
    return event != "socket.connect" or values[0].type != socket.SOCK_DGRAM

def guard(event, values):
    if event in EVENTS and sends(event, values) and outside(event, values):
        with open(os.environ["ATTEMPTS"], "a") as file:
            print(event, values[-1] if event == "socket.connect" else values, file=file)
        raise OSError("the network is blocked")

EVENTS = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
          "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}
sys.addaudithook(guard)
"""
COMMANDS = """
import sys
from advisor.cli import cli
for line in sys.stdin.read().splitlines():
    assert cli(line.split("|"), standalone_mode=False) == 0, line
"""
pytestmark = pytest.mark.timeout(400)  # every screen, on a machine that may be busy
SCREENS = (
    "problem", "failures", "groups", "judge", "questions", "recommendation", "versions",
    "logs", "learning", "rules", "pilots", "pilot_new", "compare", "probe",
    "queue", "mine", "review_form", "dossier", "audit", "people",
)  # fmt: skip
RESTS = "[data-testid=stApp][data-test-script-state=notRunning]"
GO = """async address => {
    // a quick screen has ended before anybody looks, so that it changed at all is what counts
    const begun = new Promise(done => new MutationObserver(() => done(true)).observe(
        document.body, {attributeFilter: ['data-test-script-state'], subtree: true}))
    history.pushState({}, '', address)
    dispatchEvent(new PopStateEvent('popstate'))
    return Promise.race([begun, new Promise(done => setTimeout(done, 3000, false))])
}"""
"""Goes to a screen without loading the whole application anew; false if nothing came of it."""


@pytest.fixture
def guarded(tmp_path: Path, home: Path) -> dict[str, str]:
    """The environment of a Python that refuses and records every way out of this machine."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    return {"PYTHONPATH": str(tmp_path / "guard"), "ATTEMPTS": str(tmp_path / "attempts")}


def attempts(guarded: dict[str, str]) -> str:
    path = Path(guarded["ATTEMPTS"])
    return path.read_text(encoding="utf-8") if path.exists() else ""


def python(code: str, guarded: dict[str, str], lines: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | guarded,
        input=lines,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    return done.stdout + done.stderr + f"exit {done.returncode}"


def test_the_guard_sees_a_way_out(guarded: dict[str, str]) -> None:
    for call in ("create_connection(('203.0.113.1', 80))", "getaddrinfo('example.org', 80)"):
        assert "the network is blocked" in python(f"import socket; socket.{call}", guarded)
    assert "203.0.113.1" in attempts(guarded)
    assert "example.org" in attempts(guarded)


def test_the_browser_sees_a_way_out(browser: Browser) -> None:
    asked: list[str] = []
    watched(browser, asked).set_content(
        "<link rel=stylesheet href=https://fonts.example.org/a.css>"
    )
    assert asked == ["https://fonts.example.org/a.css"]


def test_the_command_line_asks_no_network(
    guarded: dict[str, str], tmp_path: Path, browser: Browser
) -> None:
    sample = Path(__file__).parent.parent / "advisor" / "samples" / "returns-desk.yaml"
    failures = tmp_path / "failures.jsonl"
    failures.write_text('{"input": "Hi", "output": "Bye", "expected": "Hello"}\n', "utf-8")
    written = [tmp_path / f"record.{ending}" for ending in ("md", "html", "pdf", "json")]
    lines = [
        f"triage|{sample}",
        f"classify|{failures}",
        "rules|check",
        *(f"export|{sample}|--out|{path}" for path in written),
    ]
    said = python(COMMANDS, guarded, "\n".join(lines))
    assert said.endswith("exit 0"), said
    assert all(path.stat().st_size for path in written)
    assert attempts(guarded) == ""
    asked: list[str] = []
    watched(browser, asked).goto(written[1].as_uri())
    assert asked == []


def watched(browser: Browser, asked: list[str]) -> Page:
    """A page that refuses to leave this machine; `asked` gets the addresses it tried."""
    context = browser.new_context()

    def beyond(url: str) -> bool:
        return urlsplit(url).hostname not in {None, "localhost", "127.0.0.1"}

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route(beyond, refuse)
    context.route_web_socket(beyond, lambda socket: asked.append(socket.url))
    return context.new_page()


@pytest.mark.parametrize(("listens", "screens"), [("localhost", SCREENS), ("0.0.0.0", ())])
def test_the_app_and_its_screens_ask_no_network(
    listens: str, screens: Sequence[str], guarded: dict[str, str], tmp_path: Path, browser: Browser
) -> None:
    everything = [*Role]
    owner = People(open_store()).add("Ann", None, everything, None, "key").id
    stored = open_store().create(samples()["returns-desk"], owner, "key").id
    asked: list[str] = []
    app = [sys.executable, "-m", "advisor", "app", "--address", listens]
    with running_app(app, tmp_path, guarded) as address:
        page = watched(browser, asked)
        page.goto(address)
        at_rest(page)
        if screens:
            act(page, "Ann")
        for screen in screens:
            if not page.evaluate(GO, f"/{screen}?p={stored}"):
                page.goto(f"{address}/{screen}?p={stored}")
            page.wait_for_url(f"**/{screen}*")
            at_rest(page)
            assert not page.get_by_text("needs the role").count()
    assert asked == []
    assert attempts(guarded) == ""


def at_rest(page: Page) -> None:
    page.get_by_role("heading", level=1).first.wait_for(timeout=60_000)
    page.locator(RESTS).wait_for(timeout=60_000)


def act(page: Page, name: str) -> None:
    """Act as one of the people from now on."""
    page.locator(".st-key-account").get_by_role("button").first.click()
    page.get_by_role("combobox", name="Acting as").click()
    page.get_by_role("option", name=name).click()
    page.locator(".st-key-account").get_by_text(name).first.wait_for()
    at_rest(page)
