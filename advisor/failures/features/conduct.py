"""Features on conduct: rules, refusals, questions back, sums, tools and broken runs."""

from __future__ import annotations

import re
from collections import Counter

from advisor.failures.features.case import FailureCase, Feature
from advisor.failures.features.form import same_content
from advisor.failures.features.lexicons import ASKS_BACK, ERROR, REFUSAL, RULES
from advisor.failures.features.texts import FailureText
from advisor.vocabulary import Mode as M

_DONE = re.compile(
    r"(?i)\b(?:i(?:'ve| have| just|'ll| will)?|we(?:'ve| have)?|has been|have been|was|"
    r"done[:,.]?)\s(?:now |already |just )?"
    r"(?:also )?(?:booked|cancel\w+|refund\w+|filed|sent|delet\w+|updat\w+|clos\w+|approv\w+|"
    r"chang\w+|issu\w+|"
    r"transfer\w+|schedul\w+|process\w+|submitt\w+|creat\w+|order\w+|merg\w+|reset|waived|shared)\b"
)
_STEPS = re.compile(
    r"(?i)\b(?:so|therefore|thus|hence|then|plus|minus|times|which means|leaves?|left|makes|"
    r"because|adds? up|in total)\b"
)
_READINGS = re.compile(
    r"(?i)\b(?:you may have (?:meant|wanted)|(?:could|might|may) mean|if you mean|depending "
    r"on (?:what|which|whether)|"
    r"i (?:have )?(?:assumed|took|picked|chose|went with)|assuming|general version|not sure "
    r"(?:which|what))"
)


def asks_back(text: FailureText) -> bool:
    """Say whether a text asks the person what was meant."""
    return bool(text) and bool(ASKS_BACK.search(text.raw) or text.raw.endswith("?"))


def refuses(text: FailureText) -> bool:
    """Say whether a text declines to help."""
    return bool(REFUSAL.search(text.raw))


def _rules(case: FailureCase) -> float:
    return min(len(RULES.findall(case.input.raw)), 6) / 6


