"""Rules in plain words, as policy owners and product owners read them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from advisor.domain.sources import Source
from advisor.presentation.wording import (
    CAUSES,
    MODES,
    REMEDIES,
    answer_words,
    forbidden,
    listing,
    start,
    stretch_words,
)
from advisor.proposal import Answer
from advisor.rules import Clause, Compiled, RuleBook, RuleOutcome, outcome, rules_folder
from advisor.rules.conditions.answer_space import answer_space, stretch
from advisor.rules.loading.material import material
from advisor.rules.loading.rule_files import read_files
from advisor.rules.schema.rule_schema import Effect, Question, Rule, Veto
from advisor.vocabulary import Cause, Mode, Remedy

RULED_OUT = "what is ruled out"
NAMES: dict[str, str] = {
    str(name): words for table in (CAUSES, MODES, REMEDIES) for name, words in table.items()
}
"""Causes, kinds of failure and remedies in words."""
TARGETS: dict[str, str] = {
    **{cause: f"{CAUSES[cause]} (cause)" for cause in Cause},
    **{mode: f"{MODES[mode]} (kind of failure)" for mode in Mode},
    **{remedy: f"{REMEDIES[remedy]} (remedy)" for remedy in Remedy},
}
"""What a rule can speak about, in words."""
_STRENGTHS = {"weak": "weak", "moderate": "clear", "strong": "strong"}


class ExampleWords(NamedTuple):
    """One example: the answers, what the rule must do on them, and whether it does."""

    given: str
    expected: str
    holds: bool


class RuleWords(NamedTuple):
    """One rule in words."""

    rule: Compiled[Any]
    about: str
    effect: str
    """`strong evidence against fine-tuning`"""
    limits: str
    """The kinds of failure it is limited to, `broken format or wrong style`; empty if none."""
    conditions: tuple[str, ...]
    source: Source
    place: str
    """File and line: `evidence/knowledge.yaml:3`."""
    examples: tuple[ExampleWords, ...]

    @property
    def searched(self) -> str:
        """Everything that a search looks at, in small letters."""
        record: Rule = self.rule.record
        parts = (self.rule.id, record.title, record.because, self.effect, self.place)
        return " ".join((*parts, *self.conditions, *record.when)).lower()


def rules_in_words(book: RuleBook, folder: Path | None = None) -> tuple[RuleWords, ...]:
    """Return every rule of `book` in words, evidence first, then vetoes, as the files have them."""
    files = material(read_files(folder or rules_folder()))
    places = {
        entry.record.id: f"{entry.file}:{entry.place.line()}" for entry in files.records.rules
    }
    rules: list[Compiled[Any]] = [*book.evidence, *book.vetoes]
    return tuple(_rule_words(rule, book, places.get(rule.id, "")) for rule in rules)


def _rule_words(rule: Compiled[Any], book: RuleBook, place: str) -> RuleWords:
    record = rule.record
    about, effect = _veto(record) if isinstance(record, Veto) else _effect(record.then)
    examples = tuple(
        ExampleWords(
            given=given_words(example.given, book.questions),
            expected=expected_words(_outcome(example.expect), book.questions),
            holds=outcome(rule, example.given) == _outcome(example.expect),
        )
        for example in record.examples
    )
    conditions = tuple(condition_words(clause, book.questions) for clause in rule.clauses)
    on = () if isinstance(record, Veto) else record.then.on
    limits = listing((MODES[mode] for mode in on), "or")
    return RuleWords(
        rule, about, effect, limits, conditions, book.sources[record.source], place, examples
    )


def _effect(then: Effect) -> tuple[str, str]:
    side = "for" if then.in_favour else "against"
    return TARGETS[then.target], f"{_STRENGTHS[then.weight]} evidence {side} {NAMES[then.target]}"


def _veto(veto: Veto) -> tuple[str, str]:
    return RULED_OUT, f"rules out {forbidden(veto.forbids, veto.unless_with)}"


def condition_words(clause: Clause, questions: Mapping[str, Question]) -> str:
    """Return a condition as a question with the answers that meet it: `Is it …? yes`."""
    name, *others = clause.needs
    question = questions[name]
    if others or "!=" in clause.text and question.type == "number":
        return clause.text
    meeting = [
        answer
        for answer, _ in answer_space(question, [clause])
        if clause.holds({name: answer}) is True
    ]
    return (
        f"{question.ask} {listing((_answer(answer, question, clause) for answer in meeting), 'or')}"
    )


def _answer(answer: Answer, question: Question, clause: Clause) -> str:
    if question.type != "number":
        return start(answer_words(answer, question))
    return start(stretch_words(*stretch(question, float(answer or 0), [clause]), question))


def given_words(given: Mapping[str, Answer], questions: Mapping[str, Question]) -> str:
    """Return answers with their questions, one sentence each."""
    words = (
        f"{questions[name].ask} {start(answer_words(answer, questions[name]))}."
        for name, answer in given.items()
    )
    return " ".join(words) or "No answers."


def expected_words(result: RuleOutcome, questions: Mapping[str, Question]) -> str:
    """Return what a rule does: `fires`, `does not fire`, `still needs: …`."""
    if not result.needs:
        return result.state
    return f"still needs: {' '.join(questions[name].ask for name in result.needs)}"


def _outcome(expect: str) -> RuleOutcome:
    if not expect.startswith("needs "):
        return RuleOutcome("fires" if expect == "fires" else "does not fire")
    names = expect.removeprefix("needs ").split(",")
    return RuleOutcome("needs", tuple(sorted(name.strip() for name in names)))
