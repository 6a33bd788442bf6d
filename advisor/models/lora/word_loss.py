"""The loss of the words that come next, without the scores of all words in memory at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function


class WordLoss(Function):
    """Cross-entropy summed over tokens; the scores of all words exist for a few tokens at a time.

    The gradient is made on the way, as in Liger's fused loss (arXiv:2410.10989).
    """

    SCORES = 2**24
    """Numbers that exist at a time: 64 MB."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, words: Tensor, labels: Tensor) -> Tensor:
        """Return one number for `x`, (n, in), `words`, (V, in), and `labels`, (n,)."""
        back = torch.empty_like(x) if ctx.needs_input_grad[0] else None
        step = max(WordLoss.SCORES // len(words), 1)
        total = torch.zeros((), device=x.device)
        for at in range(0, len(x), step):
            these = slice(at, at + step)
            scores = torch.log_softmax((x[these] @ words.T).float(), 1)
            column = labels[these, None]
            total -= scores.gather(1, column).sum()
            if back is not None:
                chances = scores.exp_()
                chances.scatter_add_(1, column, torch.full_like(column, -1, dtype=chances.dtype))
                back[these] = chances.to(x.dtype) @ words
        if back is not None:
            ctx.save_for_backward(back)
        return total

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Any:
        """Scale what was made."""
        (back,) = ctx.saved_tensors
        return back * grad.to(back.dtype), None, None


word_loss: Callable[..., Tensor] = WordLoss.apply
