from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.models.lora.packing import TrainingRow, packed, shared_prefix

TOKENS = st.lists(st.integers(1, 5), min_size=1, max_size=6).map(tuple)
ROWS = st.lists(st.builds(TrainingRow, TOKENS, TOKENS), min_size=1, max_size=8)


@settings(max_examples=25)
@given(ROWS, TOKENS, st.integers(1, 40))
def test_every_row_can_be_read_back_from_the_packs(
    rows: list[TrainingRow], common: tuple[int, ...], most: int
) -> None:
    rows = [TrainingRow(common + row.prompt, row.completion) for row in rows]
    prefix = shared_prefix(rows)
    packs = list(packed(rows, range(len(rows)), prefix, most))
    places = [row.place for pack in packs for row in pack.rows]
    assert places == list(range(len(rows)))
    for pack in packs:
        ids, positions = pack.ids.tolist(), pack.positions.tolist()
        assert tuple(ids[: len(prefix)]) == prefix
        for start, own in zip(pack.starts, pack.rows, strict=True):
            row = rows[own.place]
            line = (*prefix, *ids[start : start + len(own.ids)])
            assert line == (*row.prompt, *row.completion[:-1])
            there = positions[start : start + len(own.ids)]
            assert there == list(range(len(prefix), len(line)))
        assert pack.stands_for == sum(rows[own.place].tokens for own in pack.rows)
        assert pack.size <= most or len(pack.rows) == 1


@settings(max_examples=25)
@given(ROWS, TOKENS)
def test_each_token_of_a_completion_is_asked_for_where_the_one_before_it_stands(
    rows: list[TrainingRow], common: tuple[int, ...]
) -> None:
    rows = [TrainingRow(common + row.prompt, row.completion) for row in rows]
    (pack,) = packed(rows, range(len(rows)), shared_prefix(rows), 10_000)
    asked = zip(pack.asking.tolist(), pack.labels.tolist(), strict=True)
    expected = [
        ((*row.prompt, *row.completion)[len(row.prompt) + place - 1], label)
        for row in rows
        for place, label in enumerate(row.completion)
    ]
    assert [(pack.ids[at].item(), label) for at, label in asked] == expected


@settings(max_examples=25)
@given(ROWS, TOKENS)
def test_the_shared_prefix_is_the_longest_that_leaves_each_prompt_a_token(
    rows: list[TrainingRow], common: tuple[int, ...]
) -> None:
    rows = [TrainingRow(common + row.prompt, row.completion) for row in rows]
    prefix = shared_prefix(rows)
    heads = [row.prompt[:-1] for row in rows]
    assert all(head[: len(prefix)] == prefix for head in heads)
    if len(rows) > 1:
        following = {head[len(prefix) : len(prefix) + 1] for head in heads}
        assert len(following) > 1 or following == {()}
