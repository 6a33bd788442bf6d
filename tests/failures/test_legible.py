from __future__ import annotations

import base64

import pytest

from advisor.failures.classifier import load_classifier
from advisor.failures.features.case import FailureCase
from advisor.failures.legible import illegible
from advisor.proposal import Failure

TRACE = """Traceback (most recent call last):
  File "app.py", line 12, in <module>
    run(ask())
  File "app.py", line 7, in run
    return parse(text)
ValueError: bad value"""
CHAT = "User: hello\nAssistant: Hi!\nUser: when do you open?\nAssistant: At nine.\nUser: thanks"
CODE = base64.b64encode(bytes(range(256)) * 4).decode()
UNREAD = {
    "another script": (Failure(output="هذا الجواب غير صحيح تماما", note="الرقم خاطئ"), "Arabic"),
    "Chinese": (Failure(output="答案是错误的", expected="正确的答案"), "Chinese or Japanese"),
    "mixed languages": (Failure(output="The answer is ответ совсем другой здесь"), "Cyrillic"),
    "base64": (Failure(output=CODE), "encoded or garbled"),
    "a stack trace": (Failure(note=TRACE), "stack trace"),
    "a conversation": (Failure(note=CHAT), "whole conversation"),
    "no words": (Failure(output="?! ..."), "no words"),
    "a very long output": (Failure(output="And so it went on. " * 11_000), "longer than 50,000"),
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_cannot_be_read_is_not_guessed_at(name: str) -> None:
    failure, reason = UNREAD[name]
    (reading,) = load_classifier().read([failure])
    assert reading.abstained
    assert reading.why.startswith("Cannot tell.")
    assert reason in reading.why
    assert max(reading.probabilities.values()) < 0.1


@pytest.mark.parametrize(
    "failure",
    [
        Failure(note="The Arabic text should read right to left: مرحبا"),
        Failure(note="Answers in Chinese although the question is English", output="答案是错误的"),
        Failure(
            output="https://example.org/a/very/long/path/that/goes/on/and/on/for/ever/index.html"
        ),
        Failure(output="SELECT name, count(*) FROM visits GROUP BY name", expected="SELECT 1"),
        Failure(note="Es antwortet mit Überschriften, obwohl nur ein Satz gewünscht war."),
        Failure(note="slow"),
        Failure(note="AssertionError: expected 3 items, got 4"),
    ],
)
def test_what_can_be_read_is_read(failure: Failure) -> None:
    assert not illegible(FailureCase.of(failure))


def test_an_encoder_of_many_languages_reads_every_script() -> None:
    case = FailureCase.of(UNREAD["Chinese"][0])
    assert illegible(case)
    assert not illegible(case, any_script=True)
