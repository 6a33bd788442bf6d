from __future__ import annotations

import csv
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_log import HOSTILE, about, reading, rows, summary, tally_of

from advisor.errors import InputError, NotFoundError
from advisor.logs.summary.build import finish, without_groups
from advisor.logs.summary.offers import PROPOSED, draft_of, figures_csv, proposal_key, proposed
from advisor.logs.summary.summary_files import (
    LIMIT_MB,
    delete_summary,
    load_summary,
    restore_summary,
    save_summary,
    saved_summaries,
    to_json,
)
from advisor.logs.summary.summary_words import (
    best_remedies,
    headline,
    rejected_words,
    remedy_words,
    sureness,
    trend_words,
)
from advisor.logs.summary.tally import Tally
from advisor.store import open_store
from advisor.vocabulary import Cause, Mode, Remedy

pytestmark = pytest.mark.usefixtures("home")
Change = Callable[[dict[str, Any]], Any]


def test_a_summary_is_kept_and_found_again(home: Path) -> None:
    path = save_summary(summary())
    assert path.parent == home / "logs"
    assert load_summary(path.stem) == summary()
    assert load_summary(path.read_bytes()) == summary()
    (listed,) = saved_summaries()
    assert (listed.id, listed.failures) == (path.stem, 600)
    assert listed.headline == headline(summary())


def test_the_same_summary_twice_is_one_file(home: Path) -> None:
    assert save_summary(summary()) == save_summary(load_summary(to_json(summary())))
    assert len(list((home / "logs").iterdir())) == 1


def test_the_newest_summary_comes_first() -> None:
    save_summary(summary())
    save_summary(summary(100, finished="2027-01-01T00:00:00+02:00"))
    assert [listed.failures for listed in saved_summaries()] == [100, 600]


def test_nothing_kept_is_an_empty_list() -> None:
    assert saved_summaries() == ()


def test_a_damaged_file_does_not_hide_the_others(home: Path) -> None:
    save_summary(summary())
    (home / "logs" / f"{'0' * 16}.json").write_text("{", encoding="utf-8")
    (home / "logs" / "notes.json").mkdir()
    assert len(saved_summaries()) == 1
    with pytest.raises(InputError):
        load_summary("0" * 16)


@pytest.mark.parametrize("id", ["", "../advisor", "a" * 16, "A" * 16, "../" + "a" * 16, "x" * 999])
def test_an_id_is_never_a_path(id: str) -> None:
    for do in (load_summary, delete_summary, restore_summary):
        with pytest.raises(NotFoundError):
            do(id)


def test_deleting_can_be_undone() -> None:
    id = save_summary(summary()).stem
    delete_summary(id)
    assert saved_summaries() == ()
    with pytest.raises(NotFoundError):
        load_summary(id)
    restore_summary(id)
    assert load_summary(id) == summary()


def test_after_a_day_what_was_deleted_is_gone(home: Path) -> None:
    id = save_summary(summary()).stem
    delete_summary(id)
    left = home / "logs" / f"{id}.deleted"
    os.utime(left, (time.time() - 90_000,) * 2)
    delete_summary(save_summary(summary(100)).stem)
    assert not left.exists()
    with pytest.raises(NotFoundError):
        restore_summary(id)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[]", "not the summary of a log"),
        (b'{"title": "x"}', "not the summary of a log"),
        (b"[" * 200_000, "nested"),
        (b'{"about": NaN}', "NaN"),
        (b'{"about": {}, "about": {}}', "twice"),
        (b" " * (LIMIT_MB * 1_000_000 + 1), "limit"),
        (b'{"about": {}}', "missing"),
    ],
)
def test_what_is_no_summary_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        load_summary(content)


HOSTILE_CHANGES: dict[str, Change] = {
    "another version": lambda it: it.update(version=2),
    "a field too much": lambda it: it.update(run="rm -rf /"),
    "a share above one": lambda it: it["modes"][0]["share"].update(high=1.5),
    "a share out of order": lambda it: it["modes"][0]["share"].update(low=1.0, mid=0.0),
    "a mode twice": lambda it: it["modes"].__setitem__(1, it["modes"][0]),
    "a mode too few": lambda it: it["modes"].pop(),
    "a mode nobody knows": lambda it: it["modes"][0].update(mode="magic"),
    "a count below zero": lambda it: it.update(failures=-1),
    "a count without end": lambda it: it.update(failures=10**200),
    "a date without a zone": lambda it: it["about"].update(started="2026-01-01T00:00:00"),
    "a date of no time": lambda it: it["about"].update(finished="0001-01-01T00:00:00+14:00"),
    "a reading without chances": lambda it: it["sample"][0]["reading"].update(probabilities={}),
    "a chance above one": lambda it: it["sample"][0]["reading"]["probabilities"].update(style=7),
    "a NUL byte": lambda it: it["sample"][0]["failure"].update(output="\0"),
    "half a letter": lambda it: it["sample"][0]["failure"].update(output="\ud800"),
    "an id twice": lambda it: it["sample"].append(it["sample"][0]),
    "an example from nowhere": lambda it: it["groups"][0].update(example="nobody"),
    "groups without end": lambda it: it.update(groups=it["groups"] * 200),
    "a point of nothing": lambda it: it["trend"]["points"][0].update(failures=0),
    "a point without shares": lambda it: it["trend"]["points"][0].update(shares={}),
    "one point": lambda it: it["trend"].update(points=it["trend"]["points"][:1]),
    "a name without end": lambda it: it["about"].update(file="x" * 5_000),
}


