"""What must be right in `approval.yaml`, beside what holds for every rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from advisor.rules.loading.material import Check, Material
from advisor.rules.loading.rule_files import APPROVAL
from advisor.rules.schema.approval import TIERS
from advisor.rules.schema.review_facts import FACTS
from advisor.rules.schema.rule_finding import Finding, did_you_mean


def whole_tiers(found: Material) -> Iterator[Finding]:
    """Each tier is there once; a higher one holds no longer and asks no fewer people."""
    approval = found.records.approval
    if not approval.there:
        return
    counts = Counter(entry.record.id for entry in approval.tiers)
    for name in TIERS:
        if counts[name] != 1 and name not in found.records.broken:
            what = f"describes the tier {name!r} {counts[name]} times"
            yield Finding(APPROVAL, 0, "", what, "Describe it once")
    order = sorted(approval.tiers, key=lambda entry: TIERS.index(entry.record.id))
    for lower, higher in pairwise(order):
        if higher.record.months > lower.record.months:
            what = f"holds longer than {lower.name}"
            yield higher.finding(what, "Give the higher tier no more months", ("months",))
        for people in ("pilot_people", "adoption_people"):
            if getattr(higher.record, people) < getattr(lower.record, people):
                yield higher.finding(f"asks fewer people than {lower.name}", "Ask more", (people,))


def sound_fields(found: Material) -> Iterator[Finding]:
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


def holding_leases(found: Material) -> Iterator[Finding]:
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
