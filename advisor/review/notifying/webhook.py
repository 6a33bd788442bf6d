"""Posting to a webhook, as Slack and those who took over its format want it.

What people wrote goes into `plain_text`, in which nothing is markup; in the short text, which
phones show, the three letters that Slack's markup rests on are written out.
"""

from __future__ import annotations

import json
import logging
from typing import Any

import httpx2
from pydantic import SecretStr

from advisor.core.terminal import one_line
from advisor.review.notifying.message import OutgoingMessage, UndeliveredError

SECONDS = 10.0
"""The longest that the webhook may be silent."""
_HEADING, _SECTION = 150, 3_000
"""Characters that Slack takes in a heading and in a section."""
_LATER = frozenset({408, 425, 429})
logging.getLogger("httpx2").setLevel(logging.WARNING)  # it notes whole addresses, which are secret


def escaped(text: str) -> str:
    """Return text so that Slack shows it and obeys nothing in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def payload(message: OutgoingMessage) -> dict[str, Any]:
    """Return what is posted."""
    subject = one_line(message.subject)
    text = "\n".join(one_line(line) for line in message.lines)
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": _plain(subject, _HEADING)},
        {"type": "section", "text": _plain(text, _SECTION)},
    ]
    if message.link:
        link = {"type": "mrkdwn", "text": f"<{escaped(message.link)}|Open it>"}
        blocks.append({"type": "section", "text": link})
    return {
        "text": escaped(subject),
        "blocks": blocks,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _plain(text: str, limit: int) -> dict[str, Any]:
    shown = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return {"type": "plain_text", "text": shown or "–", "emoji": False}


def post(url: SecretStr, message: OutgoingMessage, seconds: float = SECONDS) -> None:
    """Post a message; nothing of the environment counts and redirects are not followed.

    Raises:
        UndeliveredError: it was not taken.
    """
    headers = {"Content-Type": "application/json", "Idempotency-Key": message.id}
    body = json.dumps(payload(message)).encode()
    try:
        with (
            httpx2.Client(timeout=seconds, trust_env=False, follow_redirects=False) as client,
            client.stream("POST", url.get_secret_value(), content=body, headers=headers) as reply,
        ):
            _check(reply.status_code)
    except httpx2.TimeoutException:
        raise UndeliveredError("the webhook was too slow") from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise UndeliveredError(f"the webhook cannot be reached ({type(error).__name__})") from None


def _check(status: int) -> None:
    if not 200 <= status < 300:
        mine = 400 <= status < 500 and status not in _LATER
        raise UndeliveredError(f"the webhook answered {status}", alone=mine)
