"""Messages arrive at a real web server and a real mail server, and nothing in them is obeyed."""

from __future__ import annotations

import logging
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from posts import PASSWORD, Hook, Post
from pydantic import SecretStr

from advisor.core.settings import settings
from advisor.errors import InputError
from advisor.review.notifying import mail, webhook
from advisor.review.notifying.message import OutgoingMessage, UndeliveredError

LINK = "https://advisor.example/dossier?p=abc"
MESSAGE = OutgoingMessage("1" * 64, "For review: Letters", ("Version 2.", "It waits."), LINK)
HOSTILE = (
    "Hi <!channel> <https://evil.example|click> & *bold*"
    "\r\nBcc: all@evil.example\r\n\r\nBody\x00\x1b"
)


def post(hook: Hook, message: OutgoingMessage = MESSAGE, seconds: float = 2.0) -> None:
    webhook.post(SecretStr(hook.url), message, seconds)


def send(server: Post, message: OutgoingMessage = MESSAGE, to: str = "eve@example.org") -> None:
    found = mail.Server.of(SecretStr(server.url))
    mail.send(found, mail.written(message, "advisor@example.org", to), 2.0)


def failure(do: Callable[[], None]) -> UndeliveredError:
    with pytest.raises(UndeliveredError) as caught:
        do()
    assert PASSWORD not in str(caught.value) and "\n" not in str(caught.value)
    return caught.value


def test_a_webhook_gets_what_slack_takes_with_an_id_that_tells_copies() -> None:
    hook = Hook()
    with hook.up():
        post(hook)
    (body,), (headers,) = hook.bodies, hook.headers
    assert body["text"] == "For review: Letters"
    heading, section, link = body["blocks"]
    assert heading["text"] == {"type": "plain_text", "text": "For review: Letters", "emoji": False}
    assert section["text"]["text"] == "Version 2.\nIt waits."
    assert link["text"]["text"] == f"<{LINK}|Open it>"
    assert headers["idempotency-key"] == MESSAGE.id
    assert headers["content-type"] == "application/json"


def test_slack_obeys_nothing_that_people_wrote() -> None:
    found = webhook.payload(OutgoingMessage("1", HOSTILE, (HOSTILE,), None))
    assert found["text"].startswith("Hi &lt;!channel&gt; &lt;https://evil.example|click&gt; &amp;")
    assert {block["text"]["type"] for block in found["blocks"]} == {"plain_text"}
    assert "\r" not in str(found) and "\x1b" not in str(found) and "\n" not in found["text"]


@given(st.text(max_size=4_000), st.text(max_size=4_000))
def test_no_text_is_too_long_or_empty_for_a_block_of_slack(subject: str, line: str) -> None:
    found = webhook.payload(OutgoingMessage("1", subject, (line,), None))
    heading, section = (block["text"]["text"] for block in found["blocks"])
    assert 1 <= len(heading) <= 150 and 1 <= len(section) <= 3_000
    assert "<" not in found["text"] and ">" not in found["text"]


@pytest.mark.parametrize(
    ("status", "alone"), [(500, False), (302, False), (429, False), (404, True)]
)
def test_a_webhook_that_does_not_take_it_is_named_with_its_answer(status: int, alone: bool) -> None:
    hook = Hook(status)
    with hook.up():
        error = failure(lambda: post(hook))
    assert str(error) == f"the webhook answered {status}"
    assert (error.final, error.alone) == (False, alone)
    assert len(hook.bodies) == 1  # a redirect is not followed


def test_a_webhook_that_is_down_or_slow_is_not_waited_for() -> None:
    hook = Hook(wait=1.0)
    assert "cannot be reached" in str(failure(lambda: post(hook)))
    with hook.up():
        assert "too slow" in str(failure(lambda: post(hook, seconds=0.2)))


def test_the_address_of_the_webhook_stands_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    hook = Hook()
    with hook.up(), caplog.at_level(logging.INFO):
        post(hook)
    assert hook.bodies and PASSWORD not in caplog.text


def test_mail_arrives_with_an_id_that_tells_copies() -> None:
    server = Post()
    with server.up():
        send(server)
    (found,) = server.mails
    assert server.to == ["eve@example.org"] and found["To"] == "eve@example.org"
    assert found["From"] == "Advisor <advisor@example.org>"
    assert found["Subject"] == "For review: Letters"
    assert found["Message-ID"] == f"<{MESSAGE.id}@example.org>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found.get_content().splitlines() == ["Version 2.", "It waits.", "", LINK]


