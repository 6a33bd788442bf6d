"""The computing process with the arms of the tests."""

from slow_arms import ARMS

from advisor.pilot.running.compute import worker_process

if __name__ == "__main__":
    worker_process.NICE = 0  # else other tests go before it
    worker_process.main(ARMS)