def _loops(case: FailureCase) -> float:
    words = case.output.words
    if len(words) < 12:
        return 0.0
    triples = Counter(zip(words, words[1:], words[2:], strict=False))
    return float(triples.most_common(1)[0][1] >= max(4, len(words) // 12))


def _arguments(case: FailureCase) -> float:
    ours, wanted = set(case.output.calls), set(case.expected.calls)
    return float(bool(ours & wanted) and case.output.flat != case.expected.flat)


def _stops(case: FailureCase) -> float:
    if not case.output.cut:
        return 0.0
    starts_alike = bool(case.expected) and case.expected.flat.startswith(case.output.flat[:-3])
    return 1.0 if starts_alike else 0.6 if not case.expected else 0.3


def _vague(case: FailureCase) -> float:
    words = len(case.question.words)
    return float(
        0 < words <= 9
        and not case.passage
        and "?" not in case.question.raw
        and not case.question.facts
        and not (case.output.short_label or case.expected.short_label)
    )


CONDUCT: tuple[Feature, ...] = (
    Feature(
        "refuses_wrongly",
        lambda c: float(refuses(c.output) and not refuses(c.expected)),
        "the output declines to help",
        {M.PROCEDURE: 1.6, M.MISSING_KNOWLEDGE: 0.4},
    ),
    Feature(
        "should_refuse",
        lambda c: float(refuses(c.expected) and bool(c.output) and not refuses(c.output)),
        "the wanted answer declines, and the output does not",
        {M.PROCEDURE: 2.0},
    ),
    Feature(
        "rules_given",
        _rules,
        "the input holds rules that the output must keep",
        {M.PROCEDURE: 0.9, M.FORMAT: 0.2},
    ),
    Feature(
        "acts_at_once",
        lambda c: float(bool(_DONE.search(c.output.raw))),
        "the output reports an action as done",
        {M.PROCEDURE: 1.2},
    ),
    Feature(
        "should_act",
        lambda c: float(bool(c.expected.calls) and bool(c.output) and not c.output.calls),
        "the wanted answer calls a tool, and the output does not",
        {M.PROCEDURE: 1.6, M.REASONING: 0.2},
    ),
    Feature(
        "should_not_act",
        lambda c: float(bool(c.output.calls) and bool(c.expected) and not c.expected.calls),
        "the output calls a tool, and the wanted answer does not",
        {M.PROCEDURE: 1.0, M.REASONING: 0.4},
    ),
    Feature(
        "wrong_call",
        _arguments,
        "output and wanted answer call the same tool in different ways",
        {M.REASONING: 0.8, M.PROCEDURE: 0.5, M.FORMAT: 0.3},
    ),
    Feature(
        "should_ask",
        lambda c: float(asks_back(c.expected) and bool(c.output) and not asks_back(c.output)),
        "the wanted answer asks what was meant, and the output does not",
        {M.UNDERSPECIFIED: 2.0, M.PROCEDURE: 0.5},
    ),
    Feature(
        "guesses_meaning",
        lambda c: float(bool(_READINGS.search(c.output.raw))),
        "the output has to guess what was meant",
        {M.UNDERSPECIFIED: 1.6},
    ),
    Feature(
        "asks_itself",
        lambda c: float(asks_back(c.output)),
        "the output asks back",
        {M.UNDERSPECIFIED: 0.8, M.PROCEDURE: 0.3},
    ),
    Feature(
        "vague_request",
        _vague,
        "the request is short and names nothing definite",
        {M.UNDERSPECIFIED: 0.7},
    ),
    Feature(
        "sums_wrong",
        lambda c: min(c.sums[1], 2) / 2 + 0.5 * float(c.sums[1] > 0),
        "a calculation in the output does not hold",
        {M.REASONING: 2.5},
    ),
    Feature(
        "sums_written", lambda c: min(c.sums[0], 3) / 3, "the output calculates", {M.REASONING: 1.0}
    ),
    Feature(
        "result_differs",
        lambda c: float(c.result_differs and c.reckoning),
        "the numbers needed are in the input, and the result differs from the wanted one",
        {M.REASONING: 2.0, M.FABRICATION: -1},
    ),
    Feature(
        "reckoning",
        lambda c: float(c.reckoning),
        "the request has to be worked out from numbers",
        {M.REASONING: 1.0},
    ),
    Feature(
        "expected_reckons",
        lambda c: min(c.wanted_sums, 2) / 2,
        "the wanted answer is a calculation",
        {M.REASONING: 1.2},
    ),
    Feature(
        "argues",
        lambda c: min(len(_STEPS.findall(c.output.raw)), 3) / 3 * float(len(c.output.numbers) >= 2),
        "the output draws conclusions from numbers",
        {M.REASONING: 1.1},
    ),
    Feature(
        "error_text",
        lambda c: float(bool(ERROR.search(c.output.raw)) and len(c.output.words) < 60),
        "the output is an error message of a system",
        {M.SYSTEM: 3.0},
    ),
    Feature(
        "stops_early",
        _stops,
        "the output stops in the middle of a sentence",
        {M.SYSTEM: 1.6, M.FORMAT: 0.2},
    ),
    Feature("loops", _loops, "the output repeats itself", {M.SYSTEM: 0.8, M.REASONING: 0.7}),
    Feature(
        "nothing_wrong",
        lambda c: float(c.both and c.output.words == c.expected.words),
        "output and wanted answer are the same",
        {M.SYSTEM: 1.2, M.FORMAT: 0.5},
    ),
    Feature(
        "same_content",
        same_content,
        "output and wanted answer hold the same content",
        {
            M.FORMAT: 0.6,
            M.STYLE: 0.6,
            M.SYSTEM: 0.2,
            M.FABRICATION: -0.8,
            M.MISSING_KNOWLEDGE: -0.8,
        },
    ),
    Feature(
        "nothing_shown",
        lambda c: float(not c.passage and not c.note),
        "no text was shown to the model",
        {M.RETRIEVAL_MISS: -2.0, M.UNFAITHFUL: -1.2},
    ),
    Feature(
        "ran_through",
        lambda c: float(
            bool(c.output) and not c.note and not c.output.cut and not ERROR.search(c.output.raw)
        ),
        "the run came to its end",
        {M.SYSTEM: -1.5},
    ),
)
