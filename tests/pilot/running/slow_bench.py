"""The computing process with the arms of the tests."""

from slow_arms import ARMS

from advisor.pilot.running.bench import main

if __name__ == "__main__":
    main(ARMS)
