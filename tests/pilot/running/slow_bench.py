"""The computing process with the arms of the tests."""

from slow_arms import ARMS

from advisor.pilot.running import bench

if __name__ == "__main__":
    bench.NICE = 0  # else other tests go before it
    bench.main(ARMS)
