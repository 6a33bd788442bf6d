"""What a report says beyond scores: checks, learning curve, cost, outputs, how it was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.documents.record import (
    Block,
    Bullets,
    Figure,
    Note,
    Paragraph,
    RecordTable,
    Section,
    TableRow,
    shorten,
)
from advisor.domain.cases import Case
from advisor.domain.pilot_result import ArmRun, PilotResult
from advisor.pilot.metrics import definition_of
from advisor.pilot.metrics.registry import column_title
from advisor.pilot.reporting import pilot_charts
from advisor.presentation import wording
from advisor.presentation.arm_titles import arm_title
from advisor.presentation.chart_parts import svg

SHOWN = 10
"""Cases whose outputs stand side by side."""
EXCERPT = 160
_SEVERITY = {"blocks": "No verdict like this", "warning": "Doubt", "note": "Note"}


def all_of(result: PilotResult, cases: Sequence[Case]) -> Iterator[Section]:
    """Yield the sections that a pilot has something for."""
    blocks = {
        ("checks", "Checks"): _findings(result),
        ("parts", "Part by part"): _slices(result),
        ("curve", "Would more examples help?"): _curve(result),
        ("cost", "What it costs"): _costs(result),
        ("outputs", "The same cases side by side"): _outputs(result, cases),
        ("how", "How it was done"): _how(result),
    }
    for (name, heading), found in blocks.items():
        if content := tuple(found):
            yield Section(id=name, heading=heading, blocks=content)


def main_runs(result: PilotResult) -> list[ArmRun]:
    """Return one run for each arm that answered: the whole training side, the first seed."""
    first = result.spec.seeds[0]
    return [run for run in result.runs if run.answers and run.share == 1 and run.seed == first]


def _findings(result: PilotResult) -> Iterator[Block]:
    if result.findings:
        rows = [
            TableRow(
                cells=(_SEVERITY[finding.severity], finding.what),
                mark="out" if finding.severity == "note" else "",
            )
            for finding in result.findings
        ]
        yield RecordTable(head=("Kind", "What was found"), rows=tuple(rows))
    for run in result.runs:
        if run.state in {"failed", "stopped"} and run.why:
            yield Note(text=f"{arm_title(run.arm)}: {run.why}")


def _slices(result: PilotResult) -> Iterator[Block]:
    for found, head in ((result.slices, "Part"), (result.aggregates, "Way of solving it")):
        names = list(dict.fromkeys(name for scores in found.values() for name in scores))
        rows = [
            TableRow(
                cells=(
                    arm_title(part),
                    *(f"{100 * scores[name]:.0f} %" if name in scores else "" for name in names),
                )
            )
            for part, scores in found.items()
        ]
        if rows:
            words = map(column_title, names)
            yield RecordTable(head=(head, *words), rows=tuple(rows))


def _curve(result: PilotResult) -> Iterator[Block]:
    if len(result.curve) > 1:
        yield Figure(
            svg=svg(pilot_charts.curve(result.curve)),
            alt=pilot_charts.curve_alt(result.curve),
            caption="Line: measured. Dashed: projected, with its range.",
        )
    trained = [run for run in main_runs(result) if len(run.losses) > 1]
    for run in trained[:1]:
        yield Figure(
            svg=svg(pilot_charts.losses(run)),
            alt=pilot_charts.losses_alt(run),
            caption="Training loss by step; dots: on training examples kept aside.",
        )
    if spread := _seeds(result):
        yield Bullets(items=tuple(spread))


def _seeds(result: PilotResult) -> Iterator[str]:
    for arm in dict.fromkeys(run.arm for run in result.runs):
        means = [
            sum(scored) / len(scored)
            for run in result.runs
            if run.arm == arm and run.share == 1
            and (scored := [answer.score for answer in run.answers if answer.score is not None])
        ]  # fmt: skip
        if len(means) > 1:
            low, high = wording.percent(min(means)), wording.percent(max(means))
            yield f"{arm_title(arm)} from {low} to {high} over {len(means)} seeds."


def _costs(result: PilotResult) -> Iterator[Block]:
    if not result.costs:
        return
    priced = [cost for cost in result.costs if cost.per_thousand is not None]
    if len(priced) > 1:
        yield Figure(
            svg=svg(pilot_charts.cost_quality(result.comparison, result.costs)),
            alt=pilot_charts.cost_alt(result.comparison, result.costs),
            caption="Upwards is better, to the left is cheaper.",
        )
    usage = {run.arm: run.usage for run in main_runs(result)}
    rows = [
        TableRow(
            cells=(
                arm_title(cost.arm),
                "" if cost.per_thousand is None else wording.price(cost.per_thousand),
                wording.price(cost.once) if cost.once else "",
                "" if cost.pays_back_at is None else f"{cost.pays_back_at:,} requests",
                f"{memory:,.0f} MB" if (memory := usage[cost.arm].memory_mb) else "",
            )
        )
        for cost in result.costs
    ]
    head = ("Way of solving it", "1,000 requests", "Once", "Pays back after", "Memory")
    yield RecordTable(head=head, rows=tuple(rows))
    for run in main_runs(result):
        if run.usage.training_flops:
            yield Paragraph(
                text=f"{arm_title(run.arm)} took {run.usage.training_tokens:,} "
                f"training tokens, {run.usage.training_seconds:,.0f} s and about "
                f"{run.usage.training_flops:.1e} floating-point operations."
            )


def _outputs(result: PilotResult, cases: Sequence[Case]) -> Iterator[Block]:
    """Show cases on which the arms differ most."""
    by_id = {case.id: case for case in cases}
    answers = {
        run.arm: {answer.case: answer for answer in run.answers} for run in main_runs(result)
    }
    told = [case for case in by_id if all(case in given for given in answers.values())]
    spread = {case: {given[case].score or 0.0 for given in answers.values()} for case in told}
    told.sort(key=lambda case: (min(spread[case]) - max(spread[case]), case))
    for case in told[:SHOWN]:
        rows = [
            TableRow(
                cells=(
                    arm_title(arm),
                    shorten(given[case].text, EXCERPT),
                    "" if given[case].score is None else f"{100 * (given[case].score or 0):.0f} %",
                )
            )
            for arm, given in answers.items()
        ]
        asked, wanted = by_id[case].input, by_id[case].expected
        caption = f"{shorten(asked, EXCERPT)} (wanted: {shorten(wanted, EXCERPT)})"
        yield RecordTable(caption=caption, head=("Way", "Answered", "Score"), rows=tuple(rows))


def _how(result: PilotResult) -> Iterator[Block]:
    spec = result.spec
    metric = definition_of(spec.judged_by.metric)
    yield Bullets(
        items=(
            f"Task: {spec.task.replace('_', ' ')}. Judged by: {metric.title}.",
            f"Instruction: {shorten(spec.instruction, 400)}",
            f"Started {wording.moment(result.started)}, "
            f"finished {wording.moment(result.finished)}.",
            "All arms answered the same held-out cases; the differences are paired.",
        )
    )
