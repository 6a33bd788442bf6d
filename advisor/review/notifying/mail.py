"""Sending mail by SMTP: encrypted, unless the server is on this machine."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime
from typing import Self
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from advisor.core.settings import own_machine
from advisor.core.terminal import one_line
from advisor.review.notifying.message import OutgoingMessage, UndeliveredError
from advisor.store.database.statements import now

SECONDS = 10.0
"""The longest that one word with the server may take."""
_SUBJECT = 200
_REPLY = 120
"""Characters shown of what a server says."""


@dataclass(frozen=True)
class Server:
    """A mail server, and as whom we speak to it."""

    host: str
    port: int
    encrypted: bool
    """From the first byte; else by STARTTLS."""
    user: str
    password: SecretStr

    @classmethod
    def of(cls, url: SecretStr) -> Self:
        """Read the address that the settings name."""
        parts = urlsplit(url.get_secret_value())
        encrypted = parts.scheme == "smtps"
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        port = parts.port or (465 if encrypted else 587)
        return cls(str(parts.hostname), port, encrypted, user, SecretStr(password))


def written(message: OutgoingMessage, sender: str, to: str) -> EmailMessage:
    """Return a message as mail.

    Raises:
        UndeliveredError: the address is none to which mail can be sent.
    """
    mail = EmailMessage(policy=POLICY)
    try:
        mail["From"] = Address("Advisor", addr_spec=sender)
        mail["To"] = Address(addr_spec=to)
    except (MessageError, ValueError, IndexError):
        raise UndeliveredError("the address cannot be used", final=True) from None
    mail["Subject"] = one_line(message.subject)[:_SUBJECT]
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers it
    link = ["", message.link] if message.link else []
    mail.set_content("\n".join([*map(one_line, message.lines), *link]))
    return mail


def send(server: Server, mail: EmailMessage, seconds: float = SECONDS) -> None:
    """Send a mail to the one it is for.

    Raises:
        UndeliveredError: the server did not take it.
    """
    with _plain_errors(server), _talking(server, seconds) as smtp:
        smtp.send_message(mail)


@contextmanager
def _talking(server: Server, seconds: float) -> Iterator[smtplib.SMTP]:
    trusted = ssl.create_default_context()
    if server.encrypted:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=seconds, context=trusted
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=seconds)
    with smtp:
        smtp.ehlo_or_helo_if_needed()
        if not server.encrypted and (smtp.has_extn("starttls") or not own_machine(server.host)):
            smtp.starttls(context=trusted)
        if server.user:
            smtp.login(server.user, server.password.get_secret_value())
        yield smtp


@contextmanager
def _plain_errors(server: Server) -> Iterator[None]:
    """Say in a few words what went wrong; nothing of it is the password."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise UndeliveredError(
            f"the mail server refused the address ({_reply(server, code, said)})",
            final=code >= 500,
            alone=True,
        ) from None
    except smtplib.SMTPAuthenticationError as error:
        raise UndeliveredError(
            f"the mail server did not accept the password ({error.smtp_code})"
        ) from None
    except smtplib.SMTPResponseException as error:
        reply = _reply(server, error.smtp_code, error.smtp_error)
        raise UndeliveredError(f"the mail server refused ({reply})") from None
    except smtplib.SMTPNotSupportedError:
        raise UndeliveredError("the mail server offers no encryption or sign-in") from None
    except (OSError, smtplib.SMTPException) as error:
        if TimeoutError in {type(error), type(error.__context__)}:  # smtplib hides the cause
            raise UndeliveredError("the mail server was too slow") from None
        kind = type(error).__name__
        raise UndeliveredError(f"the mail server cannot be reached ({kind})") from None
    except UnicodeError:
        raise UndeliveredError("the address cannot be used", final=True) from None


def _reply(server: Server, code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    for secret in filter(None, (server.user, server.password.get_secret_value())):
        text = text.replace(secret, "…")
    return f"{code} {one_line(text)[:_REPLY]}".strip()
