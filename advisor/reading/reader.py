"""Suggests answers to the form's questions from a draft's own words."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from advisor.proposal import Draft
from advisor.reading.model import Hint, Sentence, Suggestion, Where
from advisor.reading.quantities import quantities
from advisor.reading.splitting import split

__all__ = ["Reader", "Suggestion", "load_reader"]


class Reader:
    """Reads words; keeps nothing of a draft; may be called from many threads at once."""

    def suggest(self, draft: Draft) -> tuple[Suggestion, ...]:
        """Return at most one suggestion a question; silence suggests nothing."""
        return self.read(_texts(draft))

    def read(self, texts: Iterable[tuple[Where, str]]) -> tuple[Suggestion, ...]:
        """Return what `texts` answer, each with the sentence it rests on."""
        sentences = [Sentence(piece, where) for where, text in texts for piece in split(text)]
        best: dict[str, Hint] = {}
        for hint in (hint for sentence in sentences for hint in quantities(sentence)):
            if hint.question not in best or hint.sure > best[hint.question].sure:
                best[hint.question] = hint
        return tuple(
            Suggestion(
                question=hint.question,
                answer=hint.answer,
                sentence=hint.sentence.text,
                where=hint.sentence.where,
                sure=hint.sure,
            )
            for hint in best.values()
        )

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what decides, 64 hexadecimal digits."""
        return hashlib.sha256(b"quantities").hexdigest()


def _texts(draft: Draft) -> Iterable[tuple[Where, str]]:
    yield "title", draft.title
    yield "description", draft.description
    yield "current prompt", draft.current.prompt or ""
    yield "retrieval", draft.current.retrieval or ""


@lru_cache(maxsize=1)
def load_reader() -> Reader:
    """Return the reader, loaded once."""
    return Reader()
