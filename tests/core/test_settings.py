"""Settings come from the environment, have defaults, and hide what is secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.core.settings import Settings, settings
from advisor.errors import InputError

URL = "postgresql://ann:hunter2@host/name"


def test_without_any_setting_there_is_a_folder_of_this_user(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ADVISOR_HOME", raising=False)
    monkeypatch.delenv("ADVISOR_DATABASE_URL", raising=False)
    found = settings()
    assert found.home.is_absolute() and found.home.name == "advisor"
    assert found.database == f"sqlite:///{found.home}/advisor.sqlite3"


def test_a_folder_can_be_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings().home == home
    assert not home.exists()  # reading settings writes nothing
    monkeypatch.setenv("ADVISOR_HOME", "~/somewhere")
    assert settings().home == Path.home() / "somewhere"
    monkeypatch.setenv("ADVISOR_HOME", "relative")
    assert settings().home == Path.cwd() / "relative"


def test_an_empty_variable_counts_as_missing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_DATABASE_URL", "")
    assert settings().database == f"sqlite:///{home}/advisor.sqlite3"


def test_a_database_elsewhere_never_shows_its_password(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_DATABASE_URL", URL)
    found = settings()
    assert found.database == URL
    for shown in (repr(found), str(found), str(found.model_dump()), found.model_dump_json()):
        assert "hunter2" not in shown


def test_a_home_that_cannot_be_read_is_a_plain_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_HOME", "~nobody-of-that-name/x")
    with pytest.raises(InputError, match="ADVISOR_HOME"):
        settings()


def test_settings_do_not_change(home: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().home = Path("/")  # type: ignore[misc]
