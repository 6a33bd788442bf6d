"""A failure with its parts taken apart, and the relations between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from advisor.failures.features.instructions import InstructionCheck, findings, options
from advisor.failures.features.lexicons import COUNTED, HOW_MUCH, MAKE
from advisor.failures.features.texts import FailureText
from advisor.proposal import Failure
from advisor.vocabulary import Mode

_NUMBER = r"[-+]?[$€£]?\d[\d,]{0,15}(?:\.\d+)?"
_SUM = re.compile(rf"({_NUMBER})((?:\s*[-+*x×·/÷–−]\s*{_NUMBER}){{1,20}})\s*%?\s*=\s*({_NUMBER})")
_STEP = re.compile(rf"\s*([-+*x×·/÷–−])\s*({_NUMBER})")
_SIGNS = {"x": "*", "×": "*", "·": "*", "÷": "/", "–": "-", "−": "-"}


def sums(text: str) -> tuple[int, int]:
    """Return how many sums such as `3 * 4 = 12` a text holds, and how many of them are wrong."""
    right = wrong = 0
    for equation in _SUM.finditer(text):
        worth = _worth(equation[1], _STEP.findall(equation[2]))
        said = _value(equation[3])
        if worth is None:
            continue
        close = abs(worth - said) <= max(0.011 * abs(said), 0.06)
        right, wrong = right + close, wrong + (not close)
    return right + wrong, wrong


def _worth(first: str, steps: list[tuple[str, str]]) -> float | None:
    terms = [_value(first)]
    for sign, text in steps:
        value, operator = _value(text), _SIGNS.get(sign, sign)
        if operator == "*":
            terms[-1] *= value
        elif operator == "/":
            if not value:
                return None
            terms[-1] /= value
        else:
            terms.append(value if operator == "+" else -value)
    return sum(terms)


def _value(text: str) -> float:
    return float(re.sub(r"[^\d.+-]", "", text))


EMPTY = FailureText("")
_TAG = re.compile(
    r"(?im)^\W{0,4}(?:context|passages?|documents?|article|source|knowledge|reference|excerpt|"
    r"background|retrieved|chunks?|search results?|information|text|transcript)\b[^:\n]{0,30}:"
)
_ASK = re.compile(r"(?im)^\W{0,4}(?:question|query|user|q|task|customer)\s*:")
_LAST_QUESTION = re.compile(r"[^.!?\n]{4,300}\?\s*$")


@dataclass(frozen=True)
class FailureCase:
    """The five parts of a failure; a missing part is an empty text."""

    input: FailureText
    output: FailureText
    expected: FailureText
    note: FailureText
    context: FailureText

    @classmethod
    def of(cls, failure: Failure) -> FailureCase:
        """Take a failure apart."""
        parts = (failure.input, failure.output, failure.expected, failure.note, failure.context)
        return cls(*(FailureText(part) if part else EMPTY for part in parts))

    @cached_property
    def _split(self) -> tuple[FailureText, FailureText]:
        if self.context or (self.reckoning and not _TAG.search(self.input.raw)):
            return self.context, self.input
        passage, question = split(self.input.raw)
        return (FailureText(passage), FailureText(question)) if passage else (EMPTY, self.input)

    @cached_property
    def reckoning(self) -> bool:
        """Whether the request is to be worked out from two or more given numbers."""
        given = len(self.input.numbers) + len(self.context.numbers)
        given += len(COUNTED.findall(self.input.raw))
        return given >= 2 and bool(HOW_MUCH.search(self.input.raw))

    @property
    def passage(self) -> FailureText:
        """The text that the model was given to answer from; it may stand inside the input."""
        return self._split[0]

    @property
    def question(self) -> FailureText:
        """The input without the passage."""
        return self._split[1]

    @cached_property
    def shown(self) -> frozenset[str]:
        """Words, numbers and names of everything the model saw."""
        return frozenset().union(*(part.known for part in (self.input, self.context)))

    @cached_property
    def expected_new(self) -> frozenset[str]:
        """Facts of the wanted answer that neither the input, the context nor the output holds."""
        return self.expected.facts - self.shown - self.output.known

    @cached_property
    def output_new(self) -> frozenset[str]:
        """Facts of the output that neither the input, the context nor the wanted answer holds."""
        return self.output.facts - self.shown - self.expected.known

    @cached_property
    def expected_support(self) -> float:
        """Share of the wanted answer, beyond the words of the question, that the passage holds."""
        return share(self.expected.content - self.question.content, self.passage.known)

    @cached_property
    def output_support(self) -> float:
        """Share of the output, beyond the words of the question, that the passage holds."""
        return share(self.output.content - self.question.content, self.passage.known)

    @cached_property
    def expected_kept(self) -> float:
        """Share of the wanted answer's content that the output holds."""
        return share(self.expected.content, self.output.known)

    @cached_property
    def output_kept(self) -> float:
        """Share of the output's content that the wanted answer holds."""
        return share(self.output.content, self.expected.known)

    @cached_property
    def same_facts(self) -> bool:
        """Whether output and wanted answer hold no fact that the other lacks."""
        facts = self.expected.facts | self.output.facts
        return bool(self.both) and facts <= (self.expected.known & self.output.known) | self.shown

    @property
    def both(self) -> bool:
        """Whether both an output and a wanted answer are there."""
        return bool(self.output) and bool(self.expected)

    @cached_property
    def length_ratio(self) -> float:
        """Words of the output for each word of the wanted answer; 1 if one is missing."""
        if not self.both:
            return 1.0
        return (len(self.output.words) + 1) / (len(self.expected.words) + 1)

    @cached_property
    def findings(self) -> list[InstructionCheck]:
        """Instructions in the input that can be checked."""
        return findings(self.input, self.output)

    @cached_property
    def options(self) -> frozenset[str]:
        """Labels that the input lists."""
        return options(self.input)

    @cached_property
    def sums(self) -> tuple[int, int]:
        """Sums in the output: how many, how many wrong."""
        return sums(self.output.raw)

    @cached_property
    def wanted_sums(self) -> int:
        """How many sums the wanted answer holds."""
        return sums(self.expected.raw)[0]

    @cached_property
    def result_differs(self) -> bool:
        """Whether the last number of the output is another than that of the wanted answer."""
        ours, wanted = self.output.numbers, self.expected.numbers
        return bool(ours and wanted) and ours[-1] != wanted[-1]


