"""The computing process with the arms of the tests."""

from slow_arms import ARMS

from advisor.pilot.running.compute.worker_process import main

if __name__ == "__main__":
    main(ARMS)
