"""Texts that are encoded together: of like length, and no more tokens than memory bears."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

BATCH_TOKENS = 8_192


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places of texts that are encoded together, the shortest first.

    Args:
        lengths: tokens of each text; one that is longer than a batch stands alone.
    """
    batch: list[int] = []
    size = 0
    for place in sorted(range(len(lengths)), key=lambda place: lengths[place]):
        if batch and size + lengths[place] > BATCH_TOKENS:
            yield batch
            batch, size = [], 0
        batch.append(place)
        size += lengths[place]
    if batch:
        yield batch
