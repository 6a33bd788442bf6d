"""One block of a log, read and classified; the same on every machine."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from advisor.core.terminal import json_line, one_line
from advisor.domain.assessment import FailureReading
from advisor.errors import ModelError
from advisor.failures.classifier import load_classifier
from advisor.failures.failure_reader import FailureReader
from advisor.failures.learning.layer import Layer, LearnedClassifier
from advisor.importing import neutralise
from advisor.logs.block_rows import LogCase, Recipe, RefusedRow, Span
from advisor.logs.process import give_back, keep_few_kernels
from advisor.logs.recognise import source_of
from advisor.logs.summary.tally import Tally

KEPT = {"id", "mode", "cause", "probabilities", "abstained", "why"}
"""Fields of a reading that are written."""
REFUSED = ("line", "reason", "row")
"""Columns of the file that holds what could not be read."""


class Counts(BaseModel):
    """How many rows became what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows: int = 0
    failures: int = 0
    refused: int = 0
    left_out: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Return both together."""
        return Counts(
            rows=self.rows + other.rows,
            failures=self.failures + other.failures,
            refused=self.refused + other.refused,
            left_out=self.left_out + other.left_out,
        )


@dataclass(frozen=True)
class Block:
    """What came of one block, as bytes that are joined in the order of the blocks."""

    index: int
    done: float
    """Share of the file that is read when this block is, 0 to 1."""
    results: bytes
    """One line of JSON a failure."""
    refused: bytes
    """Lines of CSV without a header: line, reason, row."""
    tally: str
    counts: Counts


@dataclass(frozen=True)
class BlockJob:
    """What a worker needs to know; it travels to other machines."""

    path: Path
    recipe: Recipe
    classifier: str
    """Fingerprint of the classifier that must read it."""
    learned: tuple[bytes, str] | None = None
    """What corrections taught the classifier, as bytes, and the name of that version."""

    @classmethod
    def of(cls, path: Path, recipe: Recipe, classifier: FailureReader) -> BlockJob:
        """Describe reading `path` with `classifier`, so that another process can do it."""
        if isinstance(classifier, LearnedClassifier):
            learned = (classifier.layer.to_bytes(), classifier.version)
            return cls(path, recipe, classifier.fingerprint, learned)
        return cls(path, recipe, classifier.fingerprint)

    def load_classifier(self) -> FailureReader:
        """Return the classifier on this machine.

        Raises:
            ModelError: it is missing, or what was learned belongs to another one.
        """
        if self.learned is None:
            return load_classifier()
        layer, version = self.learned
        return LearnedClassifier(Layer.from_bytes(layer), version)


class BlockReader:
    """Reads blocks of one file; the classifier is loaded once."""

    def __init__(self, job: BlockJob, classifier: FailureReader | None = None) -> None:
        """Load what `job` needs.

        Raises:
            ModelError: this machine has another classifier, or reads with other numbers.
        """
        keep_few_kernels()
        self._classifier = classifier or job.load_classifier()
        if self._classifier.fingerprint != job.classifier:
            raise ModelError(
                "A worker has another classifier than this machine, or another kind of processor. "
                "Install the same version of the advisor on machines of one kind"
            )
        self._source = source_of(job.path, job.recipe)

    def read(self, span: Span) -> Block:
        """Read and classify one block."""
        rows = self._source.read(span)
        readings = self._classifier.read([case.failure for case in rows.cases])
        give_back()
        lines = "".join(f"{as_json(reading)}\n" for reading in readings)
        return Block(
            index=span.index,
            done=span.done,
            results=lines.encode(),
            refused=_as_csv(rows.refused),
            tally=_tally(rows.cases, readings),
            counts=Counts(
                rows=rows.count,
                failures=len(rows.cases),
                refused=len(rows.refused),
                left_out=rows.left_out,
            ),
        )


def as_json(reading: FailureReading) -> str:
    """Return a reading as one line for programs."""
    return json_line(reading.model_dump(mode="json", include=KEPT))


def _as_csv(refused: Sequence[RefusedRow]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for one in refused:
        writer.writerow((
            one.line,
            *(neutralise(one_line(text)) for text in (one.reason, one.text)),
        ))
    return buffer.getvalue().encode("utf-8", "replace")


def _tally(cases: Sequence[LogCase], readings: Sequence[FailureReading]) -> str:
    tally = Tally()
    for case, reading in zip(cases, readings, strict=True):
        tally.add(case.row, case.failure, reading, case.at)
    return tally.to_json()
