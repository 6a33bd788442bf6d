"""Attention behind a shared prefix, without a mask over all pairs of tokens.

The prefix reads itself; each row reads the prefix and itself: small products instead of one of
T x T. Plain matrix products, because the backward pass of torch's fused attention is slow on a CPU
(a fifth of a step, measured).

Letters: T tokens, P of them the prefix, N the rows; R rows of at most L tokens; K heads of keys,
each read by G heads of queries; D numbers a head.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from advisor.models.lora.packing import Pack


@dataclass(frozen=True)
class Heads:
    """How many heads, and how wide."""

    keys: int
    group: int
    """Heads of queries that read the same keys."""
    width: int

    @property
    def queries(self) -> int:
        """Heads of queries."""
        return self.keys * self.group


class AttentionPlan:
    """Where the tokens of one pack stand, worked out once for all layers."""

    def __init__(self, pack: Pack, device: torch.device) -> None:
        """Lay the rows out side by side, each padded to the longest."""
        self.prefix = len(pack.prefix)
        self.parts = [self.prefix, pack.size - self.prefix]
        self.rows = len(pack.rows)
        self.longest = max(pack.lengths)
        self._device = device
        self._lengths = pack.lengths

    @cached_property
    def _slots(self) -> Tensor | None:
        """Where each token stands among the padded rows, shape (N,); None if none is padded."""
        if min(self._lengths) == self.longest:
            return None
        places = torch.arange(self.rows * self.longest).view(self.rows, self.longest)
        taken = [row[:length] for row, length in zip(places, self._lengths, strict=True)]
        return torch.cat(taken).to(self._device)

    def spread(self, tokens: Tensor) -> Tensor:
        """Turn (N, width) into (R, L, width), zeros where a row is shorter."""
        if self._slots is not None:
            room = tokens.new_zeros(self.rows * self.longest, tokens.shape[1])
            tokens = room.index_copy(0, self._slots, tokens)
        return tokens.view(self.rows, self.longest, -1)

    def gather(self, spread: Tensor) -> Tensor:
        """Turn (R, L, width) back into (N, width)."""
        flat = spread.reshape(self.rows * self.longest, -1)
        return flat if self._slots is None else flat.index_select(0, self._slots)


def attend(query: Tensor, key: Tensor, value: Tensor, heads: Heads, plan: AttentionPlan) -> Tensor:
    """Return what each token reads, shape (T, K G D).

    Args:
        query: (T, K G D), rotated.
        key: (T, K D), rotated.
        value: (T, K D).
        heads: how many.
        plan: where the tokens stand.
    """
    scaled = query * heads.width**-0.5
    given = [torch.split(one, plan.parts) for one in (scaled, key, value)]
    q, k, v = (_by_head(plan.spread(own), heads) for _, own in given)
    if not plan.prefix:
        return plan.gather(_read(q, k, v))
    shared_q, shared_k, shared_v = (_by_head(shared[None], heads) for shared, _ in given)
    rows = _read(q, k, v, (shared_k, shared_v))
    return torch.cat([_read(shared_q, shared_k, shared_v)[0], plan.gather(rows)])


def _by_head(rows: Tensor, heads: Heads) -> Tensor:
    """(R, L, K G D) to (K, R, G, L, D); keys and values have a group of one."""
    apart = rows.view(*rows.shape[:2], heads.keys, -1, heads.width)
    return apart.permute(2, 0, 3, 1, 4).contiguous()


def _read(q: Tensor, k: Tensor, v: Tensor, shared: tuple[Tensor, Tensor] | None = None) -> Tensor:
    """Return what rows read from what they share, and from themselves up to each token.

    Args:
        q: (K, R, G, L, D).
        k: (K, R, 1, L, D).
        v: as `k`.
        shared: keys and values of the prefix, each (K, 1, 1, P, D).

    Returns:
        (R, L, K G D).
    """
    keys, rows, group, length, width = q.shape
    by_row = (keys * rows, group * length, -1)  # a row reads itself
    by_key = (keys, rows * group * length, -1)  # all rows read the prefix
    ahead = q.new_full((length, length), -torch.inf).triu_(1)
    own = (q.view(*by_row) @ k.view(keys * rows, length, width).mT).view(*q.shape[:-1], length)
    scores, far = own + ahead, 0
    if shared is not None:
        shared_k, shared_v = (one.view(keys, -1, width) for one in shared)
        far = shared_k.shape[1]
        of_prefix = q.view(*by_key) @ shared_k.mT
        scores = torch.cat([of_prefix.view(*q.shape[:-1], far), scores], -1)
    weights = torch.softmax(scores, -1, dtype=torch.float32).to(q.dtype)
    of_prefix, own = torch.split(weights, [far, length], -1)
    read = own.reshape(*by_row) @ v.view(keys * rows, length, width)
    if shared is not None:
        read = read + (of_prefix.reshape(*by_key) @ shared_v).view(*by_row)
    return read.view(q.shape).permute(1, 3, 0, 2, 4).reshape(rows, length, -1)
