"""The form that an answer is held to while it is written: a schema, a list, an expression."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self, cast

import numpy as np
import torch
from llguidance import LLExecutor, LLMatcher, LLTokenizer
from llguidance.hf import from_tokenizer
from torch import Tensor

from advisor.errors import InputError, Problem
from advisor.models.base import LoadedModel

_STYLE = {"item_separator": ", ", "key_separator": ": ", "whitespace_flexible": False}
"""As `json.dumps` writes it, so that most of what lies between the values is forced."""
_CLOSERS = ('"', "}", "]")
"""What ends a JSON value soonest, in this order, where an answer has reached its limit."""
_CLOSING = 1_000
"""Tokens at most that an answer may need to be closed."""


@dataclass(frozen=True)
class AnswerForm:
    """What every answer must look like."""

    grammar: str
    """As llguidance takes it."""

    @classmethod
    def labels(cls, labels: Sequence[str]) -> Self:
        """Let an answer be one of these texts.

        Raises:
            InputError: there is none, or one is empty.
        """
        if not labels or not all(labels):
            raise InputError(Problem("labels", "is empty, or holds an empty label", "Name them"))
        choices = " | ".join(_quoted(label) for label in dict.fromkeys(labels))
        return cls._checked("labels", LLMatcher.grammar_from_lark(f"start: {choices}"))

    @classmethod
    def schema(cls, schema: dict[str, Any]) -> Self:
        """Let an answer be JSON that the schema allows.

        Raises:
            InputError: nothing fits the schema, or it uses what no decoder can hold to.
        """
        make: Callable[..., str] = LLMatcher.grammar_from_json_schema
        try:
            grammar = make(json.dumps(schema), overrides=_STYLE)
        except (ValueError, TypeError) as error:
            raise _refused("schema", str(error)) from None
        return cls._checked("schema", grammar)

    @classmethod
    def regex(cls, pattern: str) -> Self:
        """Let an answer be a text that the expression matches from end to end.

        Raises:
            InputError: it is no regular expression, or nothing matches it.
        """
        return cls._checked("regex", LLMatcher.grammar_from_regex(pattern))

    @classmethod
    def _checked(cls, where: str, grammar: str) -> Self:
        wrong, said = LLMatcher.validate_grammar_with_warnings(grammar)
        if wrong:
            raise _refused(where, said[0])
        return cls(grammar)


def _quoted(label: str) -> str:
    return json.dumps(label, ensure_ascii=False).replace("\x7f", "\\u007f")


def _refused(where: str, said: str) -> InputError:
    what = " ".join(said.split())[:300].rstrip(".") or "cannot be used"
    return InputError(Problem(where, f"cannot be held to: {what}", "Change it, or leave it out"))


class FormGuide:
    """Holds the answers of one model to one form."""

    def __init__(self, base: LoadedModel, form: AnswerForm) -> None:
        """Prepare; the tokenizer is read once a model (a second or two).

        Raises:
            InputError: no text fits the form.
        """
        words = _words(base)
        self._first = FormState(LLMatcher(words, form.grammar, log_level=0), words)
        self._run = LLExecutor()
        self._first.matcher.compute_bitmask()  # what leads nowhere shows only here
        self.opening = tuple(self._first.forced())
        """Tokens that every answer begins with."""
        if self._first.lost:
            raise _refused("form", "no text fits it, or it is too complex")

    def start(self) -> FormState:
        """Return the course of one answer, behind what it must begin with."""
        return FormState(self._first.matcher.deep_copy(), self._first.words)

    def allow(self, logits: Tensor, courses: Sequence[FormState]) -> Tensor:
        """Return the logits, (B, words), with what the form forbids set to minus infinity."""
        many, words = logits.shape
        bits = torch.zeros(many, (words + 31) // 32, dtype=torch.int32)
        jobs = [(course.matcher, row) for row, course in enumerate(courses)]
        self._run.unsafe_compute_mask_ptr(jobs, bits.data_ptr(), bits.shape[1] * 4, many)
        apart = bits[:, :, None] >> torch.arange(32, dtype=torch.int32) & 1
        allowed = apart.flatten(1)[:, :words].bool().to(logits.device)
        return logits.masked_fill(~allowed, -torch.inf)


@dataclass(frozen=True)
class FormState:
    """Where one answer stands within its form."""

    matcher: LLMatcher
    words: LLTokenizer

    def take(self, token: int) -> list[int]:
        """Go on with a token; return it with all that must follow."""
        self.matcher.consume_token(token)
        return [token, *self.forced()]

    def forced(self) -> list[int]:
        """Go on with the tokens that must come next, and return them."""
        tokens = self.matcher.compute_ff_tokens()
        self.matcher.consume_tokens(tokens)
        return tokens

    @property
    def whole(self) -> bool:
        """Whether nothing can follow."""
        return self.matcher.is_stopped()

    @property
    def lost(self) -> bool:
        """Whether the form became too complex to be followed."""
        return self.matcher.is_error()

    def close(self) -> list[int]:
        """Return the tokens that end the answer soonest, without asking the model."""
        out: list[int] = []
        draw = random.Random(0)  # always the same choice may lead round in a circle
        while not (self.matcher.is_accepting() or self.whole or len(out) > _CLOSING):
            out += self.take(self._closer(draw))
        return out

    def _closer(self, draw: random.Random) -> int:
        bits = np.frombuffer(self.matcher.compute_bitmask(), np.uint8)
        allowed = np.flatnonzero(np.unpackbits(bits, bitorder="little"))
        soonest = (self.words.tokenize_str(text)[0] for text in _CLOSERS)
        found = next((token for token in soonest if token in allowed), None)
        return int(draw.choice(allowed)) if found is None else found


_read: dict[str, LLTokenizer] = {}


def _words(base: LoadedModel) -> LLTokenizer:
    if base.identity not in _read:
        config: Any = base.model.config.get_text_config()
        stops = sorted(endings(base))
        _read.clear()  # one model is asked at a time
        _read[base.identity] = from_tokenizer(
            cast(Any, base.tokenizer), n_vocab=config.vocab_size, eos_token=stops
        )
    return _read[base.identity]


def endings(base: LoadedModel) -> frozenset[int]:
    """Return the tokens that end an answer."""
    stated = getattr(base.model.generation_config, "eos_token_id", None)
    many = stated if isinstance(stated, list) else [stated]
    return frozenset(int(one) for one in (*many, base.tokenizer.eos_token_id) if one is not None)
