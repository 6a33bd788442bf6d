"""From prompts that are read to answers, token by token, a whole batch at once."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from advisor.models.generation.batching import Batch
from advisor.models.generation.constraints import FormGuide, FormState


@dataclass(frozen=True)
class WritingRules:
    """How answers are written."""

    tokenizer: Any
    ends: frozenset[int]
    """Tokens that end it."""
    before: tuple[str, ...] = ()
    """Texts before which it ends."""
    guide: FormGuide | None = None
    """Holds answers to a form."""

    def is_end(self, tokens: Sequence[int]) -> bool:
        """Tell whether an answer ends with its last token."""
        if tokens[-1] in self.ends or not self.before:
            return tokens[-1] in self.ends
        last = self.tokenizer.decode(tokens[-max(len(text.encode()) for text in self.before) - 4 :])
        return any(text in last for text in self.before)

    def text(self, tokens: Sequence[int]) -> str:
        """Return an answer as text, without what ends it."""
        text = str(self.tokenizer.decode(tokens, skip_special_tokens=True))
        return text[: min((place for one in self.before if (place := text.find(one)) >= 0),
                          default=None)]  # fmt: skip


@dataclass
class OpenAnswer:
    """One answer that is being written."""

    places: tuple[int, ...]
    """The prompts that it answers."""
    most: int
    """Tokens that it may take."""
    temperature: float
    """0 takes the likeliest token, more draws one."""
    draw: random.Random
    tokens: list[int]
    course: FormState | None
    over: bool = False
    cut: bool = False
    seconds: float = 0.0

    def take(self, token: int, manner: WritingRules) -> list[int]:
        """Add a token, and what must follow it; return what was added."""
        new = [token] if self.course is None else self.course.take(token)
        self.tokens += new
        whole = self.course is not None and self.course.whole
        self.over = whole or manner.is_end(self.tokens)
        if not self.over and len(self.tokens) >= self.most:
            self.over = self.cut = True
            if self.course is not None:
                self.tokens += self.course.close()
        self.cut |= self.course is not None and self.course.lost
        return new


def finish(
    batch: Batch, lines: Sequence[OpenAnswer], manner: WritingRules, begun: float
) -> Iterator[OpenAnswer]:
    """Write the answers to a batch; yield each as it is finished.

    Args:
        batch: prompts that are read.
        lines: one answer a row.
        manner: how to write.
        begun: when reading the batch began; its time is shared by the rows.
    """
    logits, rows, live = batch.logits, batch.rows, list(lines)
    while live:
        new = [line.take(token, manner) for line, token in _picked(logits, live, manner)]
        going = [place for place, line in enumerate(live) if not line.over]
        if going and len(going) < len(live):
            rows.keep(going)
        if going:
            logits = rows.feed([new[place] for place in going])
        passed = (time.perf_counter() - begun) / len(live)
        for line in live:
            line.seconds += passed
        yield from (line for line in live if line.over)
        begun, live = time.perf_counter(), [live[place] for place in going]


def _picked(
    logits: Tensor, lines: Sequence[OpenAnswer], manner: WritingRules
) -> Iterator[tuple[OpenAnswer, int]]:
    if manner.guide is not None:
        courses = [line.course for line in lines if line.course is not None]
        logits = manner.guide.allow(logits, courses)
    tokens = logits.argmax(-1)
    warm = [row for row, line in enumerate(lines) if line.temperature]
    if warm:
        tokens[warm] = _drawn(logits[warm].float(), [lines[row] for row in warm])
    return zip(lines, tokens.tolist(), strict=True)


def _drawn(logits: Tensor, lines: Sequence[OpenAnswer]) -> Tensor:
    """Draw one token a row, each row by a number of its own, so that neighbours do not count."""
    heat = torch.tensor([[line.temperature] for line in lines], device=logits.device)
    sums = torch.softmax(logits / heat, -1).double().cumsum(-1)
    points = torch.tensor([[line.draw.random()] for line in lines], device=logits.device)
    return torch.searchsorted(sums, points.double() * sums[:, -1:], right=True).squeeze(1)
