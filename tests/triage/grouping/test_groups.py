from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

import advisor.failures as package
from advisor.domain.assessment import FailureReading
from advisor.errors import ModelError
from advisor.failures.classifier import load_classifier
from advisor.models.encoder import Encoder, load_encoder
from advisor.proposal import Failure
from advisor.triage.evidence import Facts
from advisor.triage.grouping.failure_map import load_projection
from advisor.triage.grouping.groups import Grouping, group
from advisor.vocabulary import Mode, Remedy

SUBJECTS = ("refund", "parcel", "loan", "visa", "recipe", "invoice", "router", "exam", "lease")
JSON = (
    "It wraps the JSON in prose, so our parser fails.",
    "A sentence stands before the JSON object.",
    "The JSON has a code fence around it and cannot be parsed.",
)
INVENTED = (
    "It invented a link that does not exist.",
    "The paper it cites was made up.",
    "Hallucinated source.",
)
PARTS = ("input", "output", "expected", "note", "context")
Read = dict[str, FailureReading]


@pytest.fixture(scope="module")
def exemplars() -> list[Failure]:
    folder = package.__path__[0]
    paths = sorted(Path(folder, "exemplars").glob("*.jsonl"))
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    rows = random.Random(5).sample([json.loads(line) for line in lines], 700)
    return [Failure(id=row["id"], **{part: row.get(part) for part in PARTS}) for row in rows]


@pytest.fixture(scope="module")
def read(exemplars: list[Failure]) -> Read:
    return {one.id: one for one in load_classifier().read(exemplars)}


def grouped(failures: Sequence[Failure], read: Read | None = None) -> Grouping:
    known = read or {one.id: one for one in load_classifier().read(failures)}
    return group(failures, [known[one.id or ""] for one in failures], load_encoder())


def noted(*notes: str) -> list[Failure]:
    return [Failure(id=f"n{place}", note=note) for place, note in enumerate(notes)]


def about(complaints: Sequence[str], many: int) -> list[str]:
    pairs = ((complaints[i % len(complaints)], SUBJECTS[i % len(SUBJECTS)]) for i in range(many))
    return [f"{text} ({subject})" for text, subject in pairs]


def labels(found: Grouping) -> dict[str, str]:
    return {point.id: point.group for point in found.points}


@settings(max_examples=25)
@given(places=st.lists(st.integers(0, 699), min_size=1, max_size=40, unique=True))
def test_every_failure_is_in_exactly_one_group(
    exemplars: list[Failure], read: Read, places: list[int]
) -> None:
    chosen = [exemplars[place] for place in places]
    found = grouped(chosen, read)
    assert sorted(id for one in found.groups for id in one.ids) == sorted(
        one.id or "" for one in chosen
    )
    assert sum(one.share for one in found.groups) == pytest.approx(1)
    assert 1 <= len(found.groups) <= 12
    assert len({one.id for one in found.groups}) == len({one.name for one in found.groups})
    assert [point.id for point in found.points] == [one.id for one in chosen]
    for one in found.groups:
        assert one.example in one.ids
        assert sum(one.modes.values()) == len(one.ids)
        assert {labels(found)[id] for id in one.ids} == {one.id}


@settings(max_examples=10)
@given(seed=st.integers(0, 1000))
def test_the_order_does_not_matter(exemplars: list[Failure], read: Read, seed: int) -> None:
    chosen = exemplars[seed % 600 : seed % 600 + 60]
    shuffled = random.Random(seed).sample(chosen, len(chosen))
    one, other = grouped(chosen, read), grouped(shuffled, read)
    assert one.groups == other.groups
    assert sorted(one.points, key=str) == sorted(other.points, key=str)


@pytest.mark.slow
def test_groups_hold_when_a_twentieth_goes(exemplars: list[Failure], read: Read) -> None:
    likeness, same_ids = [], []
    for seed in range(12):
        chosen = mixed(exemplars, read, seed)
        kept = random.Random(seed).sample(chosen, round(len(chosen) * 0.95))
        before, after = labels(grouped(chosen, read)), labels(grouped(kept, read))
        ids = [one.id or "" for one in kept]
        likeness.append(adjusted_rand_score([before[i] for i in ids], [after[i] for i in ids]))
        same_ids.append(np.mean([before[i] == after[i] for i in ids]))
    assert np.mean(likeness) >= 0.93
    assert np.median(likeness) >= 0.95
    assert np.mean(np.array(likeness) >= 0.9) >= 0.75
    assert np.mean(same_ids) >= 0.9


def mixed(exemplars: list[Failure], read: Read, seed: int) -> list[Failure]:
    """A mix of some modes in uneven shares, as a team's failures are."""
    chance = random.Random(seed)
    share = {mode: chance.random() ** 2 for mode in chance.sample(list(Mode), 8)}
    return [one for one in exemplars if chance.random() < share.get(read[one.id or ""].mode, 0)]


def test_no_point_moves_when_failures_are_added(exemplars: list[Failure], read: Read) -> None:
    few, many = grouped(exemplars[:30], read), grouped(exemplars[:90], read)
    places = {point.id: (point.x, point.y) for point in many.points}
    assert all(places[point.id] == (point.x, point.y) for point in few.points)


def test_near_on_the_map_means_failing_alike(exemplars: list[Failure], read: Read) -> None:
    found = grouped(exemplars[:300], read)
    at = np.array([(point.x, point.y) for point in found.points])
    modes = np.array([point.mode for point in found.points])
    gaps = ((at[:, None] - at) ** 2).sum(axis=2) + 9 * np.eye(len(at))
    nearest = modes[gaps.argsort(axis=1)[:, :5]]
    assert (nearest == modes[:, None]).mean() > 0.6


