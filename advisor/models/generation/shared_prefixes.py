"""Which prompts begin alike: what they share is read once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

WORTH = 256
"""Tokens that a shared beginning must save: its rows are then answered in batches of their own,
and a step of a batch costs as much as some 16 tokens, whatever its size (measured)."""

Tokens = Sequence[int]


@dataclass
class PrefixNode:
    """A beginning that some prompts share."""

    begin: int
    """Tokens that the node above it holds."""
    end: int
    """Tokens of the beginning."""
    sample: int
    """A row that begins so."""
    rows: list[int] = field(default_factory=list)
    """Rows that share no longer beginning with others, shortest first."""
    children: list[PrefixNode] = field(default_factory=list)


def prefix_tree(prompts: Sequence[Tokens]) -> PrefixNode:
    """Return the beginnings worth sharing; each prompt stands in one node, with a token to spare.

    Args:
        prompts: tokens of each, none empty and no two alike.
    """
    root = PrefixNode(0, 0, 0)
    order = sorted(range(len(prompts)), key=lambda place: tuple(prompts[place]))
    todo = [(order, root, 0)] if order else []
    while todo:
        run, node, known = todo.pop()
        shared = _shared(prompts[run[0]], prompts[run[-1]], known)
        if (len(run) - 1) * (shared - node.end) >= WORTH:
            node.children.append(PrefixNode(node.end, shared, run[0]))
            node = node.children[-1]
        for same in _parted(run, prompts, shared):
            if len(same) > 1:
                todo.append((same, node, shared))
            else:
                node.rows += same
    _sort(root, prompts)
    return root


def _shared(first: Tokens, last: Tokens, known: int) -> int:
    """Return how many tokens the first and the last of a sorted run, and so all of it, begin with.

    They are known to share some.

    The first is the shorter where one begins the other; its last token is left to be read.
    """
    most = min(len(first), len(last)) - 1
    return next((n for n in range(known, most) if first[n] != last[n]), most)


def _parted(run: Sequence[int], prompts: Sequence[Tokens], at: int) -> Iterator[list[int]]:
    for _, same in groupby(run, lambda row: (prompts[row][at], len(prompts[row]) == at + 1)):
        yield list(same)


def _sort(node: PrefixNode, prompts: Sequence[Tokens]) -> None:
    todo = [node]
    while todo:
        one = todo.pop()
        one.rows.sort(key=lambda row: (len(prompts[row]), row))
        one.children.sort(key=lambda child: child.sample)
        todo += one.children
