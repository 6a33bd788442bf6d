"""What people do from the first page to the recommendation, in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from browsing import PATIENCE, keep, settled
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = [
    pytest.mark.timeout(180),
    pytest.mark.usefixtures("first_page"),
]
expect.set_options(timeout=PATIENCE)

CONNECTED = '[data-testid="stApp"][data-test-connection-state="CONNECTED"]'
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> [x](http://e.example) $x$ =A(1)"
COMPLAINTS = f"It quotes rules of last year\nThat rule does not exist, made up\n{HOSTILE}"


def fill(page: Page, label: str, text: str) -> None:
    """Fill a field and leave it, as a person does."""
    box = page.get_by_label(label)
    box.fill(text)
    box.press("Tab")


def write(page: Page, title: str) -> None:
    """Write a problem in one's own words; nothing is submitted yet."""
    fill(page, "What is it about? One line", title)
    fill(page, "What should the model do?", "Answer questions about returns.")
    fill(page, "For whom?", "Customers of our shop")
    fill(page, "What goes wrong today?", "It quotes rules that changed, or makes them up.")


def start(page: Page, title: str) -> str:
    """Start a proposal and return its id."""
    write(page, title)
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url(re.compile(r"/problem\?p="))
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    return page.url.split("p=")[1]


def step(page: Page, name: str) -> None:
    """Go to one of the steps of a proposal."""
    page.get_by_role("link", name=name).click()
    page.wait_for_url(re.compile(rf"/{name.split()[-1].lower()}\?p="))
    settled(page)


def paste(page: Page, text: str) -> None:
    """Paste failures and have them read."""
    page.get_by_role("tab", name="Paste").click()
    box = page.get_by_label("Paste rows of a table, JSON, or one complaint a line")
    box.fill(text)
    box.press("Control+Enter")


def saved(page: Page, version: int) -> None:
    """Wait until the page says that a version is saved."""
    expect(page.get_by_text(f"This is version {version}.")).to_be_visible()


def test_from_ones_own_words_to_the_recommendation(page: Page) -> None:
    start(page, "Returns desk")
    keep(page, "1-problem")
    step(page, "2 Failures")
    paste(page, COMPLAINTS)
    keep(page, "2-failures-pasted")
    page.get_by_role("button", name="Add 3 failures").click()
    expect(page.get_by_role("heading", name="3 failures")).to_be_visible()
    expect(page.get_by_text("Reads as").first).to_be_visible()
    settled(page)
    expect(page.get_by_text(HOSTILE.replace("://", ":\u2060//"))).to_be_visible()
    assert page.locator("[data-testid=stMain] img[src=x]").count() == 0
    keep(page, "2-failures")
    step(page, "3 Questions")
    expect(page.get_by_text("The leaning so far").last).to_be_visible()
    if page.get_by_text("Read from your words (").count():
        page.get_by_text("One at a time").click()
    for done in range(1, 4):
        keep(page, f"3-question-{done}")
        page.get_by_role("button", name="I don't know", exact=True).first.click()
        expect(page.get_by_text(f"{done} of 32 answered")).to_be_visible()
        settled(page)
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("button", name="✓ I don't know (your answer)")).to_be_visible()
    keep(page, "3-question-back")
    page.reload()
    expect(page.get_by_text("3 of 32 answered")).to_be_visible()
    step(page, "4 Recommendation")
    expect(page.get_by_role("heading", name="Behaviour or knowledge?")).to_be_visible()
    keep(page, "4-recommendation")


def test_what_is_missing_is_said_beside_the_field_and_the_rest_stays(page: Page) -> None:
    fill(page, "What should the model do?", "Answer questions.")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("Write one line, so that you find it again.")).to_be_visible()
    expect(page.get_by_label("What should the model do?")).to_have_value("Answer questions.")
    keep(page, "0-missing")


def test_a_double_click_makes_one_proposal(page: Page, server: Any) -> None:
    write(page, "Only once")
    page.get_by_role("button", name="Start", exact=True).dblclick()
    page.wait_for_url(re.compile(r"/problem\?p="))
    expect(page.get_by_role("heading", name="Only once")).to_be_visible()
    page.goto(f"{server.url}/?q=Only+once")
    expect(page.get_by_role("link", name="Only once")).to_have_count(1)
    keep(page, "0-list")


