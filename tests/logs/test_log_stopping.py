from __future__ import annotations

import os
import signal
import threading

import pytest

from advisor.logs.process import stopping


def test_an_interrupt_waits_until_the_block_is_finished() -> None:
    finished = []
    with pytest.raises(KeyboardInterrupt), stopping() as check:
        check()
        os.kill(os.getpid(), signal.SIGINT)
        finished.append(True)
        check()
    assert finished


def test_a_second_interrupt_does_not_wait() -> None:
    with pytest.raises(KeyboardInterrupt), stopping():
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        pytest.fail("the second one did not stop it")


def test_the_handler_from_before_is_put_back_and_other_threads_are_left_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stopping():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before

    def elsewhere() -> None:
        with stopping() as check:
            check()
            assert signal.getsignal(signal.SIGINT) is before

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