def test_no_text_becomes_a_header_or_a_recipient() -> None:
    server = Post()
    with server.up():
        send(server, OutgoingMessage("2" * 64, HOSTILE, (HOSTILE, ".", "QUIT"), None))
    (found,) = server.mails
    assert server.to == ["eve@example.org"] and found["Bcc"] is None
    assert found["Subject"].startswith("Hi <!channel>") and "Bcc:" in found["Subject"]
    assert found.get_content().splitlines()[1:] == [".", "QUIT"]


@pytest.mark.parametrize(
    "to", ["a@b.example, c@d.example", "a@b@c", "<a>@b", "a\n@b", "@", "ä@ö.example"]
)
def test_an_address_that_is_none_is_given_up_at_once(to: str) -> None:
    server = Post()
    with server.up():
        error = failure(lambda: send(server, to=to))
    assert error.final and not server.mails


def test_a_recipient_who_is_refused_for_good_is_given_up_and_for_now_is_not() -> None:
    server = Post(reply=lambda _: f"550 No such user, said {PASSWORD}")
    with server.up():
        error = failure(lambda: _refused(server))
        assert error.final and "550 No such user" in str(error)
        server.reply = lambda _: "451 Come again"
        error = failure(lambda: _refused(server))
        assert not error.final and error.alone


def _refused(server: Post) -> None:
    """Send with a password that the server repeats in its answer."""
    found = mail.Server.of(SecretStr(server.url))
    secret = mail.Server(found.host, found.port, False, "", SecretStr(PASSWORD))
    mail.send(secret, mail.written(MESSAGE, "advisor@example.org", "eve@example.org"), 2.0)


def test_a_mail_server_that_is_down_or_slow_is_not_waited_for() -> None:
    server = Post(wait=1.0)
    assert "cannot be reached" in str(failure(lambda: send(server)))
    with server.up():
        found = mail.Server.of(SecretStr(server.url))
        written = mail.written(MESSAGE, "advisor@example.org", "eve@example.org")
        assert "too slow" in str(failure(lambda: mail.send(found, written, 0.3)))


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for this machine that Python trusts here."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", str(key), "-out", str(cert), "-days", "2", "-subj", "/CN=here",
            "-addext", "subjectAltName=IP:127.0.0.1"]  # fmt: skip
    subprocess.run(made, check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def test_who_signs_in_does_so_behind_starttls(trusted: ssl.SSLContext) -> None:
    server = Post(tls=trusted)
    with server.up():
        send(server)
        wrong = mail.Server("127.0.0.1", server.port, False, "ann", SecretStr("wrong"))
        written = mail.written(MESSAGE, "advisor@example.org", "eve@example.org")
        error = failure(lambda: mail.send(wrong, written, 2.0))
    assert len(server.mails) == 1 and "did not accept the password (535)" in str(error)


def test_a_certificate_that_nobody_vouches_for_is_not_talked_to(
    trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    server = Post(tls=trusted)
    with server.up():
        assert "SSLCertVerificationError" in str(failure(lambda: send(server)))
    assert not server.mails


def test_beyond_this_machine_nothing_is_sent_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Post()
    monkeypatch.setattr(mail, "own_machine", lambda host: False)
    with server.up():
        assert "no encryption" in str(failure(lambda: send(server)))
    assert not server.mails


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEBHOOK_URL", "http://hooks.example.org/services/x"),
        ("WEBHOOK_URL", "ftp://127.0.0.1/x"),
        ("WEBHOOK_URL", f"https://ann:{PASSWORD}@hooks.example.org/x"),
        ("SMTP_URL", "mail.example.org:25"),
        ("SMTP_URL", f"smtps://ann:{PASSWORD}@/"),
        ("SMTP_URL", "smtp://mail.example.org:587/path"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@b.example\nBcc: c@d.example"),
    ],
)
def test_settings_that_cannot_be_used_are_named_without_their_secret(
    name: str, value: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"ADVISOR_{name}", value)
    with pytest.raises(InputError, match=f"ADVISOR_{name}") as caught:
        settings()
    assert PASSWORD not in str(caught.value)


def test_a_password_may_hold_any_letter(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_SMTP_URL", "smtps://ann%40x:a%2Fb%3F%23@mail.example.org")
    given = settings().smtp_url
    assert given and "a%2Fb" not in repr(settings())
    found = mail.Server.of(given)
    assert (found.user, found.password.get_secret_value()) == ("ann@x", "a/b?#")
    assert (found.port, found.encrypted) == (465, True)
