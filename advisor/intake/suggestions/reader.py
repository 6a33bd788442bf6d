"""Suggests answers to the form's questions from a draft's own words."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

from advisor.errors import ModelError
from advisor.intake.suggestions.cues import field_hints
from advisor.intake.suggestions.head import ReaderHead, load_head
from advisor.intake.suggestions.sentence_splitting import split
from advisor.intake.suggestions.suggestion import Hint, Sentence, Suggestion, Where, question_order
from advisor.intake.suggestions.weighing import best_answers, sentence_hints
from advisor.models.encoder import DEFAULT, Encoder, load_encoder
from advisor.proposal import Draft

__all__ = ["Reader", "Suggestion", "load_reader"]

SENTENCES = 400
"""Sentences that are read, from the beginning; later ones hardly ever add an answer."""
NOTES = 60
"""Different notes on failures that are read."""
NOTE_WEIGHT = 0.5
"""A note speaks of one case, so it says less about all of them."""

_DECIDING = tuple(
    Path(__file__).with_name(name)
    for name in ("cues.yaml", "quantities.py", "numbers.py", "shares.py", "weighing.py")
)
_FROM: dict[Where, frozenset[str]] = {
    "current prompt": frozenset({
        "output_format_strict",
        "must_cite_sources",
        "custom_label_scheme",
        "n_labels",
    }),
    "retrieval": frozenset({"retrieval_tried", "right_passage_shown", "corpus_fits_in_prompt"}),
    "failure note": frozenset(
        {"style_or_tone", "needs_exact_calculation", "right_passage_shown"}
        | {"output_format_strict", "reasoning_or_tool_problem"}
    ),
}
"""What these texts may answer; their other words speak to the model, or of one case."""


class Reader:
    """Reads words; keeps nothing of a draft; may be called from many threads at once."""

    def __init__(self, encoder: Encoder, head: ReaderHead) -> None:
        """Join an encoder and the head trained on it.

        Raises:
            ModelError: the head belongs to another encoder.
        """
        if head.encoder != encoder.identity:
            raise ModelError(
                "The reader was trained on another encoder. "
                "Train it again: python -m advisor.intake.suggestions.train_reader"
            )
        self._encoder, self._head = encoder, head

    def suggest(self, draft: Draft) -> tuple[Suggestion, ...]:
        """Return at most one suggestion a question, in the order of the form.

        Silence suggests nothing, and so does a question whose suggestion a person dismissed.
        """
        made = self.read(_texts(draft))
        return tuple(
            suggestion for suggestion in made if suggestion.question not in draft.dismissed
        )

    def read(self, texts: Iterable[tuple[Where, str]]) -> tuple[Suggestion, ...]:
        """Return what `texts` answer, each with the sentence it rests on."""
        texts = list(texts)
        pieces = (Sentence(piece, where) for where, text in texts for piece in split(text))
        hints = self._hints(list(islice(pieces, SENTENCES)))
        hints += [hint for where, text in texts for hint in field_hints(where, text)]
        notes = [hint for hint in hints if hint.sentence.where == "failure note"]
        others = [hint for hint in hints if hint.sentence.where != "failure note"]
        weak = _weakened(best_answers(notes, self._head.joined))
        by_question = {hint.question: hint for hint in weak}
        by_question |= {hint.question: hint for hint in best_answers(others, self._head.joined)}
        place = question_order()
        ordered = sorted(by_question.values(), key=lambda hint: (place(hint.question), -hint.sure))
        return tuple(_suggestion(hint) for hint in ordered)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of what decides, 64 hexadecimal digits."""
        parts = [self._encoder.fingerprint, self._head.fingerprint, *map(_digest, _DECIDING)]
        return hashlib.sha256(":".join(parts).encode()).hexdigest()

    def _hints(self, sentences: Sequence[Sentence]) -> list[Hint]:
        if not sentences:
            return []
        texts = [sentence.plain for sentence in sentences]
        chances = self._head.chances(self._encoder.encode(texts), texts)
        return [
            hint
            for sentence, row in zip(sentences, chances, strict=True)
            for hint in sentence_hints(sentence, row, self._head)
            if hint.question in _FROM.get(sentence.where, {hint.question})
        ]


def _texts(draft: Draft) -> Iterable[tuple[Where, str]]:
    yield "title", draft.title
    yield "description", draft.description
    yield "current prompt", draft.current.prompt or ""
    yield "retrieval", draft.current.retrieval or ""
    notes = dict.fromkeys(failure.note for failure in draft.failures if failure.note)
    yield from (("failure note", note) for note in islice(notes, NOTES))


def _weakened(hints: Sequence[Hint]) -> list[Hint]:
    """Return the hints of notes with half their chance: a note speaks of one case."""
    return [
        Hint(hint.question, hint.answer, hint.sentence, hint.sure * NOTE_WEIGHT) for hint in hints
    ]


def _suggestion(hint: Hint) -> Suggestion:
    return Suggestion(
        question=hint.question,
        answer=hint.answer,
        sentence=hint.sentence.text,
        where=hint.sentence.where,
        sure=round(hint.sure, 4),
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


_loading = threading.Lock()
_loaded: list[Reader] = []


def load_reader() -> Reader:
    """Return the reader, loaded once for all sessions.

    Raises:
        ModelError: the encoder or the head is missing or altered.
    """
    with _loading:
        if not _loaded:
            _loaded.append(Reader(load_encoder(DEFAULT), load_head()))
        return _loaded[0]
