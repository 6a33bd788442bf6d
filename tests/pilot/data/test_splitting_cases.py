"""Training and test apart: labels in like part, groups whole, copies together, shares nested."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from advisor.domain.cases import Case
from advisor.domain.pilot_spec import Task
from advisor.pilot.data.passages import plain
from advisor.pilot.data.splitting import hold_out, share_of


def case(n: int, expected: str, group: str | None = None, text: str | None = None) -> Case:
    return Case(id=f"c{n}", input=text or f"input {n}", expected=expected, group=group)


def test_every_label_is_held_out_in_like_part() -> None:
    cases = [case(n, f"l{n % 77}") for n in range(385)]
    train, test = hold_out(cases, 0.34, 0, Task.CLASSIFICATION)
    assert len(test) == 131
    assert set(Counter(one.expected for one in test).values()) <= {1, 2}
    assert len({one.expected for one in train}) == 77


def test_a_label_with_one_case_is_trained_on() -> None:
    cases = [case(n, "often") for n in range(40)] + [case(99, "once")]
    train, _ = hold_out(cases, 0.34, 0, Task.CLASSIFICATION)
    assert "once" in {one.expected for one in train}


def test_groups_that_are_the_labels_are_no_groups() -> None:
    cases = [case(n, f"l{n % 5}", group=f"g{n % 5}") for n in range(100)]
    train, test = hold_out(cases, 0.3, 0, Task.CLASSIFICATION)
    assert len({one.expected for one in train}) == len({one.expected for one in test}) == 5


def test_one_large_group_is_trained_on_while_others_are_enough() -> None:
    groups = ["large"] * 60 + [f"g{n // 5}" for n in range(40)]
    cases = [case(n, "x", group) for n, group in enumerate(groups)]
    train, test = hold_out(cases, 0.34, 0, Task.GENERATION)
    assert len(test) in {30, 35} and "large" in {one.group for one in train}
    train, test = hold_out(cases[:64], 0.34, 0, Task.GENERATION)
    assert {len(train), len(test)} == {4, 60}


def test_the_order_of_the_file_does_not_matter() -> None:
    cases = [case(n, f"l{n % 4}", group=f"g{n // 3}") for n in range(200)]
    mixed = random.Random(1).sample(cases, len(cases))
    ids = {one.id for one in hold_out(cases, 0.3, 0, Task.CLASSIFICATION)[1]}
    assert ids == {one.id for one in hold_out(mixed, 0.3, 0, Task.CLASSIFICATION)[1]}


CASES = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from([None, *"uvwxyz"]), st.integers(0, 30)),
    min_size=1,
    max_size=60,
).map(
    lambda rows: [
        case(n, label, group, f"text {text}{'.' * (n % 2)}")
        for n, (label, group, text) in enumerate(rows)
    ]
)


@given(CASES, st.floats(0.05, 0.95), st.integers(0, 9), st.sampled_from(Task))
def test_no_group_and_no_copy_is_on_both_sides(
    cases: list[Case], share: float, seed: int, task: Task
) -> None:
    train, test = hold_out(cases, share, seed, task)
    assert sorted(one.id for one in [*train, *test]) == sorted(one.id for one in cases)
    assert not {plain(one.input) for one in train} & {plain(one.input) for one in test}
    pairs = {(one.group, one.expected) for one in cases}
    if None in {one.group for one in cases} or len(pairs) > len({label for _, label in pairs}):
        groups = [{one.group for one in side if one.group} for side in (train, test)]
        assert not groups[0] & groups[1]


@given(CASES, st.lists(st.floats(0.01, 1), min_size=2, max_size=4), st.integers(0, 9))
def test_shares_are_nested_and_spread_over_the_answers(
    cases: list[Case], shares: list[float], seed: int
) -> None:
    nested = [set(share_of(cases, share, seed)) for share in sorted(shares)]
    assert all(small <= large for small, large in zip(nested, nested[1:], strict=False))
    assert set(share_of(cases, 1, seed)) == set(cases)
    counts = Counter(one.expected for one in cases)
    for share, kept in zip(sorted(shares), nested, strict=True):
        found = Counter(one.expected for one in kept)
        assert all(abs(found[label] - share * count) <= 2 for label, count in counts.items())
