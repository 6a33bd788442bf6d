"""One small base model for all arms."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_model import tiny_folder


@pytest.fixture(scope="session")
def tiny_name(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of the small base model, as a specification names it."""
    return str(tiny_folder(tmp_path_factory.mktemp("arms")))


@pytest.fixture(autouse=True)
def no_home(home: Path) -> None:
    """No arm reads the settings of this machine."""
