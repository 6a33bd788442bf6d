"""The computing process with the arms of the tests, on a clock that only their waiting moves."""

import time
from unittest.mock import patch

NOW = [0.0]


def passes(seconds: float) -> None:
    NOW[0] += seconds


def now() -> float:
    return NOW[0]


if __name__ == "__main__":
    # before anything is imported that keeps the clock for itself
    with patch.object(time, "sleep", passes), patch.object(time, "monotonic", now):
        from slow_arms import ARMS

        from advisor.pilot.running.compute.worker_process import main

        main(ARMS)
