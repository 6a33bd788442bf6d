"""What `advisor classify` does; it returns its exit code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from advisor.commands.exits import DONE, INTERRUPTED, WRONG_INPUT
from advisor.core.terminal import one_line, progress, write_message
from advisor.core.text import shown
from advisor.errors import AdvisorError, InputError, Problem
from advisor.failures.failure_reader import FailureReader
from advisor.importing import FIELDS
from advisor.logs.block_reading import Block, BlockJob, BlockReader, Counts
from advisor.logs.block_rows import BLOCK_ROWS, Span
from advisor.logs.output import check_out, parts_path, refused_path
from advisor.logs.pace import pace
from advisor.logs.process import claimed, keep_few_kernels, stopping
from advisor.logs.ray import read_on_ray
from advisor.logs.recognise import DATE, Opened, open_log
from advisor.logs.sinks import BlockRun, KeptBlocks, Printed
from advisor.logs.summary.build import finish
from advisor.logs.summary.summary_files import save_summary
from advisor.logs.summary.summary_record import SAMPLE, SummaryProvenance
from advisor.logs.summary.tally import Tally
from advisor.triage.assessing.active_classifier import active_classifier


@dataclass(frozen=True)
class ClassifyRequest:
    """What a person asked for."""

    file: Path
    as_json: bool = False
    out: Path | None = None
    columns: Sequence[str] = ()
    """Each `FIELD=NAME`."""
    ray: str | None = None
    """Address of a Ray cluster."""
    restart: bool = False
    block: int = BLOCK_ROWS
    """Rows in one block."""


def run_classify(request: ClassifyRequest) -> int:
    """Read failures from a file; print what each one is, or write it to a file.

    Raises:
        InputError: the file cannot be read, or the results cannot be written.
        ModelError: the classifier is missing or altered.
    """
    try:
        return _run(request)
    except KeyboardInterrupt:
        told = (
            "Stopped. What is done is kept: the same command goes on from here"
            if request.out
            else "Stopped. With --out RESULTS.jsonl, the same command would go on from here"
        )
        write_message(told)
        return INTERRUPTED


def _run(request: ClassifyRequest) -> int:
    if request.out:
        check_out(request.out, request.file)
    opened = open_log(request.file, _columns(request.columns), request.block)
    for note in opened.notes:
        write_message(f"{shown(request.file.name)}: {one_line(note)}")
    keep_few_kernels()
    classifier = active_classifier()
    job = BlockJob.of(request.file.resolve(), opened.recipe, classifier)
    produce = _Producer(job, opened, classifier, request.ray)
    if request.out:
        with claimed(parts_path(request.out)):
            counts = _keep(request, request.out, job, produce)
    else:
        counts = _through(Printed(shown(request.file.name), request.as_json), produce).counts
    return WRONG_INPUT if counts.refused else DONE


def _columns(given: Sequence[str]) -> Mapping[str, str]:
    pairs = [text.partition("=") for text in given]
    possible = (*FIELDS, DATE)
    mend = f"Write FIELD=NAME, where FIELD is one of {', '.join(possible)}"
    wrong = [field for field, sign, name in pairs if field not in possible or not (sign and name)]
    if wrong:
        what = f"{wrong[0][:80]!r} is no field with the name of a column"
        raise InputError(Problem("--column", what, mend))
    return {field: name for field, _, name in pairs}


@dataclass(frozen=True)
class _Producer:
    """Gives the blocks of a log, read here or on a cluster."""

    job: BlockJob
    opened: Opened
    classifier: FailureReader
    ray: str | None

    def blocks(self, spans: Iterator[Span], ordered: bool) -> Iterator[Block]:
        """Yield each block when it is finished."""
        if self.ray is None:
            reader = BlockReader(self.job, self.classifier)
            yield from map(reader.read, spans)
        elif todo := list(spans):
            yield from read_on_ray(self.job, todo, self.ray, ordered)


def _through(sink: KeptBlocks | Printed, produce: _Producer) -> BlockRun:
    with pace(prints=sink.ordered) as follow, stopping() as check:
        course = BlockRun(sink, follow)
        for block in produce.blocks(course.todo(produce.opened.source.spans()), sink.ordered):
            course.take(block)
            check()
    return course


def _keep(request: ClassifyRequest, out: Path, job: BlockJob, produce: _Producer) -> Counts:
    started = datetime.now(UTC)
    sink = KeptBlocks(out, job, request.restart)
    for told in sink.told:
        write_message(told)
    course = _through(sink, produce)
    about = SummaryProvenance(
        file=shown(request.file.name),
        rows=course.counts.rows,
        rejected=course.counts.refused,
        classifier=job.classifier,
        started=started,
        finished=datetime.now(UTC),
    )
    tally = sink.tally(course.blocks)
    sink.end(course.blocks, bool(course.counts.refused))
    write_message(_told(course.counts, out))
    write_message(_summarise(tally, about))
    return course.counts


def _summarise(tally: Tally, about: SummaryProvenance) -> str:
    """Keep the summary; the results are there without it."""
    if not tally.failures:
        return "No failure was read: there is no summary"
    try:
        with progress("Grouping", min(SAMPLE, tally.failures), prints=False) as tell:
            kept = save_summary(finish(tally, about, tell=tell))
    except AdvisorError as error:
        return f"The summary could not be kept. {error}"
    return f"The summary ({kept}) is in the app: run `advisor app` and open the screen Logs"


def _told(counts: Counts, out: Path) -> str:
    left_out = f", {counts.left_out:,} left out because they passed" if counts.left_out else ""
    refused = f", {counts.refused:,} not readable ({refused_path(out)})" if counts.refused else ""
    return f"{counts.rows:,} rows: {counts.failures:,} failures in {out}{left_out}{refused}"
