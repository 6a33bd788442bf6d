"""What people said about a case in a labelling tool, made into the fields of a failure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from advisor.importing.exports.nested_text import split_context, spoken
from advisor.importing.exports.verdicts import passed_by
from advisor.importing.tables.headers import known_headers, loosely_known, plain_name
from advisor.importing.tables.import_result import FieldName
from advisor.importing.tables.table import as_text

Reading = tuple[dict[FieldName, str], bool | None, dict[str, float]]

_REWRITTEN = frozenset(
    plain_name(word)
    for word in "corrected, correction, corrected answer, corrected response, rewrite, rewritten, "
    "improved, improved answer, better answer, fixed, gold, your answer, new answer".split(",")
)
_ANSWER_WORDS = frozenset({"answer", "label", "answers"})


@dataclass
class Reviewed:
    """One case of a labelling tool."""

    name: str
    shown: Mapping[str, Any]
    """What people saw: names of the data to values."""
    answers: dict[str, list[str]] = field(default_factory=dict)
    """Question to what each person said."""
    proposals: Mapping[str, str] = field(default_factory=dict)
    """Question to what a model had proposed."""


def reading_of(case: Reviewed) -> Reading:
    """Return the fields of a reviewed case.

    Where the data holds an answer of the model, what people said is a remark, or the wanted answer
    if the question asks for one. Where it holds none, the model's proposal is the output and what
    people said the wanted answer. Different opinions stand side by side in the note.
    """
    fields = _shown_fields(case.shown)
    own = "output" in fields
    notes, verdicts = [], []
    for question, said in case.answers.items():
        asked = _asks_for(question, question in case.proposals, own)
        if asked == "expected" and not fields.get("expected"):
            fields["expected"] = _most(said)
            notes += [_told(question, said)] if len(set(said)) > 1 else []
        else:
            notes.append(
                "\n".join(dict.fromkeys(said)) if asked == "note" else _told(question, said)
            )
            verdicts += said
    proposed = next((case.proposals[name] for name in case.answers if name in case.proposals), "")
    if not own and proposed:
        fields["output"] = proposed
    fields["id"] = case.name
    fields["note"] = "\n".join(note for note in (fields.get("note", ""), *notes) if note)
    return fields, None if own and fields.get("expected") else passed_by(verdicts), {}


def _asks_for(question: str, proposed: bool, own: bool) -> FieldName | None:
    """Return the field that a question fills; None where its answer is a remark."""
    word = plain_name(question)
    known = known_headers().get(word) or loosely_known(question)
    if word in _REWRITTEN or known == "expected" or (not own and proposed):
        return "expected"
    if not own and (known == "output" or word in _ANSWER_WORDS):
        return "expected"
    return "note" if known == "note" else None


def _most(said: Sequence[str]) -> str:
    return Counter(said).most_common(1)[0][0] if said else ""


def _told(question: str, said: Iterable[str]) -> str:
    return f"{question}: {' | '.join(dict.fromkeys(said))}"


def _shown_fields(shown: Mapping[str, Any]) -> dict[FieldName, str]:
    """Return the fields that the data fills by its names; the first text left over is the input."""
    known = known_headers()
    fields: dict[FieldName, str] = {}
    left = []
    for name, value in shown.items():
        word = plain_name(name)
        found = known.get(word) or ("output" if word == "answer" else loosely_known(name))
        text = split_context(value)[0] if value not in (None, "") else ""
        if found and found != "id" and text and found not in fields:
            fields[found] = text
        elif text and found is None:
            left.append(text)
    if "input" not in fields and left:
        fields["input"] = left[0]
    return fields


def words_of(value: Any) -> str:
    """Return one answer as words: choices, texts, ranks and ratings."""
    if isinstance(value, Mapping) and len(value) == 1:
        return words_of(next(iter(value.values())))
    if isinstance(value, list):
        return ", ".join(text for item in value if (text := words_of(item)))
    if isinstance(value, Mapping) and value.get("value") not in (None, ""):
        rank = as_text(value.get("rank"))
        return f"{rank}. {words_of(value['value'])}" if rank else words_of(value["value"])
    return spoken(value)
