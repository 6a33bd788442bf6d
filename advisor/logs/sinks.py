"""Where finished blocks go: printed at once, or kept until all are there."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

from advisor.core.terminal import one_line, write_message, write_results
from advisor.logs.block_reading import Block, BlockJob, Counts
from advisor.logs.block_rows import Span
from advisor.logs.checkpoint import Manifest, Parts
from advisor.logs.output import parts_path, refused_path, write_refused, write_results_file
from advisor.logs.pace import LogPace
from advisor.logs.summary.tally import Tally

TOLD = 100
"""Rows that could not be read that are told one by one where no file keeps them."""


class Sink(Protocol):
    """Takes finished blocks."""

    ordered: bool
    """Whether blocks must come in their order."""

    def counts(self, index: int) -> Counts | None:
        """Return what came of a block that is finished already."""

    def take(self, block: Block) -> None:
        """Take a finished block."""


class Printed:
    """Prints results as they come; what could not be read goes to standard error."""

    ordered = True

    def __init__(self, name: str, as_json: bool) -> None:
        """Name the log in messages."""
        self._name = name
        self._as_json = as_json
        self._told = 0

    def counts(self, index: int) -> Counts | None:
        """Return nothing: what was printed is gone."""
        return None

    def take(self, block: Block) -> None:
        """Print a block."""
        self._tell(block.refused)
        for line in block.results.decode().splitlines():
            write_results(line if self._as_json else _as_text(json.loads(line)))

    def _tell(self, refused: bytes) -> None:
        for line, reason, _ in csv.reader(io.StringIO(refused.decode(), newline="")):
            self._told += 1
            if self._told <= TOLD:
                write_message(f"{self._name}:{line}: {reason}")
            elif self._told == TOLD + 1:
                write_message("More rows could not be read; --out RESULTS.jsonl keeps them all")


class KeptBlocks:
    """Keeps finished blocks in a folder beside the results, and joins them at the end."""

    ordered = False

    def __init__(self, out: Path, job: BlockJob, restart: bool) -> None:
        """Go on with an earlier run, or begin; `told` says which.

        Raises:
            InputError: the place cannot be written.
        """
        self._out = out
        self._parts = Parts(parts_path(out))
        self.told = self._parts.begin(Manifest.of(job), restart)

    def counts(self, index: int) -> Counts | None:
        """Return what came of a block that is finished already."""
        return self._parts.counts(index)

    def take(self, block: Block) -> None:
        """Keep a block."""
        self._parts.keep(block)

    def tally(self, count: int) -> Tally:
        """Return the sums over all blocks."""
        tally = Tally()
        for index in range(count):
            tally.merge(Tally.from_json(self._parts.tally(index)))
        return tally

    def end(self, count: int, refused: bool) -> None:
        """Write the results and, if there are any, the rows that could not be read.

        Raises:
            InputError: the disk is full, or the place cannot be written; the blocks are kept.
        """
        if refused:
            write_refused(self._parts, count, refused_path(self._out))
        else:
            refused_path(self._out).unlink(missing_ok=True)  # of an earlier run
        write_results_file(self._parts, count, self._out)
        self._parts.remove()


def _as_text(reading: dict[str, Any]) -> str:
    sure = (
        "not sure" if reading["abstained"] else f"{reading['probabilities'][reading['mode']]:.0%}"
    )
    parts = (reading["id"], reading["cause"], reading["mode"], sure, reading["why"])
    return "\t".join(map(one_line, parts))


class BlockRun:
    """Follows the blocks of one log from the file to a sink."""

    def __init__(self, sink: Sink, pace: LogPace) -> None:
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
