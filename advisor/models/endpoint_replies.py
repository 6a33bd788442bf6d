"""What a chat service sends back: an answer, or a status that means something."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, Field, ValidationError


@dataclass(frozen=True)
class StatusMeaning:
    """What a status means."""

    statuses: range
    what: str
    mend: str
    again: bool = False
    """Worth another try."""
    final: bool = False
    """Every other question would fare the same."""


_REFUSALS = (
    StatusMeaning(range(300, 400), "sends to another address, which is not followed",
            "Set ADVISOR_ENDPOINT_URL to the final address", final=True),
    StatusMeaning(range(401, 402), "does not accept the key", "Check ADVISOR_ENDPOINT_KEY",
            final=True),
    StatusMeaning(range(402, 403), "wants to be paid first", "Check the account there", final=True),
    StatusMeaning(range(403, 404), "does not allow this", "Check ADVISOR_ENDPOINT_KEY", final=True),
    StatusMeaning(range(404, 406), "knows no such address or model",
            "Check ADVISOR_ENDPOINT_URL (most end in /v1) and ADVISOR_ENDPOINT_MODEL", final=True),
    StatusMeaning(range(408, 409), "was too slow", "Try again later", again=True),
    StatusMeaning(range(429, 430), "gets too many questions", "Try again later",
            again=True, final=True),
    StatusMeaning(range(400, 500), "refused the question", "Leave this one out"),
    StatusMeaning(range(500, 600), "has a fault of its own", "Try again later", again=True),
)  # fmt: skip
ODD = StatusMeaning(range(0), "gave an answer that is none", "Check ADVISOR_ENDPOINT_URL")


class _Said(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Said
    finish_reason: str | None = None


class TokenUsage(BaseModel):
    """Tokens that the service counted."""

    prompt_tokens: int | None = Field(default=None, ge=0, le=1e9)
    completion_tokens: int | None = Field(default=None, ge=0, le=1e9)


class ServiceReply(BaseModel):
    """An answer, as far as it is read."""

    choices: list[_Choice] = Field(min_length=1)
    usage: TokenUsage | None = None


class _Detail(BaseModel):
    message: str


class _RefusedRequest(BaseModel):
    error: _Detail


def meaning_of(status: int) -> StatusMeaning:
    """Return what a status other than 200 means."""
    return next((meant for meant in _REFUSALS if status in meant.statuses), ODD)


def said_in_refusal(raw: bytes) -> str:
    """Return what the service says about a refusal; nothing where it says it in no known way."""
    try:
        return _RefusedRequest.model_validate_json(raw).error.message
    except ValidationError:
        return ""
