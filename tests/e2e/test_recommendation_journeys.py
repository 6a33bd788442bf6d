"""From an example to a recommendation one can take away, in a real browser."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from browsing import PATIENCE, SETTLED, keep, settled
from conftest import Server
from playwright.sync_api import Browser, Page, expect

from advisor.documents import WRITERS
from advisor.domain.assessment import Assessment
from advisor.presentation.flips import changes
from advisor.proposal import Draft, Failure
from advisor.samples import samples
from advisor.store import open_store
from advisor.triage.recommend import load_tools, triage

pytestmark = pytest.mark.timeout(180)
expect.set_options(timeout=PATIENCE)
SLOW = 30_000


def seeded(server: Server, draft: Draft) -> str:
    """Store a proposal where the server finds it, and return its id."""
    store = open_store(f"sqlite:///{server.home / 'advisor.sqlite3'}")
    return store.create(draft, "local", uuid.uuid4().hex).id


def example(name: str) -> Draft:
    return Draft(**samples()[name].model_dump())


def show(page: Page, server: Server, id: str, screen: str = "recommendation") -> str:
    """Open a screen of a proposal; return what it says."""
    page.goto(f"{server.url}/{screen}?p={id}")
    expect(page.get_by_text("Every change is saved.")).to_be_visible(timeout=SLOW)
    page.wait_for_selector(SETTLED, timeout=SLOW)
    return page.locator("[data-testid=stMain]").inner_text()


def sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(
        page.evaluate(
            "(() => { const it = document.querySelector('[data-testid=stMain]');"
            " return it.scrollWidth - it.clientWidth })()"
        )
    )


def download(page: Page, label: str, folder: Path) -> Path:
    with page.expect_download(timeout=SLOW) as coming:
        page.get_by_role("button", name=label, exact=True).click()
    target = folder / coming.value.suggested_filename
    coming.value.save_as(target)
    return target


@pytest.mark.usefixtures("first_page")
def test_from_an_example_to_a_record_in_every_format(
    page: Page, server: Server, tmp_path: Path
) -> None:
    page.get_by_text("From an example").click()
    page.get_by_role("button", name="Open: Patient letters").click()
    page.wait_for_url(re.compile(r"/problem\?p="))
    settled(page)
    page.get_by_role("link", name="4 Recommendation").click()
    expect(page.get_by_role("heading", name="Retrieval and fine-tuning")).to_be_visible(
        timeout=SLOW
    )
    expect(page.get_by_text("Fine-tuning without retrieval is ruled out").first).to_be_visible()
    keep(page, "recommendation")

    kit = load_tools()
    result = triage(example("patient-letters"), kit)
    proposal = download(page, "Proposal (for the command line)", tmp_path)
    told = json.loads(_advisor("triage", str(proposal), "--json"))
    exported = json.loads(download(page, "JSON", tmp_path).read_text(encoding="utf-8"))
    assert told == exported == result.model_dump(mode="json")

    assert proposal.name == "proposal-patient-letters-need-our-formulary-and-our-house-voice.json"
    texts = {
        "Markdown": download(page, "Markdown", tmp_path).read_text(encoding="utf-8"),
        "HTML": download(page, "HTML", tmp_path).read_text(encoding="utf-8"),
        "PDF": _pdf(download(page, "PDF", tmp_path)),
    }
    for text in texts.values():
        for part in (result.fingerprints.rules, result.evidence[0].title, "without retrieval"):
            assert part in text.replace("\xa0", " ")
    written = WRITERS["md"](example("patient-letters"), result, kit.book, datetime.now(UTC))
    assert _dateless(written.decode()) == _dateless(texts["Markdown"])


def _advisor(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "advisor", *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout


def _dateless(text: str) -> str:
    return re.sub(r"\d+ \w+ \d{4}, \d\d:\d\d UTC", "", text)


def _pdf(path: Path) -> str:
    words = " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    return " ".join(words.replace("\u200b", "").split())


def test_an_answer_on_the_list_of_flips_flips_the_result_as_it_says(
    page: Page, server: Server
) -> None:
    draft = example("patient-letters")
    result = triage(draft, load_tools())
    flip = next(one for one in result.flips if one.given is True and one.answer is False)
    id = seeded(server, draft)
    show(page, server, id)
    page.get_by_role("tab", name="Doubts").click()
    expect(page.get_by_text(flip.ask).last).to_be_visible()
    words = _change(result, flip.question)
    expect(page.get_by_text(f"With no it would be {words}").first).to_be_visible()
    keep(page, "recommendation-doubts")

    show(page, server, id, "questions")
    page.get_by_text("All at once").click()
    group = page.get_by_role("radiogroup", name=flip.ask)
    group.get_by_text("No", exact=True).click()
    expect(page.get_by_text("This is version 2.")).to_be_visible()
    page.get_by_role("link", name="4 Recommendation").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text(
        re.compile(f"^{re.escape(words)}", re.IGNORECASE), timeout=SLOW
    )


def _change(result: Assessment, question: str) -> str:
    ask = next(flip.ask for flip in result.flips if flip.question == question)
    return next(one.result for one in changes(result, load_tools().book) if one.ask == ask)


def test_with_nothing_known_it_says_so_and_leads_on(page: Page, server: Server) -> None:
    show(page, server, seeded(server, Draft(title="Nothing known yet")))
    expect(page.get_by_role("heading", name="Best guess: ")).to_be_visible()
    expect(page.get_by_text("Not settled yet.")).to_be_visible()
    keep(page, "recommendation-unsettled")
    page.get_by_role("link", name="Answer questions").click()
    page.wait_for_url(re.compile(r"/questions\?p="))


@pytest.mark.parametrize("name", ["patient-letters", "fleet-costs", "docs-search"])
def test_it_fits_a_phone(page: Page, server: Server, name: str) -> None:
    page.set_viewport_size({"width": 400, "height": 900})
    show(page, server, seeded(server, example(name)))
    for tab in ("Remedies", "Reasons", "Doubts", "Failures", "Plan"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel").filter(visible=True)).not_to_be_empty()
        assert sideways(page) == 0, f"{tab} is wider than the window"
    keep(page, f"recommendation-{name}-phone")


def test_the_first_screen_holds_what_a_person_in_a_hurry_needs(page: Page, server: Server) -> None:
    show(page, server, seeded(server, example("patient-letters")))
    for words in ("How firm:", "What was asked for", "is ruled out.", "Do first:", "To build"):
        expect(page.get_by_text(words).first).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Behaviour or knowledge?")).to_be_in_viewport()


def test_charts_are_drawn_with_every_name(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 400, "height": 900})
    show(page, server, seeded(server, example("patient-letters")))
    chart = page.get_by_test_id("stVegaLiteChart").first
    expect(chart.locator("svg, canvas").first).to_be_visible()
    box = chart.bounding_box()
    assert box and 250 < box["width"] <= 400
    assert box["height"] > 300


def test_thousands_of_failures_show_progress_then_the_answer(page: Page, server: Server) -> None:
    real = samples()["returns-desk"].failures
    many = tuple(
        Failure(**(real[place % len(real)].model_dump(exclude={"id"}) | {"input": f"case {place}"}))
        for place in range(2_000)
    )
    id = seeded(server, Draft(title="Two thousand failures", failures=many))
    page.goto(f"{server.url}/recommendation?p={id}")
    expect(page.get_by_role("progressbar").first).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("How firm:")).to_be_visible(timeout=60_000)
    page.get_by_role("tab", name="Failures").click()
    expect(page.get_by_role("link", name="See and correct every failure")).to_be_visible()


@pytest.mark.parametrize("screen", ["recommendation", "rules"])
def test_a_cold_server_opens_a_screen_through_the_router(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, screen: str
) -> None:
    cold = Server(tmp_path_factory.mktemp("cold"))
    cold.start()
    page = browser.new_page()
    try:
        page.goto(f"{cold.url}/{screen}")
        expected = "Choose a proposal first." if screen == "recommendation" else "evidence rules"
        expect(page.get_by_text(expected)).to_be_visible(timeout=SLOW)
        expect(page.get_by_role("link", name="Proposals").first).to_be_visible()
        assert page.get_by_text("Page not found").count() == 0
        with urllib.request.urlopen(f"{cold.url}/{screen}", timeout=5) as answer:
            assert answer.headers["X-Frame-Options"] == "DENY"
    finally:
        page.close()
        cold.stop()


def test_rules_can_be_searched_and_tried(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/rules")
    search = page.get_by_label("Search in the rules")
    search.fill("private-facts-not-yet-looked-up")
    search.press("Enter")
    expect(page.get_by_text("1 rule", exact=True)).to_be_visible()
    page.get_by_text("The facts are private and nothing is looked up yet").first.click()
    expect(page.get_by_text("160,000 private files").first).to_be_visible()
    # the words of this rule: until the page is drawn, the result of the rule before stands here
    expect(page.get_by_text("it still needs: Do right answers depend on facts")).to_be_visible()
    keep(page, "rules")
    page.set_viewport_size({"width": 400, "height": 900})
    assert sideways(page) == 0
