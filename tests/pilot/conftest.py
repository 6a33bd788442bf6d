"""Base models that the tests of a pilot share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
from tiny import tiny_base

from advisor.models.base import LoadedModel, load_base
from advisor.models.base_default import default_base


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    """Two layers with random weights, 32 bits; do not change it."""
    return tiny_base(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def smol_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default base model, converted once for all test processes."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ADVISOR_HOME", str(shared / "base-model"))
        return default_base()[0]


@pytest.fixture(scope="session")
def smol(smol_folder: Path) -> LoadedModel:
    """The default base model, 32 bits; do not change it."""
    return load_base(str(smol_folder), torch.float32)