def share(part: frozenset[str], whole: frozenset[str]) -> float:
    """Return the share of `part` that lies in `whole`; 0 for an empty part."""
    return len(part & whole) / len(part) if part else 0.0


def split(text: str) -> tuple[str, str]:
    """Split an input into (passage, question); the passage is empty if there is none.

    A passage is what a tag such as `Context:` opens, or at least twenty words before a last
    question or request that is much shorter.
    """
    if _TAG.search(text):
        return _by_tag(text)
    blocks = [block for block in re.split(r"\n\s*\n", text) if block.strip()]
    if len(blocks) > 1 and not MAKE.match(blocks[0].strip()):
        head, tail = "\n\n".join(blocks[:-1]), blocks[-1]
    else:
        question = _LAST_QUESTION.search(text)
        head, tail = (text[: question.start()], question[0]) if question else ("", text)
    enough = len(head.split()) >= 20 and len(tail.split()) < len(head.split())
    return (head, tail) if enough else ("", text)


def _by_tag(text: str) -> tuple[str, str]:
    start = _TAG.search(text)
    asked = _ASK.search(text)
    begin = start.end() if start else 0
    before = text[: start.start()] if start else ""
    if asked and asked.start() > begin:
        return text[begin : asked.start()], f"{before}\n{text[asked.end() :]}"
    rest = re.split(r"\n\s*\n", text[begin:], maxsplit=1)
    tail = rest[1] if len(rest) > 1 and not before.strip() else ""
    passage = rest[0] if tail else text[begin:]
    return passage, f"{before}\n{tail}"


@dataclass(frozen=True)
class Feature:
    """One relation between the parts of a failure."""

    name: str
    value: Callable[[FailureCase], float]
    """How much it holds, 0 to 1."""
    because: str
    """What to tell a user when it decided; `{}` is filled with `detail`."""
    speaks: Mapping[Mode, float]
    """What it says before training, as natural logs of likelihood ratios."""
    detail: Callable[[FailureCase], str] = lambda _: ""

    def reason(self, case: FailureCase) -> str:
        """Return the reason with its detail filled in."""
        return self.because.replace("{}", self.detail(case))
