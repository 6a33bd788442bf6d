"""What prompts begin alike is found, wherever it is worth a batch of its own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from advisor.models.generation.shared_prefixes import WORTH, PrefixNode, prefix_tree

LONG = tuple(range(WORTH))


def nodes(root: PrefixNode) -> list[PrefixNode]:
    return [root, *(one for child in root.children for one in nodes(child))]


def test_prompts_behind_one_instruction_share_it() -> None:
    root = prefix_tree([(*LONG, 7, 7), (*LONG, 9), (*LONG, 8, 8, 8)])
    (child,) = root.children
    assert (child.begin, child.end, child.rows) == (0, WORTH, [1, 0, 2])
    assert root.rows == child.children == []


def test_a_longer_beginning_of_some_is_shared_behind_that_of_all() -> None:
    near, far = (*LONG, *LONG), (*LONG, 9, *LONG)
    prompts = [(*near, 1), (*far, 2), (*near, 3), (*far, 4), (*LONG, 5)]
    (first,) = prefix_tree(prompts).children
    assert first.rows == [4]
    assert [(one.begin, one.rows) for one in first.children] == [(WORTH, [0, 2]), (WORTH, [1, 3])]


def test_a_beginning_that_saves_little_is_not_shared() -> None:
    short = LONG[: WORTH // 2]
    assert not prefix_tree([(*short, 1), (*short, 2)]).children
    assert prefix_tree([(*short, 1), (*short, 2), (*short, 3)]).children


def test_one_prompt_that_begins_another_keeps_a_token_to_read() -> None:
    (child,) = prefix_tree([(*LONG, 1), (*LONG, 1, 2)]).children
    assert (child.end, child.rows) == (WORTH, [0, 1])


def test_nothing_has_no_beginning() -> None:
    assert nodes(prefix_tree([])) == [PrefixNode(0, 0, 0)]


@given(
    st.lists(
        st.lists(st.sampled_from("ab"), min_size=1, max_size=9),
        unique_by=tuple,
        min_size=1,
        max_size=20,
    )
)
def test_every_prompt_stands_once_behind_what_it_begins_with(words: list[list[str]]) -> None:
    prompts = [tuple(ord(one) for one in word for _ in range(60)) for word in words]
    found = nodes(prefix_tree(prompts))
    assert sorted(row for one in found for row in one.rows) == list(range(len(prompts)))
    for node in found:
        below = [row for one in nodes(node) for row in one.rows]
        assert {prompts[row][: node.end] for row in below} <= {prompts[node.sample][: node.end]}
        assert all(len(prompts[row]) > node.end for row in below)
        assert all(child.begin == node.end for child in node.children)
        assert node.end == node.begin or (len(below) - 1) * (node.end - node.begin) >= WORTH