@pytest.mark.parametrize("name", HOSTILE_CHANGES)
def test_a_hostile_summary_is_refused_in_words(name: str) -> None:
    data = json.loads(to_json(summary()))
    HOSTILE_CHANGES[name](data)
    with pytest.raises(InputError) as refused:
        load_summary(json.dumps(data).encode())
    assert 0 < len(refused.value.problems) <= 10
    assert all(problem.what for problem in refused.value.problems)


@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_content_is_a_summary_or_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        load_summary(content)


def test_the_finding_names_what_leads_and_what_does_not() -> None:
    clear = summary()
    said = headline(clear)
    assert "broken format" in said and "outdated knowledge" in said
    mostly = without_groups(tally_of(rows(400, {Mode.FORMAT: 50}, days=1)), about(400))
    assert headline(mostly).startswith("Mostly broken format, about ")
    assert "Main cause: behaviour, about " in headline(mostly)
    assert headline(without_groups(Tally(), about(0))).startswith("No failure could be read")


def test_words_say_how_sure_and_what_helps() -> None:
    said = summary()
    assert "600 failures read" in sureness(said)
    assert "few failures" in sureness(without_groups(tally_of(rows(10)), about(10)))
    assert {one.remedy for one in best_remedies(said)} == {Remedy.RETRIEVAL, Remedy.PROMPTING}
    assert "fix about 36 % and 31 % of these failures" in remedy_words(said)
    style = without_groups(tally_of(rows(200, {Mode.STYLE: 50}, days=1)), about(200))
    assert "alone it would fix about" in remedy_words(style)
    assert rejected_words(said) == (
        "Of 609 rows, 4 rows could not be read and 5 rows held no failure."
    )
    assert rejected_words(summary(600, rows=600, rejected=0)) == ""


def test_a_sure_cause_is_not_taken_for_a_sure_kind() -> None:
    half = dict.fromkeys(Mode, 0.0) | {Mode.FORMAT: 0.48, Mode.STYLE: 0.47, Mode.SYSTEM: 0.05}
    undecided = [
        row._replace(
            reading=reading([half[mode] for mode in Mode]).model_copy(
                update={"abstained": False}  # behaviour is 95 % sure
            )
        )
        for row in rows(40)
    ]
    said = sureness(without_groups(tally_of(undecided), about(40)))
    assert "The cause of 40 of them (100 %) is sure enough to say it of each one" in said
    assert "which kind of failure it is can be less sure" in said


def test_words_say_what_changed_and_whether_it_is_chance() -> None:
    changed, same = summary().trend, without_groups(tally_of(rows(600)), about(600)).trend
    few = without_groups(tally_of(rows(30)), about(30)).trend
    assert changed and same and few
    assert "changed most: from" in trend_words(changed)
    assert "Nothing changed by more than chance" in trend_words(same)
    assert "too few failures" in trend_words(few)


def test_a_proposal_takes_failures_from_the_whole_log() -> None:
    given = summary()
    draft = draft_of(given)
    assert len(draft.failures) == PROPOSED == len(proposed(given))
    taken = [item.row for item in proposed(given)]
    assert taken == sorted(set(taken))
    assert taken[0] < 20 and taken[-1] > 580
    assert len(draft_of(summary(100)).failures) == 100


def test_one_summary_makes_one_proposal() -> None:
    store, given = open_store(), summary()
    first = store.create(draft_of(given), "local", proposal_key(given))
    assert store.create(draft_of(given), "local", proposal_key(given)) == first
    assert store.list_proposals().total == 1


def test_figures_can_be_taken_away() -> None:
    lines = list(csv.DictReader(figures_csv(summary()).splitlines()))
    assert [line["mode"] for line in lines] == list(Mode)
    assert all(float(line["low"]) <= float(line["share"]) <= float(line["high"]) for line in lines)


def test_shares_and_counts_add_up() -> None:
    given = summary()
    assert sum(one.share.mid for one in given.modes) == pytest.approx(1, abs=1e-4)
    assert sum(one.share.mid for one in given.causes) == pytest.approx(1, abs=1e-4)
    assert sum(one.read + one.unsure for one in given.modes) == given.failures
    assert len(given.causes) == len(Cause)
    assert {item.reading.mode for item in given.clearest} <= set(Mode)


def test_hostile_words_in_a_log_are_kept_as_they_are() -> None:
    log = [row._replace(failure=row.failure.model_copy(update={"output": HOSTILE, "id": None}))
           for row in rows(30)]  # fmt: skip
    given = without_groups(tally_of(log), about(30, file=HOSTILE))
    assert load_summary(to_json(given)) == given
    assert {item.failure.id for item in given.sample} == {f"row {row.row}" for row in log}


def test_groups_of_the_sample_hold_for_the_log() -> None:
    given = finish(tally_of(rows(60)), about(60))
    assert given.groups
    assert sum(group.failures for group in given.groups) == 60
    assert all(group.name and group.common and group.why for group in given.groups)
    assert load_summary(to_json(given)) == given
