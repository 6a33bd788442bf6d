"""What the charts show: as rows to draw and in words for people who do not see them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from advisor.domain.assessment import Assessment, EvidenceItem, FailureGroup, Option
from advisor.presentation import wording
from advisor.presentation.palette import COLOURS, MUTED, REMEDY_COLOURS, TEXT, text_on
from advisor.vocabulary import CAUSE_OF, Cause

REASONS = 12
"""Reasons drawn; the text beside the chart lists all."""
ALL_CAUSES = "All causes"
"""Row of the bar that shows the causes side by side."""
WINS = 0.01
"""Share of trials from which a mix of remedies is drawn."""
SMALLEST = 0.02
"""Share from which a cause or a mode is drawn."""
Row = dict[str, Any]


def causes_alt(assessment: Assessment) -> str:
    """Return the causes and their largest modes in words."""
    parts = [
        f"{wording.CAUSES[cause]} {wording.percent(share)}"
        for cause, share in _largest(assessment.causes)
    ]
    modes = [
        f"{wording.MODES[mode]} {wording.percent(share)}"
        for mode, share in _largest(assessment.modes)[:4]
    ]
    return f"Causes: {wording.listing(parts)}. Most common: {wording.listing(modes)}."


def options_alt(assessment: Assessment) -> str:
    """Return what each set of remedies would fix in words."""
    parts = [
        f"{_option_name(option)} {wording.percent_range(option.expected_fixed)}"
        f"{option_note(option, assessment)}"
        for option in drawn_options(assessment)
    ]
    return f"Share of failures fixed: {'; '.join(parts)}."


def reasons_alt(assessment: Assessment) -> str:
    """Return the drawn reasons in words, strongest first."""
    parts = [f"{item.title} ({speaks(item)})" for item in drawn_reasons(assessment)]
    return f"Reasons by weight: {'; '.join(parts)}."


def failures_alt(assessment: Assessment) -> str:
    """Return the groups of failures in words."""
    parts = [f"{group.name} {group_words(group, assessment)}" for group in assessment.groups]
    return f"Failures by group: {'; '.join(parts)}."


def sorted_options(assessment: Assessment) -> list[Option]:
    """Return the sets of remedies: the recommended first, then by value, ruled out ones last."""
    best = assessment.recommendation
    return sorted(
        assessment.ranking,
        key=lambda option: (option.remedies != best, bool(option.vetoed_by), -option.value),
    )


def drawn_options(assessment: Assessment) -> list[Option]:
    """Return what the chart compares: single remedies, and the mixes that ever come out ahead."""
    best = assessment.recommendation
    return [
        option
        for option in sorted_options(assessment)
        if option.remedies == best or "+" not in option.remedies or option.wins >= WINS
    ]


def drawn_reasons(assessment: Assessment) -> list[EvidenceItem]:
    """Return the heaviest reasons that count, heaviest first."""
    counted = [item for item in assessment.evidence if item.counted]
    return sorted(counted, key=lambda item: (-abs(item.weight), item.id))[:REASONS]


def speaks(item: EvidenceItem) -> str:
    """Return what a reason speaks for or against: `for knowledge`."""
    about = wording.target(item.cause, item.mode, item.remedy)
    return f"{'for' if item.weight > 0 else 'against'} {about}"


def group_words(group: FailureGroup, assessment: Assessment) -> str:
    """Return size, cause and doubt of a group: `5 failures, knowledge, 1 unsure`."""
    unsure = _unsure(group, assessment)
    words = f"{wording.counted(len(group.ids), 'failure')}, {wording.CAUSES[CAUSE_OF[group.mode]]}"
    return f"{words}, {unsure} unsure" if unsure else words


def cause_rows(assessment: Assessment) -> Iterator[Row]:
    """Give each cause its part of the first bar, and its modes the same place further down."""
    below: list[Row] = []
    left = 0.0
    for cause, share in _largest(assessment.causes):
        name = f"{wording.start(wording.CAUSES[cause])} {wording.percent(share)}"
        yield _part(ALL_CAUSES, left, share, cause, name)
        start = left
        for mode, part in _largest(assessment.modes):
            if CAUSE_OF[mode] is cause:
                row = f"{wording.start(wording.MODES[mode])} ({wording.CAUSES[cause]})"
                below.append(_part(row, start, part, cause, wording.percent(part)))
                start += part
        left += share
    yield from below


def option_row(option: Option, assessment: Assessment) -> Row:
    """Return one set of remedies as a row; the recommended one stands out."""
    best = option.remedies == assessment.recommendation
    return {
        "row": _option_name(option),
        "low": option.expected_fixed.low,
        "mid": option.expected_fixed.mid,
        "high": option.expected_fixed.high,
        "overhead": option.overhead,
        "end": max(option.expected_fixed.high, option.overhead),
        "label": wording.percent(option.expected_fixed.mid) + option_note(option, assessment),
        "colour": TEXT if best else MUTED,
        "size": 150 if best else 60,
        "shape": "cross" if option.vetoed_by else "diamond" if best else "circle",
    }


def option_note(option: Option, assessment: Assessment) -> str:
    """Return what stands out about a set: `, recommended`, `, ruled out` or nothing."""
    if option.remedies == assessment.recommendation:
        return ", best guess" if assessment.abstained else ", recommended"
    return ", ruled out" if option.vetoed_by else ""


def reason_row(item: EvidenceItem) -> Row:
    """Return one reason as a row; its weight is negative when it speaks against."""
    return {
        "row": textwrap.shorten(item.title, 60, placeholder=" …"),
        "weight": item.weight,
        "label": f"{wording.strength(item.weight)}, {speaks(item)}",
        "colour": _reason_colour(item),
    }


def group_rows(group: FailureGroup, assessment: Assessment) -> Iterator[Row]:
    """Yield the sure and the unsure part of a group; the last part carries the words."""
    count, unsure = len(group.ids), _unsure(group, assessment)
    colour, label = COLOURS[CAUSE_OF[group.mode]], group_words(group, assessment)
    parts = ((0, count - unsure, 1.0, label), (count - unsure, count, 0.45, ""))
    if unsure:
        parts = ((0, count - unsure, 1.0, ""), (count - unsure, count, 0.45, label))
    for left, right, opacity, words in parts:
        if right > left:
            yield {
                "row": group.name,
                "from": left,
                "to": right,
                "opacity": opacity,
                "colour": colour,
                "label": words,
            }


def _largest(shares: dict[Any, float]) -> list[tuple[Any, float]]:
    ranked = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(name, share) for name, share in ranked if share >= SMALLEST]


def _part(row: str, left: float, share: float, cause: Cause, label: str) -> Row:
    colour = COLOURS[cause]
    return {
        "row": row,
        "from": left,
        "to": left + share,
        "middle": left + share / 2,
        "share": share,
        "colour": colour,
        "ink": text_on(colour),
        "label": label,
    }


def _option_name(option: Option) -> str:
    return wording.start(wording.combination_words(option.remedies))


def _reason_colour(item: EvidenceItem) -> str:
    if item.remedy is not None:
        return REMEDY_COLOURS[item.remedy]
    cause = CAUSE_OF[item.mode] if item.mode is not None else item.cause
    return MUTED if cause is None else COLOURS[cause]


def _unsure(group: FailureGroup, assessment: Assessment) -> int:
    members = set(group.ids)
    return sum(reading.abstained and reading.id in members for reading in assessment.failures)
