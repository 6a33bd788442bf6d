"""The course of a run: which blocks are still to do, and what came of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from advisor.logs.block_records import Span
from advisor.logs.blocks import Block, Counts
from advisor.logs.pace import Pace
from advisor.logs.sinks import Sink


class Course:
    """Follows the blocks of one log from the file to a sink."""

    def __init__(self, sink: Sink, pace: Pace) -> None:
        """Begin with nothing done."""
        self._sink = sink
        self._pace = pace
        self._shares: dict[int, float] = {}
        self.counts = Counts()
        self.blocks = 0

    def todo(self, spans: Iterable[Span]) -> Iterator[Span]:
        """Yield the blocks that are not finished yet."""
        behind = 0.0
        for span in spans:
            share, behind = span.done - behind, span.done
            self.blocks += 1
            counts = self._sink.counts(span.index)
            if counts is None:
                self._shares[span.index] = share
                yield span
            else:
                self.counts += counts
                self._pace.skip(share, counts.rows)

    def take(self, block: Block) -> None:
        """Hand a finished block to the sink."""
        self._sink.take(block)
        self.counts += block.counts
        self._pace.add(self._shares.pop(block.index), block.counts.rows)
