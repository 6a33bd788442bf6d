"""What must be right before rules can be used at all; `load` refuses a folder that fails here."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from advisor.core.strict import Strict
from advisor.domain.sources import Spread
from advisor.rules.loading.material import Check, RuleMaterial
from advisor.rules.loading.rule_files import APPROVAL
from advisor.rules.loading.rule_records import PlacedRecord
from advisor.rules.schema.answers import FORMS, read
from advisor.rules.schema.approval import TIERS, CheckItem, ReviewField, Tier
from advisor.rules.schema.review_facts import FACTS
from advisor.rules.schema.rule_finding import RuleFinding, did_you_mean
from advisor.rules.schema.rule_schema import Meaning, RemedyCard, Rule
from advisor.vocabulary import CAUSE_NAMES, CAUSE_OF, MODE_NAMES, Cause, Mode, Remedy


def whole_tiers(found: RuleMaterial) -> Iterator[RuleFinding]:
    """Each tier is there once; a higher one holds no longer and asks no fewer people."""
    approval = found.records.approval
    if not approval.there:
        return
    counts = Counter(entry.record.id for entry in approval.tiers)
    for name in TIERS:
        if counts[name] != 1 and name not in found.records.broken:
            what = f"describes the tier {name!r} {counts[name]} times"
            yield RuleFinding(APPROVAL, 0, "", what, "Describe it once")
    order = sorted(approval.tiers, key=lambda entry: TIERS.index(entry.record.id))
    for lower, higher in pairwise(order):
        if higher.record.months > lower.record.months:
            what = f"holds longer than {lower.name}"
            yield higher.finding(what, "Give the higher tier no more months", ("months",))
        for people in ("pilot_people", "adoption_people"):
            if getattr(higher.record, people) < getattr(lower.record, people):
                yield higher.finding(f"asks fewer people than {lower.name}", "Ask more", (people,))


def sound_fields(found: RuleMaterial) -> Iterator[RuleFinding]:
    """No field takes the name of a fact; limits are in order; labels speak of options."""
    facts = {fact.id for fact in FACTS}
    for entry in found.records.approval.fields:
        field = entry.record
        if field.id in facts:
            yield entry.finding("has the name of a fact that the advisor knows", "Rename it")
        if not field.minimum <= field.maximum:
            yield entry.finding("minimum is above maximum", "Swap them", ("minimum",))
        for option in field.labels:
            if option not in field.options:
                mend = did_you_mean(option, field.options, "Remove it")
                yield entry.finding(f"{option!r} is not an option", mend, ("labels", option))


def holding_leases(found: RuleMaterial) -> Iterator[RuleFinding]:
    """Every example of a tier ends on the day that its months say."""
    for entry in found.records.approval.tiers:
        for place, example in enumerate(entry.record.examples):
            real = entry.record.ends(example.approved)
            if real != example.expires:
                what = f"example {place + 1} expects {example.expires}, but it ends on {real}"
                yield entry.finding(
                    what, "Mend the example or the months", ("examples", place, "expires")
                )


APPROVAL_STRUCTURE: tuple[Check, ...] = (whole_tiers, sound_fields)
APPROVAL_CONTENT: tuple[Check, ...] = (holding_leases,)
Sourced = (
    PlacedRecord[Rule] | PlacedRecord[Tier] | PlacedRecord[ReviewField] | PlacedRecord[CheckItem]
)
TOLERANCE = 1e-3
"""How far priors may be from summing to 1."""


def duplicate_ids(found: RuleMaterial) -> Iterator[RuleFinding]:
    """Every id is used once among its kind; questions and fields of the review share theirs."""
    records = found.records
    groups: list[Sequence[PlacedRecord[Strict]]] = [
        [*records.questions, *records.approval.fields],
        records.rules,
        records.remedies,
        records.sources,
        records.approval.checklist,
    ]
    for group in groups:
        first: dict[str, PlacedRecord[Strict]] = {}
        for entry in group:
            other = first.setdefault(entry.name, entry)
            if other is not entry:
                where = f"{other.file}:{other.place.line()}"
                yield entry.finding(f"has the same id as the entry at {where}", "Rename one")


def sound_questions(found: RuleMaterial) -> Iterator[RuleFinding]:
    """Limits are in order; `labels` and `likely` speak of possible answers."""
    for entry in found.records.questions:
        question = entry.record
        if not -math.inf < question.minimum <= question.maximum < math.inf:
            what = "minimum and maximum are not numbers in this order"
            yield entry.finding(what, "Use two numbers", ("minimum",))
        for option in question.labels:
            if option not in question.options:
                mend = did_you_mean(option, question.options, "Remove it")
                yield entry.finding(f"{option!r} is not an option", mend, ("labels", option))
        for text, chance in question.likely.items():
            if read(question, text) is None:
                mend = f"Use {FORMS[question.type].words(question)}"
                yield entry.finding(f"{text!r} is not an answer", mend, ("likely", text))
            if not 0 <= chance <= 1:
                what = f"chance {chance} is not a share"
                yield entry.finding(what, "Use a number from 0 to 1", ("likely", text))


def known_sources(found: RuleMaterial) -> Iterator[RuleFinding]:
    """Every rule and every figure names a source in sources.yaml."""
    if found.findings and not found.records.sources:  # the file itself is reported
        return
    known = {entry.record.id for entry in found.records.sources} | found.records.broken
    approval = found.records.approval
    sourced: list[Sourced] = [
        *found.records.rules,
        *approval.tiers,
        *approval.fields,
        *approval.checklist,
    ]
    for entry in sourced:
        if entry.record.source not in known:
            yield _no_source(entry, entry.record.source, known, ("source",))
    for card in found.records.remedies:
        for place, fix in enumerate(card.record.fixes):
            if fix.source not in known:
                yield _no_source(card, fix.source, known, ("fixes", place, "source"))


def _no_source(
    entry: PlacedRecord[Strict],
    name: str,
    known: Iterable[str],
    path: tuple[str | int, ...],
) -> RuleFinding:
    mend = did_you_mean(name, known, "Add it to sources.yaml")
    return entry.finding(f"there is no source {name!r}", mend, path)


def whole_remedies(found: RuleMaterial) -> Iterator[RuleFinding]:
    """Each remedy has a card, and each card one sound figure for every mode."""
    records = found.records
    missing = set(Remedy) - {entry.record.id for entry in records.remedies} - records.broken
    for remedy in sorted(missing):
        yield RuleFinding(
            "remedies.yaml", 0, remedy, "this remedy is missing", "Add an entry for it"
        )
    for entry in records.remedies:
        yield from _card_findings(entry)


def _card_findings(entry: PlacedRecord[RemedyCard]) -> Iterator[RuleFinding]:
    card = entry.record
    counts = Counter(fix.mode for fix in card.fixes)
    for mode in Mode:
        if counts[mode] != 1:
            what = f"has {counts[mode]} figures for the mode {mode}"
            yield entry.finding(what, "Give exactly one", ("fixes",))
    for place, fix in enumerate(card.fixes):
        if not (_finite(fix.share) and 0 <= fix.share.low and fix.share.high <= 1):
            path = ("fixes", place, "share")
            yield entry.finding(f"share for {fix.mode} is not from 0 to 1", "Use shares", path)
    for name in ("build_days", "keep_days_per_month"):
        days = getattr(card, name)
        if not (_finite(days) and days.low >= 0):
            yield entry.finding(f"{name} is not a number of days", "Use 0 or more", (name,))


def _finite(spread: Spread) -> bool:
    return all(math.isfinite(value) for value in (spread.low, spread.mid, spread.high))


def whole_taxonomy(found: RuleMaterial) -> Iterator[RuleFinding]:
    """Causes and modes stand there once, named as on screens; priors sum to 1, in a cause, too."""
    for entry in found.records.taxonomy:
        taxonomy = entry.record
        yield from _complete(entry, "causes", taxonomy.causes, list(Cause))
        yield from _complete(entry, "modes", taxonomy.modes, list(Mode))
        yield from _named(entry, "causes", taxonomy.causes, CAUSE_NAMES)
        yield from _named(entry, "modes", taxonomy.modes, MODE_NAMES)
        yield from _sums_to_one(entry, "causes", "all causes", taxonomy.causes)
        for cause in Cause:
            own = [item for item in taxonomy.modes if _cause(item) == cause]
            yield from _sums_to_one(entry, "modes", f"the modes of {cause}", own)


def _cause(meaning: Meaning) -> Cause | None:
    return CAUSE_OF[Mode(meaning.id)] if meaning.id in set(Mode) else None


def _complete(
    entry: PlacedRecord[Strict],
    part: str,
    given: Sequence[Meaning],
    wanted: Sequence[str],
) -> Iterator[RuleFinding]:
    counts = Counter(item.id for item in given)
    for name in wanted:
        if counts[name] != 1:
            what = f"{part} describe {str(name)!r} {counts[name]} times"
            yield entry.finding(what, "Describe it once", (part,))
    for place, item in enumerate(given):
        if item.id not in wanted:
            mend = did_you_mean(item.id, wanted, "Use " + ", ".join(wanted))
            yield entry.finding(f"{item.id!r} is not one of the {part}", mend, (part, place, "id"))


def _named(
    entry: PlacedRecord[Strict], part: str, given: Sequence[Meaning], names: Mapping[Any, str]
) -> Iterator[RuleFinding]:
    for place, item in enumerate(given):
        if (name := names.get(item.id, item.name.lower())) != item.name.lower():
            what = f"{item.id!r} is named {item.name!r} here and {name!r} on screens"
            yield entry.finding(what, "Use the name of the screens", (part, place, "name"))


def _sums_to_one(
    entry: PlacedRecord[Strict],
    part: str,
    words: str,
    items: Sequence[Meaning],
) -> Iterator[RuleFinding]:
    total = sum(item.prior for item in items)
    if items and not abs(total - 1) <= TOLERANCE:
        what = f"priors of {words} sum to {total:.4g}"
        yield entry.finding(what, "Make them sum to 1", (part,))


STRUCTURE: tuple[Check, ...] = (
    duplicate_ids,
    sound_questions,
    known_sources,
    whole_remedies,
    whole_taxonomy,
    *APPROVAL_STRUCTURE,
)
