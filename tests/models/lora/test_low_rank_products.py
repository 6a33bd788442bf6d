from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

from advisor.models.lora.low_rank import Factors, LinearMap
from advisor.models.lora.low_rank_products import (
    Product,
    gate_product,
    norm_product,
    plain_product,
    rotate,
)
from advisor.models.lora.word_loss import WordLoss, word_loss

DRAW = torch.Generator().manual_seed(2)


def _random(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=DRAW)


def _product(
    outs: tuple[int, ...], inner: int, rank: int = 2, biased: bool = False
) -> tuple[Product, list[Tensor], list[Tensor | None]]:
    maps = tuple(LinearMap(f"map{number}", out, inner) for number, out in enumerate(outs))
    a = _random(len(outs) * rank, inner).requires_grad_()
    b = _random(sum(outs), rank).requires_grad_()
    weights = [_random(out, inner) for out in outs]
    biases = [_random(out) if biased else None for out in outs]
    return Product(weights, biases, Factors(maps, a, b, 0.5), lambda: None), weights, biases


def _written_out(
    x: Tensor, product: Product, weights: list[Tensor], biases: list[Tensor | None]
) -> Tensor:
    """W x + b + s B A x for each map, one beside the other."""
    factors = product.factors
    parts = []
    for (_, outer, inner), weight, bias in zip(factors.blocks, weights, biases, strict=True):
        update = functional.linear(functional.linear(x, factors.a[inner]), factors.b[outer])
        parts.append(functional.linear(x, weight, bias) + update * factors.scale)
    return torch.cat(parts, 1)


def _same_with_gradients(ours: Any, plain: Any, given: list[Tensor]) -> None:
    torch.testing.assert_close(ours, plain)
    weigh = _random(*plain.shape)
    first = torch.autograd.grad((ours * weigh).sum(), given)
    second = torch.autograd.grad((plain * weigh).sum(), given)
    for one, other in zip(first, second, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)


def test_a_product_behind_a_norm() -> None:
    product, weights, biases = _product((4, 3), 5, biased=True)
    x, weight = _random(6, 5).requires_grad_(), _random(5)
    normed = functional.rms_norm(x, (5,), weight, 1e-5)
    _same_with_gradients(
        norm_product(x, weight, 1e-5, product, *product.leaves),
        _written_out(normed, product, weights, biases),
        [x, *product.leaves],
    )


def test_a_product_behind_a_norm_of_what_never_changes() -> None:
    product, weights, biases = _product((4, 3), 5)
    x, weight = _random(6, 5), _random(5)
    _same_with_gradients(
        norm_product(x, weight, 1e-5, product, *product.leaves),
        _written_out(functional.rms_norm(x, (5,), weight, 1e-5), product, weights, biases),
        list(product.leaves),
    )


def test_a_product_behind_a_gate() -> None:
    product, weights, biases = _product((4,), 5)
    both, residual = _random(6, 10).requires_grad_(), _random(6, 4).requires_grad_()
    inner = functional.silu(both[:, :5]) * both[:, 5:]
    _same_with_gradients(
        gate_product(both, residual, product, *product.leaves),
        residual + _written_out(inner, product, weights, biases),
        [both, residual, *product.leaves],
    )


def test_a_plain_product_with_and_without_factors() -> None:
    product, weights, biases = _product((4,), 5)
    x, residual = _random(6, 5).requires_grad_(), _random(6, 4).requires_grad_()
    _same_with_gradients(
        plain_product(x, residual, product, *product.leaves),
        residual + _written_out(x, product, weights, biases),
        [x, residual, *product.leaves],
    )
    frozen = Product(weights, biases, None, lambda: None)
    _same_with_gradients(
        plain_product(x, residual, frozen, *frozen.leaves),
        residual + functional.linear(x, weights[0]),
        [x, residual],
    )


def test_positions_turn_as_in_transformers() -> None:
    x = _random(6, 3, 8).requires_grad_()
    angle = _random(6, 4).repeat(1, 2)
    plain, _ = apply_rotary_pos_emb(x[None], x[None], angle.cos()[None], angle.sin()[None], 2)
    ours = rotate(x, angle.cos()[:, None], angle.sin()[:, None])
    _same_with_gradients(ours, plain[0], [x])


def test_the_loss_is_cross_entropy_however_few_scores_exist_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x, words = _random(7, 5).requires_grad_(), _random(11, 5)
    labels = torch.randint(11, (7,), generator=DRAW)
    plain = functional.cross_entropy(x @ words.T, labels, reduction="sum")
    (expected,) = torch.autograd.grad(plain * 3, [x])
    for scores in (WordLoss.SCORES, 22, 1):
        monkeypatch.setattr(WordLoss, "SCORES", scores)
        ours = word_loss(x, words, labels)
        (found,) = torch.autograd.grad(ours * 3, [x])
        torch.testing.assert_close(ours, plain)
        torch.testing.assert_close(found, expected)
