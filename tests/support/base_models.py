"""Base models that the tests of a pilot share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from advisor.models.base import LoadedModel


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    """Two layers with random weights, 32 bits; do not change it."""
    from tiny_model import tiny_base

    return tiny_base(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def smol_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default base model, converted once for all test processes."""
    from advisor.models.base_default import default_base

    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ADVISOR_HOME", str(shared / "base-model"))
        return default_base()[0]


@pytest.fixture(scope="session")
def smol(smol_folder: Path) -> LoadedModel:
    """The default base model, 32 bits; do not change it."""
    import torch

    from advisor.models.base import load_base

    return load_base(str(smol_folder), torch.float32)
