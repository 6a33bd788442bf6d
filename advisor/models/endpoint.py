"""Any OpenAI-compatible chat service: questions out, texts and token counts back.

Which service, and with which key, comes from the settings alone. Nothing else of the environment
counts: no proxy, no `.netrc`; redirects are not followed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from pydantic import SecretStr

from advisor.core.settings import settings
from advisor.errors import InputError, ModelError, Problem

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Limits:
    """How long to wait, how often to try again, and how much to take."""

    seconds: float = 60.0
    """The longest a question may take, each time it is tried."""
    tries: int = 4
    wait: float = 0.5
    """Seconds before the second try; each further wait is twice as long."""
    longest_wait: float = 30.0
    """The longest the service may ask to be left alone."""
    answer_bytes: int = 1_000_000
    at_once: int = 4
    """Questions that are asked at the same time."""


@dataclass(frozen=True)
class Endpoint:
    """One model of one service."""

    url: str
    model: str
    key: SecretStr | None = None
    price_in: float | None = None
    """Price of a million tokens sent."""
    price_out: float | None = None
    """Price of a million tokens answered."""
    limits: Limits = field(default_factory=Limits)

    @property
    def host(self) -> str:
        """Where the texts go, for people: `models.example.org`."""
        return urlsplit(self.url).netloc

    def price(self, tokens_in: int, tokens_out: int) -> float | None:
        """Return what tokens cost, if both prices are known."""
        if self.price_in is None or self.price_out is None:
            return None
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1e6


class Message(NamedTuple):
    """One turn of a conversation."""

    role: str
    content: str


@dataclass(frozen=True)
class ChatQuestion:
    """What to ask, and in what form the answer is wanted."""

    messages: tuple[Message, ...]
    schema: dict[str, Any] | None = None
    """JSON schema of the answer; a service that takes none answers with plain text."""
    max_tokens: int = 512
    temperature: float = 0.0
    seed: int | None = 0


class ChatAnswer(NamedTuple):
    """What the model said. Token counts are missing when the service does not count."""

    text: str
    tokens_in: int | None
    tokens_out: int | None
    cut: bool
    """Whether it ends because the limit of tokens was reached."""
    seconds: float


class EndpointError(ModelError):
    """The service did not answer one question; `final` when it would answer no other either."""

    def __init__(self, problem: Problem, final: bool = False) -> None:
        """Say what is wrong, where, and how to mend it."""
        super().__init__(str(problem))
        self.final = final


Stop = Callable[[], bool]
"""Tells whether to stop."""


def never() -> bool:
    """Go on to the end."""
    return False


def configured() -> Endpoint | None:
    """Return the endpoint that the settings name, or None.

    Raises:
        InputError: only a part of what is needed is set.
    """
    given = settings()
    if given.endpoint_url is None and given.endpoint_model is None:
        return None
    if given.endpoint_url is None:
        mend = "Set it to the address of the service, such as https://models.example.org/v1"
        raise InputError(Problem("ADVISOR_ENDPOINT_URL", "is not set, the model is", mend))
    if given.endpoint_model is None:
        mend = "Set it to the name of the model there"
        raise InputError(Problem("ADVISOR_ENDPOINT_MODEL", "is not set, the address is", mend))
    return Endpoint(
        given.endpoint_url,
        given.endpoint_model,
        given.endpoint_key,
        given.endpoint_price_in,
        given.endpoint_price_out,
    )