def test_a_double_click_adds_failures_once(page: Page) -> None:
    start(page, "Twice")
    step(page, "2 Failures")
    paste(page, "one complaint\nand another")
    page.get_by_role("button", name="Add 2 failures").dblclick()
    expect(page.get_by_text("Failure f2", exact=True)).to_be_visible()
    settled(page)
    expect(page.get_by_role("heading", name="2 failures")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="2 failures")).to_be_visible()


def test_reloading_and_a_second_window_lose_nothing(page: Page, context: BrowserContext) -> None:
    start(page, "Two windows")
    second = context.new_page()
    second.goto(page.url)
    expect(second.get_by_role("heading", name="Two windows")).to_be_visible()
    fill(page, "Which model runs today?", "from the first")
    saved(page, 2)
    fill(second, "Is the model shown documents today?", "from the second")
    saved(second, 3)
    page.reload()
    expect(page.get_by_label("Which model runs today?")).to_have_value("from the first")
    expect(page.get_by_label("Is the model shown")).to_have_value("from the second")


def test_a_stale_window_asks_before_it_overwrites(page: Page, context: BrowserContext) -> None:
    start(page, "Stale")
    second = context.new_page()
    second.goto(page.url)
    expect(second.get_by_role("heading", name="Stale")).to_be_visible()
    fill(page, "Which model runs today?", "newer")
    saved(page, 2)
    fill(second, "Which model runs today?", "older")
    expect(second.get_by_text("Something else was saved here meanwhile")).to_be_visible()
    expect(second.get_by_label("Which model runs today?")).to_have_value("older")
    keep(second, "1-problem-conflict")
    second.get_by_role("button", name="Take what is saved").click()
    expect(second.get_by_label("Which model runs today?").first).to_have_value("newer")
    expect(second.get_by_label("Which model runs today?")).to_have_count(1)


def test_a_server_that_starts_again_loses_nothing(page: Page, server: Any) -> None:
    start(page, "Restart")
    fill(page, "Which model runs today?", "saved before")
    saved(page, 2)
    page.get_by_label("What does the prompt say today?").fill("typed, not sent yet")
    server.stop()
    expect(page.locator(CONNECTED)).to_have_count(0)
    server.start()
    expect(page.locator(CONNECTED)).to_have_count(1)
    fill(page, "Is the model shown documents today?", "written after")
    again = page.get_by_role("button", name="Keep what I have")
    expect(again.first).to_be_visible()
    settled(page)
    for left in range(again.count() - 1, -1, -1):
        again.first.click()
        expect(again).to_have_count(left)
        settled(page)
    page.reload()
    expect(page.get_by_label("Which model runs today?")).to_have_value("saved before")
    unsent = page.get_by_label("What does the prompt say today?")
    expect(unsent).to_have_value("typed, not sent yet")
    expect(page.get_by_label("Is the model shown documents")).to_have_value("written after")


def test_a_file_is_mapped_and_bad_rows_are_listed_on_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 400, "height": 1400})
    start(page, "Upload")
    step(page, "2 Failures")
    rows = (
        b"first,second\n"
        + "\n".join(f"some question {n},some long answer {n}" for n in range(12)).encode()
    )
    page.locator("input[type=file]").set_input_files({
        "name": "rows.csv",
        "mimeType": "text/csv",
        "buffer": rows,
    })
    expect(page.get_by_text("Check which column is which.")).to_be_visible()
    keep(page, "2-mapping-400")
    page.get_by_role("button", name="Add 12 failures").click()
    expect(page.get_by_text("1 to 10 of 12")).to_be_visible()
    keep(page, "2-failures-400")


def test_questions_are_answered_with_the_keyboard_alone(page: Page) -> None:
    start(page, "Keyboard")
    step(page, "3 Questions")
    if page.get_by_text("Read from your words (").count():
        page.get_by_text("One at a time").click()
    page.get_by_role("button", name="I don't know", exact=True).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 32 answered")).to_be_visible()
    page.get_by_text("All at once").click()
    expect(page.get_by_text("What the answers need (")).to_be_visible()
    first = page.get_by_role("radiogroup", name=re.compile("^Must the answer say where"))
    first.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("2 of 32 answered")).to_be_visible()
    keep(page, "3-all-at-once")
