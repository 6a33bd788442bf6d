"""The ways out: which are open, and how a message takes them."""

from __future__ import annotations

from advisor.core.settings import settings
from advisor.review.notifying.message import OutgoingMessage, UndeliveredError

WEBHOOK, MAIL = "webhook", "mail"


def open_channels() -> frozenset[str]:
    """Return the ways that the settings open."""
    found = settings()
    given = {WEBHOOK: found.webhook_url, MAIL: found.smtp_url}
    return frozenset(name for name, url in given.items() if url)


def send(channel: str, message: OutgoingMessage, to: str | None) -> None:
    """Send a message on its way.

    Args:
        channel: The way it takes.
        message: What is told.
        to: The address it is for; none for the webhook.

    Raises:
        UndeliveredError: it did not arrive.
    """
    found = settings()
    if channel == WEBHOOK and found.webhook_url:
        from advisor.review.notifying.webhook import post  # heavy: httpx2

        post(found.webhook_url, message)
    elif channel == MAIL and found.smtp_url:
        from advisor.review.notifying import mail  # heavy: sqlalchemy

        if to is None:
            raise UndeliveredError("the person has no address any more", final=True)
        written = mail.written(message, found.mail_from, to)
        mail.send(mail.Server.of(found.smtp_url), written)
    else:
        raise UndeliveredError(f"no {channel} is configured any more")
