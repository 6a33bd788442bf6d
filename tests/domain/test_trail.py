"""Rows of the trail: what is taken, how it is hashed, and how every change is found."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.domain.lifecycle import Role
from advisor.domain.trail import (
    DETAIL_LIMIT,
    GENESIS,
    START,
    Event,
    TrailEntry,
    TrailHead,
    follow,
    row_of,
)
from advisor.errors import InputError
from advisor.review.audit.chain import check

AT = datetime(2026, 11, 28, 12, 30, tzinfo=timezone(timedelta(hours=2)))
PLAIN = st.characters(exclude_categories=["Cs"])
TEXT = st.text(PLAIN, max_size=30)
NAME = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(1 - 2**53, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
EVENT = Event("approve_pilot", "u1", "reviewer", "p1", 3, "a" * 64, "b" * 64, {"reason": "Zoë"})


def chain(events: list[Event]) -> list[TrailEntry]:
    head, rows = START, []
    for number, event in enumerate(events):
        rows.append(follow(head, event, AT + timedelta(seconds=number)))
        head = TrailHead(rows[-1].seq, rows[-1].hash)
    return rows


ROWS = chain([replace(EVENT, version=n + 1, detail={"n": n}) for n in range(20)])
HEAD = TrailHead(20, ROWS[-1].hash)


@given(st.builds(replace, st.just(EVENT), actor=NAME, detail=st.dictionaries(TEXT, JSON)))
def test_the_hash_is_that_of_canonical_json(event: Event) -> None:
    """Checked with the standard library alone, as an outsider would."""
    row = follow(TrailHead(7, "c" * 64), event, AT)
    fields = {
        "seq": 8,
        "at": "2026-11-28T10:30:00.000000+00:00",
        "prev": "c" * 64,
        "actor": event.actor,
        "role": "reviewer",
        "action": "approve_pilot",
        "proposal": "p1",
        "version": 3,
        "content": "a" * 64,
        "rules": "b" * 64,
        "detail": row.detail,
    }
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert row.hash == hashlib.sha256(text.encode()).hexdigest()
    assert json.loads(row.detail) == event.detail
    assert not set(map(chr, range(32))) & set(row.detail)


def test_names_of_roles_are_kept_as_texts() -> None:
    assert follow(START, replace(EVENT, role=Role.RISK), AT).role == "risk"


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"action": "Approve it"}, "trail.action"),
        ({"action": "a\n"}, "trail.action"),
        ({"actor": ""}, "trail.actor"),
        ({"actor": "u" * 201}, "trail.actor"),
        ({"actor": "\x00"}, "trail.actor"),
        ({"actor": "\ud800"}, "trail.actor"),
        ({"role": "r" * 41}, "trail.role"),
        ({"proposal": "p" * 41}, "trail.proposal"),
        ({"version": 0}, "trail.version"),
        ({"version": True}, "trail.version"),
        ({"version": 1.0}, "trail.version"),
        ({"version": 2**31}, "trail.version"),
        ({"content": "A" * 64}, "trail.content"),
        ({"rules": "a" * 63}, "trail.rules"),
        ({"rules": "a" * 64 + "\n"}, "trail.rules"),
    ],
)
def test_an_event_that_does_not_fit_is_refused_with_its_place(
    wrong: dict[str, Any], where: str
) -> None:
    with pytest.raises(InputError, match=f"^{where}: "):
        follow(START, replace(EVENT, **wrong), AT)


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (0.5, "trail.detail.x"),
        (1.0, "trail.detail.x"),
        (float("nan"), "trail.detail.x"),
        (float("-inf"), "trail.detail.x"),
        (2**53, "trail.detail.x"),
        (-(2**53), "trail.detail.x"),
        (b"bytes", "trail.detail.x"),
        (AT, "trail.detail.x"),
        ("\ud800", "trail.detail.x"),
        ({"y": [1, 2.5]}, "trail.detail.x.y.#2"),
        ({1: "one"}, "trail.detail.x"),
        ({"\udfff": "half"}, "trail.detail.x"),
        ("long" * DETAIL_LIMIT, "trail.detail"),
    ],
)
def test_a_detail_that_reads_differently_elsewhere_is_refused(value: Any, where: str) -> None:
    with pytest.raises(InputError, match=f"^{where}: "):
        follow(START, replace(EVENT, detail={"x": value}), AT)


def test_a_detail_without_end_is_refused() -> None:
    endless: dict[str, Any] = {}
    endless["x"] = endless
    with pytest.raises(InputError, match="nested too deeply"):
        follow(START, replace(EVENT, detail=endless), AT)


def test_an_intact_trail_ends_at_its_head() -> None:
    assert check(ROWS) == (HEAD, None)
    assert check(ROWS, HEAD) == (HEAD, None)
    assert check(ROWS, TrailHead(7, ROWS[6].hash)) == (HEAD, None)
    assert check([]) == (TrailHead(0, GENESIS), None)


def fault(rows: list[TrailEntry], anchor: TrailHead | None = None) -> tuple[int, str]:
    found = check(rows, anchor)
    assert found.fault
    assert found.head.seq == found.fault.seq - 1
    return found.fault.seq, found.fault.what


def test_a_row_taken_out_is_named() -> None:
    seq, what = fault(ROWS[:9] + ROWS[10:])
    assert seq == 10
    assert what == "it is missing: row 11 follows row 9"
    assert fault(ROWS[1:])[1] == "it is missing: row 2 follows the beginning"


def test_rows_that_changed_places_are_found() -> None:
    assert fault([*ROWS[:4], ROWS[5], ROWS[4], *ROWS[6:]])[0] == 5


def test_rows_that_changed_places_and_numbers_are_found() -> None:
    left = ROWS[4].model_copy(update={"seq": 6})
    right = ROWS[5].model_copy(update={"seq": 5})
    assert fault([*ROWS[:4], right, left, *ROWS[6:]])[0] == 5


def test_a_row_that_stands_twice_is_found() -> None:
    seq, what = fault([*ROWS[:5], ROWS[4], *ROWS[5:]])
    assert (seq, what) == (6, "a row with the number 5 stands in its place")


def test_a_row_put_in_with_a_right_hash_of_its_own_is_found() -> None:
    inserted = follow(TrailHead(4, ROWS[3].hash), replace(EVENT, actor="intruder"), AT)
    seq, what = fault([*ROWS[:4], inserted, *ROWS[5:]])
    assert (seq, what) == (6, "it was written after something other than row 5")


def test_a_trail_whose_beginning_was_written_anew_is_found() -> None:
    other = chain([replace(EVENT, actor="intruder")])
    assert fault(other + ROWS[1:])[0] == 2


def test_a_cut_tail_is_found_with_the_anchor_only() -> None:
    assert check(ROWS[:15]).fault is None
    seq, what = fault(ROWS[:15], HEAD)
    assert seq == 16
    assert "all rows to 20" in what
    assert fault(ROWS[:19], HEAD) == (20, "it is missing, and the anchor names it")
    assert fault([], HEAD)[0] == 1


def test_a_trail_written_anew_is_found_with_the_anchor_only() -> None:
    rows = chain([replace(EVENT, actor="intruder")] * 25)
    assert check(rows).fault is None
    assert fault(rows, HEAD) == (20, "its hash is not the one of the anchor: it was written anew")


@given(st.sampled_from(ROWS), st.data())
def test_any_other_value_in_any_field_is_found(row: TrailEntry, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TrailEntry.model_fields)))
    value = data.draw(st.none() | st.booleans() | st.integers() | st.binary() | TEXT | st.floats())
    if (type(value), value) == (type(getattr(row, name)), getattr(row, name)):
        return
    changed = row_of(dict(row) | {name: value})
    found = check([*ROWS[: row.seq - 1], changed, *ROWS[row.seq :]])
    assert found.fault and found.fault.seq == row.seq
