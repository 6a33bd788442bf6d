import pytest
import torch
from torch import Tensor

from advisor.models.lora.packed_attention import AttentionPlan, Heads, attend
from advisor.models.lora.packing import Pack, TrainingRow, packed, shared_prefix

HEADS = Heads(keys=2, group=3, width=4)


def _plain(query: Tensor, key: Tensor, value: Tensor, pack: Pack) -> Tensor:
    """Attention with a mask over all pairs of tokens, as the definition says."""
    size, shared = pack.size, len(pack.prefix)
    row = torch.full((size,), -1)
    for number, (start, length) in enumerate(zip(pack.starts, pack.lengths, strict=True)):
        row[start : start + length] = number
    order = torch.arange(size)
    sees = (order[:, None] >= order) & ((row[:, None] == row) | (order < shared))
    q = query.view(size, HEADS.queries, 4).transpose(0, 1)
    k, v = (one.view(size, HEADS.keys, 4).transpose(0, 1) for one in (key, value))
    k, v = (one.repeat_interleave(HEADS.group, 0) for one in (k, v))
    scores = (q @ k.mT / 2).masked_fill(~sees, -torch.inf)
    return (scores.softmax(-1) @ v).transpose(0, 1).reshape(size, -1)


@pytest.mark.parametrize("shared", [0, 1, 5])
@pytest.mark.parametrize("lengths", [(3,), (4, 4), (2, 5, 1)])
def test_it_is_attention_and_so_are_its_gradients(shared: int, lengths: tuple[int, ...]) -> None:
    rows = [TrainingRow((7,) * shared + (n, 1), (2,) * length) for n, length in enumerate(lengths)]
    (pack,) = packed(rows, range(len(rows)), shared_prefix(rows), 1_000)
    draw = torch.Generator().manual_seed(1)
    given = [
        torch.randn(pack.size, heads * 4, generator=draw, dtype=torch.float64, requires_grad=True)
        for heads in (HEADS.queries, HEADS.keys, HEADS.keys)
    ]
    weigh = torch.randn(pack.size, HEADS.queries * 4, generator=draw, dtype=torch.float64)
    ours = attend(*given, HEADS, AttentionPlan(pack, torch.device("cpu")))
    plain = _plain(*given, pack)
    torch.testing.assert_close(ours, plain, rtol=1e-6, atol=1e-6)
    for one, other in zip(
        torch.autograd.grad((ours * weigh).sum(), given),
        torch.autograd.grad((plain * weigh).sum(), given),
        strict=True,
    ):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-6)