def test_what_goes_wrong_counts_and_not_the_subject() -> None:
    found = grouped(noted(*about(JSON, 12), *about(INVENTED, 9)))
    json_ids, invented = {f"n{i}" for i in range(12)}, {f"n{i}" for i in range(12, 21)}
    assert all(set(one.ids) <= json_ids or set(one.ids) <= invented for one in found.groups)
    assert len(found.groups) <= 3
    assert "JSON" in found.groups[0].name
    assert not any(subject in one.name for one in found.groups for subject in SUBJECTS)


def test_one_mode_with_two_complaints_is_two_groups() -> None:
    long = [
        Failure(
            id=f"l{i}",
            input=f"Answer in one sentence: what about my {subject}?",
            output=f"There are many things to know about any {subject}, here they are. " * 7,
            expected=f"Your {subject} is ready.",
        )
        for i, subject in enumerate(SUBJECTS)
    ]
    broken = [
        Failure(
            id=f"b{i}",
            input=f"Extract the {subject} as JSON.",
            output=f"Sure! The {subject} is number {i}, status open.",
            expected=json.dumps({subject: i, "status": "open"}),
        )
        for i, subject in enumerate(SUBJECTS)
    ]
    found = grouped([*long, *broken])
    assert {frozenset(one.ids) for one in found.groups} == {
        frozenset(one.id or "" for one in part) for part in (long, broken)
    }
    assert any("not valid JSON" in one.name for one in found.groups)


def test_one_failure_is_one_group() -> None:
    (one,) = grouped(noted("It invents links")).groups
    assert (one.ids, one.share, one.example) == (("n0",), 1.0, "n0")
    assert one.remedy is Remedy.RETRIEVAL
    assert one.why.startswith("Retrieval should fix about")


def test_nothing_gives_nothing() -> None:
    assert group([], [], load_encoder()) == Grouping()


def test_hundreds_of_equal_rows_are_one_group_of_different_points() -> None:
    found = grouped(noted(*["It invents links"] * 300))
    assert len(found.groups) == 1
    at = np.array([(point.x, point.y) for point in found.points])
    assert len(np.unique(at, axis=0)) > 290
    assert np.ptp(at, axis=0).max() < 0.05


@settings(max_examples=20)
@given(notes=st.lists(st.text(min_size=1, max_size=60).filter(str.strip), min_size=1, max_size=8))
def test_any_text_is_grouped(notes: list[str]) -> None:
    found = grouped([one for one in noted(*notes) if one.note])
    assert sum(len(one.ids) for one in found.groups) == len(notes)


def test_a_name_holds_no_markup_and_no_stop_words() -> None:
    attack = "<script>alert(1)</script> **bold** [x](http://evil.example) the and it is of"
    (one,) = grouped(noted(*[f"{attack} {i}" for i in range(5)])).groups
    assert not set("<>*[]()`_#|") & set(one.name + one.common)
    words = one.name.lower().replace(",", " ").split(":")[-1].split()
    assert not {"the", "and", "is"} & set(words)


@pytest.mark.parametrize(
    "texts",
    [
        ["Die Antwort ist viel zu lang", "Der Link existiert nicht", "Das Zitat ist erfunden"],
        ["答案太长了", "链接不存在", "格式错误"],
        ["الرابط غير موجود", "الجواب طويل جدا", "التنسيق خاطئ"],
        ["😀😀😀", "!!!", "?"],
    ],
)
def test_other_languages_and_hardly_any_text_are_grouped(texts: list[str]) -> None:
    found = grouped(noted(*texts * 4))
    assert sum(len(one.ids) for one in found.groups) == 12
    assert all(one.name and one.common.endswith(".") for one in found.groups)


def test_progress_is_told_up_to_the_last(exemplars: list[Failure], read: Read) -> None:
    told: list[int] = []
    readings = [read[one.id or ""] for one in exemplars]
    group(exemplars, readings, load_encoder(), told.append)
    assert told == [256, 512, 700]


def test_what_a_person_said_moves_a_failure_to_its_mode() -> None:
    failures = noted(*about(JSON, 6), *about(INVENTED, 6))
    readings = load_classifier().read(failures, {"n0": Mode.FABRICATION})
    found = labels(group(failures, readings, load_encoder()))
    assert found["n0"] in {found[f"n{i}"] for i in range(6, 12)}
    assert found["n1"] != found["n7"]


def test_the_remedy_follows_what_is_known() -> None:
    failures = noted(*about(("Far too formal.", "The tone is stiff and cold."), 8))
    readings = load_classifier().read(failures)
    tried = Facts({"prompting_tried": "systematic with few-shot and evals"})
    plain = group(failures, readings, load_encoder()).groups[0]
    after = group(failures, readings, load_encoder(), facts=tried).groups[0]
    assert plain.remedy is Remedy.PROMPTING
    assert after.remedy is Remedy.FINE_TUNING


class Other:
    identity = "other:1"
    precision = "float32"

    def tokens(self, texts: Sequence[str]) -> list[str]:
        return list(texts)

    def rows(self, tokens: Sequence[str]) -> np.ndarray:
        return np.ones((len(tokens), 3), np.float32)


def test_a_map_for_another_encoder_is_refused() -> None:
    with pytest.raises(ModelError, match="map of failures"):
        load_projection(Encoder(Other()))
