"""What `advisor rules check` finds: what `load` refuses, and rules that do not do their job."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice, product
from pathlib import Path

from advisor.proposal import Answer
from advisor.rules.book import FIRES, RuleOutcome, outcome_of
from advisor.rules.conditions.answer_space import answer_space
from advisor.rules.loading.material import Check, RuleMaterial, material
from advisor.rules.loading.rule_files import read_files
from advisor.rules.loading.rule_records import PlacedRecord
from advisor.rules.loading.structure import APPROVAL_CONTENT, STRUCTURE
from advisor.rules.schema.answers import problems
from advisor.rules.schema.rule_finding import RuleFinding
from advisor.rules.schema.rule_schema import EvidenceRule, Rule, RuleExample

GRID = 20_000
"""Combinations of answers tried before a rule counts as one that can fire."""


def possible_examples(found: RuleMaterial) -> Iterator[RuleFinding]:
    """Every example gives answers that its questions take."""
    for entry, place, example in _examples(found):
        known = {name: value for name, value in example.given.items() if not _broken(name, found)}
        for name, value in known.items():
            for problem in problems({name: value}, found.asked, "given"):
                path = ("examples", place, "given", name)
                yield entry.finding(f"example: {problem.what}", problem.mend, path)


def holding_examples(found: RuleMaterial) -> Iterator[RuleFinding]:
    """Every example does what it says."""
    for entry, place, example in _examples(found):
        if not found.whole(entry):
            continue
        real = outcome_of(found.clauses(entry), example.given)
        if real != _expected(example):
            what = f"example {place + 1} expects {example.expect!r}, but the rule {_says(real)}"
            yield entry.finding(what, "Mend the example or the rule", ("examples", place, "expect"))


def tested_rules(found: RuleMaterial) -> Iterator[RuleFinding]:
    """Every rule shows at least once when it fires and once when it does not."""
    for entry in found.records.rules:
        shown = {example.expect for example in entry.record.examples}
        for expect in ("fires", "does not fire"):
            if expect not in shown:
                yield entry.finding(f"no example with 'expect: {expect}'", "Add one", ("examples",))


def living_rules(found: RuleMaterial) -> Iterator[RuleFinding]:
    """Every rule fires on some set of possible answers."""
    for entry in found.records.rules:
        if found.whole(entry) and not can_fire(entry, found):
            mend = "Drop or change a condition: no answers meet all of them"
            yield entry.finding("can never fire", mend, ("when",))


def can_fire(entry: PlacedRecord[Rule], found: RuleMaterial) -> bool:
    """Search the answers that the rule's own conditions can tell apart, at most `GRID` sets."""
    clauses = found.clauses(entry)
    names = sorted({name for clause in clauses for name in clause.needs})
    alone = [clause for clause in clauses if len(clause.needs) == 1]
    open_answers: list[list[Answer]] = []
    for name in names:
        own = [clause for clause in alone if name in clause.needs]
        space = answer_space(found.asked[name], clauses)
        open_answers.append([a for a, _ in space if all(c.holds({name: a}) for c in own)])
    if len(alone) == len(clauses):
        return all(open_answers)
    sets = (dict(zip(names, values, strict=True)) for values in product(*open_answers))
    tried = [outcome_of(clauses, given) == FIRES for given in islice(sets, GRID)]
    return any(tried) or len(tried) == GRID


def agreeing_rules(found: RuleMaterial) -> Iterator[RuleFinding]:
    """No two rules with the same conditions push the same target in opposite directions."""
    for one, other in combinations(found.records.evidence, 2):
        if _conditions(one) == _conditions(other) and _opposed(one.record, other.record):
            where = f"{one.name} ({one.file}:{one.place.line()})"
            what = f"says the opposite of {where} under the same conditions"
            yield other.finding(what, "Keep one of the two, or tell them apart", ("then",))


def used_questions(found: RuleMaterial) -> Iterator[RuleFinding]:
    """Every question is used by a rule, or says why it is asked for the record."""
    if found.findings:  # a rule that cannot be read may use it
        return
    used = {name for clause in found.compiled.values() for name in clause.needs}
    for entry in found.records.questions:
        if entry.record.id not in used and not entry.record.for_record:
            yield entry.finding("no rule uses this question", "Drop it, or fill in for_record")


CONTENT: tuple[Check, ...] = (
    possible_examples,
    holding_examples,
    tested_rules,
    living_rules,
    agreeing_rules,
    used_questions,
    *APPROVAL_CONTENT,
)


def check(folder: Path) -> list[RuleFinding]:
    """Return everything that is wrong with the rules in `folder`, by file and line.

    Raises:
        RuleError: if the folder cannot be read at all.
    """
    found = material(read_files(folder))
    more = (finding for one in (*STRUCTURE, *CONTENT) for finding in one(found))
    return sorted({*found.findings, *more})


def _examples(found: RuleMaterial) -> Iterator[tuple[PlacedRecord[Rule], int, RuleExample]]:
    for entry in found.records.rules:
        for place, example in enumerate(entry.record.examples):
            yield entry, place, example


def _broken(name: str, found: RuleMaterial) -> bool:
    return name in found.records.broken


def _expected(example: RuleExample) -> RuleOutcome:
    if example.expect.startswith("needs "):
        names = example.expect.removeprefix("needs ").split(",")
        return RuleOutcome("needs", tuple(sorted(name.strip() for name in names)))
    return RuleOutcome("fires" if example.expect == "fires" else "does not fire")


def _says(real: RuleOutcome) -> str:
    return str(real) if real.state != "needs" else f"still {real}"


def _conditions(entry: PlacedRecord[EvidenceRule]) -> frozenset[str]:
    return frozenset(" ".join(text.split()) for text in entry.record.when)


def _opposed(one: EvidenceRule, other: EvidenceRule) -> bool:
    first, second = one.then, other.then
    overlap = not first.on or not second.on or set(first.on) & set(second.on)
    opposite = bool(first.in_favour) != bool(second.in_favour)
    return first.target == second.target and opposite and bool(overlap)
