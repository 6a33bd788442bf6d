"""A worker with the arms of the tests, in more of a hurry than one that shares its database."""

import sys
from pathlib import Path

from slow_arms import ARMS

from advisor.pilot.running import desk, doing, worker

HURRY = 0.1

if __name__ == "__main__":
    worker.BEAT = doing._KEEP = desk._DISK_EVERY = HURRY
    bench = Path(__file__).with_name("slow_bench.py")
    worker.serve(program=(sys.executable, str(bench)), arms=ARMS)
