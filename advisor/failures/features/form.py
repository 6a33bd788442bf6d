"""Features on form: the same content in another shape, wording or place."""

from __future__ import annotations

import re

from advisor.failures.features.case import FailureCase, Feature
from advisor.failures.features.lexicons import CHOOSE, FACT, POLITE, STIFF
from advisor.failures.features.texts import FailureText
from advisor.vocabulary import Mode as M

_EMOJI = re.compile("[\U0001f300-\U0001faff☀-➿]|!!+")
_FIELD = re.compile(
    r"(?im)^\W{0,3}(?:\w+[_ ])?(?:label|categor(?:y|ies)|intent|queue|tags?|code|class|"
    r"severity|priority|"
    r"sentiment|topic|status|type|team|department|route[d to]*)\w*\s*[:=]"
)


def layout(text: FailureText) -> tuple[bool, ...]:
    """Return the shape of a text: JSON, fence, list, table, one line, capitals."""
    one_line = "\n" not in text.raw
    return (
        text.json is not None,
        text.fenced,
        text.bullets > 1,
        text.table,
        one_line,
        text.raw.isupper(),
        text.raw.islower(),
    )


def same_content(case: FailureCase) -> float:
    """Return how much of the same content output and wanted answer hold, 0 to 1."""
    if not case.both:
        return 0.0
    return min(case.expected_kept, 1.0) * float(not case.expected_new)


def _reshaped(case: FailureCase) -> float:
    differs = case.both and layout(case.output) != layout(case.expected)
    return same_content(case) * float(differs)


def _wrapped(case: FailureCase) -> float:
    inside = case.both and case.expected.flat.strip(". ") in case.output.flat
    sure = 0.4 if FACT.search(case.question.raw) and not case.findings else 1.0
    return sure * float(inside and case.length_ratio > 1.5)


def _only_marks(case: FailureCase) -> float:
    return float(
        case.both
        and case.output.words == case.expected.words
        and case.output.raw != case.expected.raw
    )


def _json(case: FailureCase) -> float:
    wanted = case.expected.json is not None
    broken = case.output.json is None and bool(case.output)
    return float(broken and (wanted or case.output.like_json))


def _keys(case: FailureCase) -> float:
    ours, wanted = case.output.json, case.expected.json
    if not isinstance(ours, dict) or not isinstance(wanted, dict):
        return 0.0
    return float(ours.keys() != wanted.keys())


def _values(case: FailureCase) -> float:
    ours, wanted = case.output.json, case.expected.json
    if not isinstance(ours, dict) or not isinstance(wanted, dict):
        return 0.0
    return float(ours.keys() == wanted.keys() and ours != wanted)


def _restyled(case: FailureCase) -> float:
    if not case.both or min(len(case.output.words), len(case.expected.words)) < 10:
        return 0.0
    close = 0.4 < case.length_ratio < 2.5 and layout(case.output)[:4] == layout(case.expected)[:4]
    calm = len(case.expected_new) <= 1 and case.expected_kept > 0.25 and not case.result_differs
    return float(close and calm)


def register(text: FailureText) -> tuple[float, float, float]:
    """Return politeness, stiffness and excitement per ten words."""
    tens = max(len(text.words) / 10, 1)
    counts = (
        len(POLITE.findall(text.raw)),
        len(STIFF.findall(text.raw)),
        len(_EMOJI.findall(text.raw)),
    )
    return counts[0] / tens, counts[1] / tens, counts[2] / tens


def _register_gap(case: FailureCase) -> float:
    if not case.both or len(case.output.words) < 6 or case.expected.short_label:
        return 0.0
    pairs = zip(register(case.output), register(case.expected), strict=True)
    return min(sum(abs(ours - wanted) for ours, wanted in pairs), 1.0)


def _reading_gap(case: FailureCase) -> float:
    if not case.both or min(len(case.output.words), len(case.expected.words)) < 8:
        return 0.0
    letters = abs(case.output.word_length - case.expected.word_length) / 2
    words = abs(case.output.sentence_length - case.expected.sentence_length) / 20
    return min(letters + words, 1.0)


def _labels(case: FailureCase) -> float:
    if not (case.output.short_label and case.expected.short_label):
        return 0.0
    if case.output.flat == case.expected.flat:
        return 0.0
    fact = bool(FACT.search(case.input.raw)) and case.expected.raw[:1].isupper()
    return 0.4 if fact else 1.0


def _from_list(case: FailureCase) -> float:
    options = case.options
    known = [part.flat.strip(" .\"'") in options for part in (case.output, case.expected)]
    return float(bool(options) and any(known) and case.output.flat != case.expected.flat)


