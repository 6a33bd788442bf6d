"""A worker with the arms of the tests, in more of a hurry than one that shares its database."""

import sys
from pathlib import Path

from slow_arms import ARMS

from advisor.pilot.running.worker import pilot_session, step_runner, worker_loop

HURRY = 0.1

if __name__ == "__main__":
    worker_loop.BEAT = step_runner._KEEP = pilot_session._DISK_EVERY = HURRY
    program = Path(__file__).with_name("slow_worker_process.py")
    worker_loop.serve(program=(sys.executable, str(program)), arms=ARMS)
