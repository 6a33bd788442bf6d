"""Linear maps with low-rank updates, each one matrix product forward and one backward.

The frozen weights W stand beside the scaled factors s B in one matrix, and the input x beside x A':
``y = [x, x A'] [W, s B]'``. So the update costs no pass of its own over the output, and the
gradient of `x A'` comes out of the same product as the one of `x`. A step changes the columns s B.

What stands before a product (norm, gate) writes its result where the product reads it, and saves no
more than it must.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd import Function

from advisor.models.lora.low_rank import Factors

silu = torch.ops.aten.silu
silu_backward = torch.ops.aten.silu_backward


class ProductGradients(NamedTuple):
    """What a product passes back; no gradient of the input where nobody wants one."""

    x: Tensor | None
    a: Tensor | None
    b: Tensor | None


class Product:
    """Maps that read the same input, one above the other, with room for their updates."""

    def __init__(
        self,
        weights: Sequence[Tensor],
        biases: Sequence[Tensor | None],
        factors: Factors | None,
        pulse: Callable[[], None],
    ) -> None:
        """Take the weights, each (out, in); they are copied where that saves work later.

        Args:
            weights: one for each map.
            biases: as many.
            factors: the updates of all of them, if they are adapted.
            pulse: called before every product; it may raise to break off.
        """
        self.inner = weights[0].shape[1]
        self.factors = factors
        self._pulse = pulse
        self._bias = _joined_biases(weights, biases)
        if factors is None:
            self.matrix = weights[0] if len(weights) == 1 else torch.cat(list(weights))
            self.leaves: tuple[Tensor | None, Tensor | None] = (None, None)
            return
        rows = sum(len(weight) for weight in weights)
        self.matrix = weights[0].new_zeros(rows, self.inner + len(factors.a))
        torch.cat(list(weights), out=self.matrix[:, : self.inner])
        self.leaves = (factors.a, factors.b)
        self.refresh()

    @torch.no_grad()
    def refresh(self) -> None:
        """Take the factors as they are now."""
        if self.factors is None:
            return
        self._a = self.factors.a.detach().to(self.matrix.dtype)
        low = self.matrix[:, self.inner :]
        for _, outer, inner in self.factors.blocks:
            low[outer, inner] = self.factors.b[outer] * self.factors.scale

    def room(self, like: Tensor) -> Tensor:
        """Return a matrix for `forward`: the input goes into the first `inner` columns."""
        return like.new_empty(len(like), self.matrix.shape[1])

    def forward(self, wide: Tensor, plus: Tensor | None = None) -> Tensor:
        """Fill the other columns of `wide` and multiply, (T, sum of out); add `plus`."""
        self._pulse()
        if self.factors is not None:
            wide[:, self.inner :] = wide[:, : self.inner] @ self._a.T
        out = wide @ self.matrix.T if plus is None else torch.addmm(plus, wide, self.matrix.T)
        return out if self._bias is None else out.add_(self._bias)

    def backward(self, grad: Tensor, wide: Tensor, wanted: bool = True) -> ProductGradients:
        """Return what flows back from `grad`, (T, sum of out)."""
        self._pulse()
        factors = self.factors
        if factors is None:
            return ProductGradients(grad @ self.matrix if wanted else None, None, None)
        both = grad @ (self.matrix if wanted else self.matrix[:, self.inner :])
        low = both[:, -len(factors.a) :]
        of_b = torch.empty_like(factors.b)
        for _, outer, inner in factors.blocks:
            of_b[outer] = grad[:, outer].T @ wide[:, self.inner :][:, inner]
        of_a = (low.T @ wide[:, : self.inner]).to(factors.a.dtype)
        of_x = both[:, : self.inner].addmm_(low, self._a) if wanted else None
        return ProductGradients(of_x, of_a, of_b.mul_(factors.scale))


def _joined_biases(weights: Sequence[Tensor], biases: Sequence[Tensor | None]) -> Tensor | None:
    if all(one is None for one in biases):
        return None
    pairs = zip(weights, biases, strict=True)
    return torch.cat([w.new_zeros(len(w)) if bias is None else bias for w, bias in pairs])


class NormProduct(Function):
    """A product of ``weight * x / sqrt(mean(x^2) + eps)`` (RMSNorm)."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, weight: Tensor, eps: float, product: Product, *leaves: Tensor | None
    ) -> Tensor:
        """Return (T, sum of out) for `x`, (T, in)."""
        wide = product.room(x)
        exact = torch.promote_types(x.dtype, torch.float32)
        square = torch.linalg.vector_norm(x, dim=1, keepdim=True, dtype=exact).square_()
        scale = square.div_(product.inner).add_(eps).rsqrt_()
        torch.mul(x, scale, out=wide[:, : product.inner]).mul_(weight)
        ctx.save_for_backward(x, weight, scale, wide)
        ctx.product = product
        return product.forward(wide)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Any:
        """With s the scale and g the gradient: ``s (w g - x s^2 mean(w g x))``."""
        x, weight, scale, wide = ctx.saved_tensors
        back = ctx.product.backward(grad, wide, ctx.needs_input_grad[0])
        of_x = back.x
        if of_x is not None:
            of_x.mul_(weight)
            along = (of_x * x).sum(1, keepdim=True, dtype=scale.dtype)
            along.mul_(scale.square()).div_(-ctx.product.inner)
            of_x = torch.addcmul(of_x, x, along.to(x.dtype)).mul_(scale)
        return of_x, None, None, None, back.a, back.b