def _codes(case: FailureCase) -> float:
    pattern = r"\b[a-z]+(?:[_/-][a-z0-9]+)+\b|\b[A-Z]{2,}(?:[_-]\w+)+\b"
    parts = [part for part in (case.output, case.expected) if part and len(part.words) < 9]
    return float(
        any(re.search(pattern, part.raw) and not part.calls and not part.urls for part in parts)
    )


FORM: tuple[Feature, ...] = (
    Feature(
        "reshaped",
        _reshaped,
        "the output holds the same content as the wanted answer in another layout",
        {M.FORMAT: 2.0, M.FABRICATION: -1, M.MISSING_KNOWLEDGE: -1, M.REASONING: -0.5},
    ),
    Feature(
        "wrapped",
        _wrapped,
        "the wanted answer stands inside the output, with more around it",
        {M.FORMAT: 1.5, M.PROCEDURE: 0.3},
    ),
    Feature(
        "only_marks_differ",
        _only_marks,
        "output and wanted answer differ only in capitals, marks or spaces",
        {M.FORMAT: 2.5},
    ),
    Feature(
        "json_broken", _json, "the output is not valid JSON, and it should be", {M.FORMAT: 2.5}
    ),
    Feature(
        "keys_differ",
        _keys,
        "output and wanted answer are objects with different keys",
        {M.FORMAT: 1.8},
    ),
    Feature(
        "values_differ",
        _values,
        "output and wanted answer have the same keys and other values",
        {M.LABEL: 0.7, M.REASONING: 0.5, M.FORMAT: -0.7},
    ),
    Feature(
        "instruction_broken",
        lambda c: (
            min(sum(not f.kept for f in c.findings), 3) / 3
            + float(any(not f.kept for f in c.findings)) * 0.5
        ),
        "{}",
        {M.FORMAT: 2.0, M.PROCEDURE: 0.4},
        lambda c: next((f.because for f in c.findings if not f.kept), ""),
    ),
    Feature(
        "instructions_kept",
        lambda c: float(bool(c.findings) and all(f.kept for f in c.findings)),
        "every instruction that can be checked is kept",
        {M.FORMAT: -0.5},
    ),
    Feature(
        "instructions_to_check",
        lambda c: min(len(c.findings), 3) / 3,
        "the request sets a form that the answer must have",
        {M.FORMAT: 0.5},
    ),
    Feature(
        "much_longer",
        lambda c: float(c.both and c.length_ratio > 3 and not c.expected.short_label),
        "the output is more than three times as long as the wanted answer",
        {M.FORMAT: 0.6, M.STYLE: 0.4},
    ),
    Feature(
        "same_facts_other_words",
        _restyled,
        "output and wanted answer say the same things in other words",
        {M.STYLE: 2.0, M.FABRICATION: -0.8},
    ),
    Feature(
        "register_gap",
        _register_gap,
        "output and wanted answer differ in courtesy, stiffness or excitement",
        {M.STYLE: 1.3},
    ),
    Feature(
        "reading_gap",
        _reading_gap,
        "output and wanted answer differ in how hard they are to read",
        {M.STYLE: 0.7},
    ),
    Feature(
        "loud_or_stiff",
        lambda c: min(register(c.output)[1] + register(c.output)[2], 1.0),
        "the output is full of stiff or excited words",
        {M.STYLE: 1.4},
    ),
    Feature(
        "labels_differ",
        _labels,
        "output and wanted answer are both short labels, and they differ",
        {M.LABEL: 2.6, M.FABRICATION: -0.5, M.STYLE: -1, M.REASONING: -0.7},
    ),
    Feature(
        "label_from_list",
        _from_list,
        "the answer is one of the labels that the request lists",
        {M.LABEL: 2.0},
    ),
    Feature(
        "label_field",
        lambda c: float(bool(_FIELD.search(c.output.raw))),
        "the output fills a field for a label or a code",
        {M.LABEL: 1.6},
    ),
    Feature(
        "code_like",
        _codes,
        "the answer is a code such as a team uses for its labels",
        {M.LABEL: 0.9},
    ),
    Feature(
        "asks_to_choose",
        lambda c: float(bool(CHOOSE.search(c.input.raw))),
        "the request asks to choose a label",
        {M.LABEL: 1.0},
    ),
    Feature(
        "single_label",
        lambda c: float(c.output.short_label and not c.expected),
        "the output is one short label",
        {M.LABEL: 0.7},
    ),
)
