"""What the environment says: where data is kept, which database, which language model."""

from __future__ import annotations

import ipaddress
import os
from email.errors import HeaderParseError
from email.headerregistry import Address
from functools import lru_cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from advisor.errors import InputError, Problem


def _default_home() -> Path:
    return platformdirs.user_data_path("advisor", appauthor=False)


def _absolute(path: Path) -> Path:
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        raise ValueError("names a user that does not exist") from None


def own_machine(host: str) -> bool:
    """Tell whether a name or an address leads to this machine and nowhere else."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(url: str) -> str:
    parts = urlsplit(url.strip())  # what is no address at all raises a ValueError here
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("is not an address such as https://models.example.org/v1")
    if parts.scheme == "http" and not own_machine(host):
        raise ValueError("must begin with https:// unless it runs on this machine")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("must hold no password, ? or #; secrets have variables of their own")
    if parts.port == 0:  # asking for a port that is none raises a ValueError
        raise ValueError("names no port")
    return parts._replace(path=parts.path.rstrip("/")).geturl()


def _endpoint(url: str) -> str:
    return _address(url).removesuffix("/chat/completions").rstrip("/")


def _webhook(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value().strip())
    _address(parts._replace(query="").geturl())  # some services carry their secret there
    return SecretStr(parts.geturl())


def _smtp(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value().strip())
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.port == 0:
        raise ValueError("is not an address such as smtps://user:password@mail.example.org:465")
    if parts.query or parts.fragment or parts.path.strip("/"):
        raise ValueError("must end with the port; write ? # and / in a password as %3F %23 %2F")
    return SecretStr(parts.geturl())


def _mail_address(text: str) -> str:
    try:
        Address(addr_spec=text.strip())
    except (HeaderParseError, ValueError, IndexError):
        raise ValueError("is no address such as advisor@example.org") from None
    return text.strip()


def _sendable(key: SecretStr) -> SecretStr:
    text = key.get_secret_value().strip()
    if not (text.isascii() and text.isprintable()):
        raise ValueError("holds letters that no key has")
    return SecretStr(text)


Folder = Annotated[Path, AfterValidator(_absolute)]
PublicUrl = Annotated[str, AfterValidator(_address)]
EndpointUrl = Annotated[str, AfterValidator(_endpoint)]
Price = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Settings(BaseSettings):
    """Settings, each read from the variable with its name behind `ADVISOR_`; all may be missing."""

    model_config = SettingsConfigDict(
        env_prefix="ADVISOR_", env_ignore_empty=True, frozen=True, hide_input_in_errors=True
    )

    home: Folder = Field(default_factory=_default_home)
    """The folder that holds everything the advisor writes."""
    database_url: SecretStr | None = None
    """A database elsewhere; it may hold a password, so it never shows in a log."""
    endpoint_url: EndpointUrl | None = None
    """An OpenAI-compatible service, up to `/v1`: https, or a server on this machine."""
    endpoint_model: str | None = Field(default=None, max_length=200)
    """The model to ask there, as the service names it."""
    endpoint_larger_model: str | None = Field(default=None, max_length=200)
    """A larger model of the same service, which probes ask too."""
    endpoint_key: Annotated[SecretStr, AfterValidator(_sendable)] | None = None
    """The key for the service; it never shows."""
    endpoint_price_in: Price | None = None
    """Price of a million tokens sent, in any currency."""
    endpoint_price_out: Price | None = None
    """Price of a million tokens answered, in the same currency."""
    base_model: str | None = Field(default=None, max_length=4_096)
    """The model that pilots prompt and train: a folder, or an id in the local cache."""

    public_url: PublicUrl | None = None
    """Where people reach the advisor: links in messages and the way back from signing in."""
    sign_in_url: PublicUrl | None = None
    """The OpenID provider's description: https://…/.well-known/openid-configuration."""
    sign_in_client: str | None = Field(default=None, max_length=500)
    """What the provider calls the advisor."""
    sign_in_secret: SecretStr | None = None
    """What the advisor proves itself with to the provider; it never shows."""
    cookie_secret: Annotated[SecretStr, Field(min_length=32)] | None = None
    """At least 32 random characters that sign the cookie of who is signed in."""

    webhook_url: Annotated[SecretStr, AfterValidator(_webhook)] | None = None
    """Where news of reviews is posted, as Slack takes it; the address is the secret."""
    smtp_url: Annotated[SecretStr, AfterValidator(_smtp)] | None = None
    """The mail server: smtps://user:password@host:465, or smtp:// with STARTTLS."""
    mail_from: Annotated[str, AfterValidator(_mail_address)] = "advisor@localhost"
    """The address that mail comes from."""

    @model_validator(mode="after")
    def _sign_in_is_whole(self) -> Settings:
        parts = (self.sign_in_url, self.sign_in_client, self.sign_in_secret, self.cookie_secret)
        if any(parts) and not all((*parts, self.public_url)):
            raise ValueError(
                "sign-in needs ADVISOR_SIGN_IN_URL, ADVISOR_SIGN_IN_CLIENT, "
                "ADVISOR_SIGN_IN_SECRET, ADVISOR_COOKIE_SECRET and ADVISOR_PUBLIC_URL together"
            )
        return self

    @property
    def signs_in(self) -> bool:
        """Whether people sign in; without a provider everybody is the local user."""
        return self.sign_in_url is not None

    @property
    def auth(self) -> dict[str, str]:
        """What Streamlit wants to know of the provider; empty without one."""
        if self.sign_in_secret is None or self.cookie_secret is None:
            return {}
        return {
            "redirect_uri": f"{self.public_url}/oauth2callback",
            "cookie_secret": self.cookie_secret.get_secret_value(),
            "client_id": str(self.sign_in_client),
            "client_secret": self.sign_in_secret.get_secret_value(),
            "server_metadata_url": str(self.sign_in_url),
        }

    @property
    def database(self) -> str:
        """The URL to open: the one given, or a SQLite file in `home`. Keep it out of messages."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.file}"

    @property
    def file(self) -> Path:
        """The SQLite file in `home`, used where no other database is given."""
        return self.home / "advisor.sqlite3"


def settings() -> Settings:
    """Return the settings that the environment holds now; the same environment is read once.

    Raises:
        InputError: one problem for each variable that cannot be used.
    """
    return _settings(frozenset(os.environ.items()), _here())


def _here() -> str:
    """Return the folder at work, which a relative ADVISOR_HOME means; it may be gone."""
    try:
        return os.getcwd()
    except OSError:
        return ""


@lru_cache(maxsize=8)
def _settings(environment: frozenset[tuple[str, str]], here: str) -> Settings:
    """Read the settings; reading takes milliseconds, and a page asks twenty times."""
    try:
        return Settings()
    except ValidationError as error:
        raise InputError(
            Problem(
                "ADVISOR_" + ("_".join(str(part) for part in item["loc"]) or "sign_in_url").upper(),
                item["msg"].removeprefix("Value error, ").rstrip("."),
                "Change it or leave it out",
            )
            for item in error.errors(include_url=False, include_context=False, include_input=False)
        ) from None


UPLOAD_LIMIT_MB = 20