class GateProduct(Function):
    """A product of ``silu(gate) * up`` (SwiGLU), added to the residual."""

    @staticmethod
    def forward(
        ctx: Any, both: Tensor, residual: Tensor, product: Product, *leaves: Tensor | None
    ) -> Tensor:
        """Return (T, out) for `both`, (T, 2 in): gate, then up."""
        wide = product.room(both)
        gate, up = both.chunk(2, 1)
        silu.out(gate, out=wide[:, : product.inner]).mul_(up)
        ctx.save_for_backward(both, wide)
        ctx.product = product
        return product.forward(wide, residual)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Any:
        """Write the gradients of gate and up side by side, as the product before wants them."""
        both, wide = ctx.saved_tensors
        back = ctx.product.backward(grad, wide)
        gate, up = both.chunk(2, 1)
        out = torch.empty_like(both)
        of_gate, of_up = out.chunk(2, 1)
        silu.out(gate, out=of_up).mul_(back.x)
        silu_backward.grad_input(back.x.mul_(up), gate, grad_input=of_gate)
        return out, grad, None, back.a, back.b


class PlainProduct(Function):
    """A product of what comes, added to the residual."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, residual: Tensor, product: Product, *leaves: Tensor | None
    ) -> Tensor:
        """Return (T, out) for `x`, (T, in)."""
        wide = x
        if product.factors is not None:
            wide = product.room(x)
            wide[:, : product.inner] = x
        ctx.save_for_backward(wide)
        ctx.product = product
        return product.forward(wide, residual)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Any:
        """Pass the gradient on, to the residual too."""
        back = ctx.product.backward(grad, *ctx.saved_tensors, ctx.needs_input_grad[0])
        return back.x, grad, None, back.a, back.b


class Rotate(Function):
    """Rotary positions: each pair of numbers, half a head apart, is turned (arXiv:2104.09864)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Turn `x`, (T, heads, D), by the angles, (T, 1, D)."""
        ctx.save_for_backward(cos, sin)
        return _turned(x, cos, sin, 1)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Any:
        """Turn back."""
        cos, sin = ctx.saved_tensors
        return _turned(grad, cos, sin, -1), None, None


def _turned(x: Tensor, cos: Tensor, sin: Tensor, way: int) -> Tensor:
    out = x * cos
    half = x.shape[-1] // 2
    out[..., :half].addcmul_(x[..., half:], sin[..., :half], value=-way)
    out[..., half:].addcmul_(x[..., :half], sin[..., half:], value=way)
    return out


Applied = Callable[..., Tensor]
norm_product: Applied = NormProduct.apply
gate_product: Applied = GateProduct.apply
plain_product: Applied = PlainProduct.apply
rotate: Applied = Rotate.apply
