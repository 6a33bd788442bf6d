"""A worker with the arms of the tests."""

import sys
from pathlib import Path

from slow_arms import ARMS

from advisor.pilot.running.worker.worker_loop import serve

if __name__ == "__main__":
    program = Path(__file__).with_name("slow_worker_process.py")
    serve(program=(sys.executable, str(program)), arms=ARMS)
