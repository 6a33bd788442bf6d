"""What the environment says: where data is kept, and which database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from advisor.errors import InputError, Problem


def _default_home() -> Path:
    return platformdirs.user_data_path("advisor", appauthor=False)


def _absolute(path: Path) -> Path:
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        raise ValueError("names a user that does not exist") from None


Folder = Annotated[Path, AfterValidator(_absolute)]


class Settings(BaseSettings):
    """Settings, each read from the variable with its name behind `ADVISOR_`; all may be missing."""

    model_config = SettingsConfigDict(
        env_prefix="ADVISOR_", env_ignore_empty=True, frozen=True, hide_input_in_errors=True
    )

    home: Folder = Field(default_factory=_default_home)
    """The folder that holds everything the advisor writes."""
    database_url: SecretStr | None = None
    """A database elsewhere; it may hold a password, so it never shows in a log."""

    @property
    def database(self) -> str:
        """The URL to open: the one given, or a SQLite file in `home`. Keep it out of messages."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.home / 'advisor.sqlite3'}"


def settings() -> Settings:
    """Read the settings from the environment as it is now.

    Raises:
        InputError: one problem for each variable that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise InputError(
            Problem(
                "ADVISOR_" + "_".join(str(part) for part in item["loc"]).upper(),
                item["msg"].removeprefix("Value error, ").rstrip("."),
                "Change it or leave it out",
            )
            for item in error.errors(include_url=False, include_context=False, include_input=False)
        ) from None
