"""Threads for the work behind a request, few enough that screens stay quick."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import Any, Literal, TypeVar

from anyio import CapacityLimiter, to_thread

from advisor.api.problems import BUSY, Refused

_Result = TypeVar("_Result")
PoolName = Literal["desk", "judging"]
"""Where the work of an operation is done."""


class Pool:
    """So many threads, and so many that wait for one."""

    def __init__(self, threads: int, waiting: int) -> None:
        """Keep the bounds."""
        self._limiter = CapacityLimiter(threads)
        self._waiting = waiting

    async def run(self, do: Callable[..., _Result], *args: Any) -> _Result:
        """Return what `do` returns in a thread.

        Raises:
            Refused: too many wait already.
        """
        if self._limiter.statistics().tasks_waiting >= self._waiting:
            raise Refused(BUSY, "Too much is asked at once. Try again.", {"retry-after": "5"})
        return await to_thread.run_sync(do, *args, limiter=self._limiter)


class Pools:
    """One pool for each kind of work, so that a slow one holds up no other."""

    def __init__(self) -> None:
        """Make the pools."""
        self.doors = Pool(4, 200)
        """Looks at tokens."""
        self.desk = Pool(8, 100)
        """Reads and writes the database."""
        self.judging = Pool(1, 20)
        """Reads failures and judges: a core for a second or more."""


def in_pool(do: Callable[..., _Result], pool: PoolName) -> Callable[..., Awaitable[_Result]]:
    """Return an operation that runs in a pool of the `shared` service which it is given."""

    @wraps(do)
    async def run(**given: Any) -> _Result:
        threads: Pool = getattr(given["shared"].pools, pool)
        return await threads.run(partial(do, **given))

    return run
