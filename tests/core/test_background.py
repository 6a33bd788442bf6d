"""Work behind the screens goes on whatever goes wrong once."""

from __future__ import annotations

import threading

import pytest

from advisor.core.background import keep_doing
from advisor.errors import StoreError


def test_what_goes_wrong_is_logged_and_tried_again_until_it_is_ended(
    caplog: pytest.LogCaptureFixture,
) -> None:
    faults = iter([StoreError("The disk is full."), ValueError("a surprise")])
    done = threading.Semaphore(0)

    def work() -> None:
        done.release()
        if fault := next(faults, None):
            raise fault

    over = keep_doing("a test", 0.01, work)
    for _ in range(4):
        assert done.acquire(timeout=10)
    over.set()
    for one in threading.enumerate():
        if one.name == "a test":
            one.join(10)
    assert not [one for one in threading.enumerate() if one.name == "a test"]
    assert "In the background, a test: The disk is full." in caplog.text
    assert "a surprise" in caplog.text and "Traceback" in caplog.text
