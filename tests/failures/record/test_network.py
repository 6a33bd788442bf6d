from __future__ import annotations

import pytest
import torch
from safetensors.torch import load_file

from advisor.failures.features.case import FailureCase
from advisor.failures.features.registry import MODES
from advisor.failures.record.network import RecordNetwork, merged, untrained
from advisor.failures.record.tokens import KINDS, RecordTokens, rows_of
from advisor.models.bert import WIDTH
from advisor.models.encoder import default_folder
from advisor.proposal import Failure

FAILURES = [
    Failure(output="Paris", expected="Lyon"),
    Failure(note="too slow"),
    Failure(input="Add 3 and 4.", output="The sum of these two numbers is 8.", expected="7"),
]


@pytest.fixture(scope="module")
def weights() -> dict[str, torch.Tensor]:
    return load_file(default_folder() / "model.safetensors")


@pytest.fixture(scope="module")
def rows() -> list[RecordTokens]:
    return rows_of([FailureCase.of(one) for one in FAILURES])


@pytest.fixture(scope="module")
def network(weights: dict[str, torch.Tensor]) -> RecordNetwork:
    return RecordNetwork(weights, untrained(weights, len(MODES), 3), torch.float32)


def test_untrained_changes_change_nothing(weights: dict[str, torch.Tensor]) -> None:
    after = merged(weights, untrained(weights, len(MODES), 3))
    assert all(torch.equal(after[name], weights[name]) for name in weights)


def test_a_reading_does_not_depend_on_what_is_read_beside_it(
    network: RecordNetwork, rows: list[RecordTokens]
) -> None:
    together = network.means(rows)
    alone = torch.cat([network.means([row]) for row in rows])
    assert together.shape == (len(rows), KINDS, WIDTH)
    assert torch.allclose(together, alone, atol=1e-5)


def test_the_mean_of_a_missing_part_is_zero(
    network: RecordNetwork, rows: list[RecordTokens]
) -> None:
    means = network.means(rows)
    note_alone = means[1].abs().sum(1) > 0
    assert note_alone.tolist() == [True, False, False, False, False, True]


def test_every_change_is_learnt_from(
    weights: dict[str, torch.Tensor], rows: list[RecordTokens]
) -> None:
    changes = untrained(weights, len(MODES), 3)
    for name, values in changes.items():
        changes[name] = torch.nn.Parameter(values + 0.01)
    network = RecordNetwork(weights, changes, torch.float32)
    network.scores(network.means(rows)).logsumexp(1).sum().backward()  # type: ignore[no-untyped-call]
    still = [name for name, values in changes.items() if values.grad is None]
    assert not still
