"""From a map of failures to one word for a whole group, in a real browser."""

from __future__ import annotations

import re
import uuid

import pytest
from browsing import PATIENCE, keep, settled
from conftest import Server
from playwright.sync_api import Page, expect
from test_accessibility import violations

from advisor.failures.classifier import load_classifier
from advisor.models.encoder import load_encoder
from advisor.proposal import Draft
from advisor.store import open_store
from advisor.triage.grouping.group_charts import EDGE
from advisor.triage.grouping.groups import MapPoint, group
from advisor.vocabulary import Mode

pytestmark = pytest.mark.timeout(180)
expect.set_options(timeout=PATIENCE)
NOTES = ("Not valid JSON, our parser fails", "It invented a link that does not exist")
HOSTILE = "<img src=x onerror=alert(1)>"
TIP = "#vg-tooltip-element"


def test_a_group_is_seen_on_the_map_and_corrected_at_once(page: Page, server: Server) -> None:
    store = open_store(f"sqlite:///{server.home / 'advisor.sqlite3'}")
    rows = [{"id": f"f{i}", "note": f"{NOTES[i % 2]} {HOSTILE} {i}"} for i in range(12)]
    draft = Draft.model_validate({"title": "Groups", "failures": rows})
    id = store.create(draft, "local", uuid.uuid4().hex).id
    page.goto(f"{server.url}/groups?p={id}")
    expect(page.get_by_role("heading", name=re.compile("12 failures fall into"))).to_be_visible()
    settled(page)
    assert violations(page) == []

    chart = page.get_by_test_id("stVegaLiteChart").first
    chart.scroll_into_view_if_needed()
    place = place_of(point_of(draft), chart.bounding_box())
    page.mouse.move(*place)
    expect(page.locator(TIP).get_by_text(HOSTILE)).to_be_visible()
    keep(page, "groups-hover")
    page.mouse.click(*place)
    expect(page.get_by_text(re.compile(r"\d+ failures? picked"))).to_be_visible()
    page.mouse.move(0, 0)
    settled(page)

    choice = page.get_by_role("combobox", name=re.compile("All 6 of these are")).first
    choice.click()
    choice.fill("Steps not")
    page.get_by_role("option", name="Steps not followed", exact=True).click()
    page.get_by_role("button", name="Say so").and_(page.locator(":enabled")).first.dblclick()
    expect(page.get_by_text("6 failures are now steps not followed")).to_be_visible()
    assert set(store.get(id).draft.corrections.values()) == {Mode.PROCEDURE}
    assert store.get(id).version == 2
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("6 failures are now")).to_be_hidden()
    assert store.get(id).draft.corrections == {}


def place_of(point: MapPoint, box: dict[str, float] | None) -> tuple[float, float]:
    """Return where a point of the map is drawn; the chart keeps 8 and 4 pixels at its borders."""
    assert box
    across = (point.x + EDGE) / (2 * EDGE) * (box["width"] - 16) + 8
    down = (EDGE - point.y) / (2 * EDGE) * (box["height"] - 8) + 4
    return box["x"] + across, box["y"] + down


def point_of(draft: Draft) -> MapPoint:
    """Return the first failure as it stands on the map."""
    readings = load_classifier().read(draft.failures)
    return group(draft.failures, readings, load_encoder()).points[0]
