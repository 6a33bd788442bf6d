"""How often a token may ask, and how often an address may come with a wrong one."""

from __future__ import annotations

import ipaddress
import math
import time
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from advisor.api.problems import OFTEN, Refused


@dataclass(frozen=True)
class Rates:
    """How many in which time, as the library `limits` reads it."""

    token: str = "300/minute"
    failures: str = "20/minute"
    """Wrong tokens from one address."""


class Limiter:
    """Counts in the memory of one process; thread-safe."""

    def __init__(self, rates: Rates) -> None:
        """Begin to count."""
        self._window = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._token, self._failures = parse(rates.token), parse(rates.failures)

    def asked(self, token: str) -> None:
        """Count a request with a good token.

        Raises:
            Refused: there were too many.
        """
        self._count(self._token, token, "This token asks too often")

    def failed(self, address: str) -> None:
        """Count a wrong token. Good ones from the same address still count as good.

        Raises:
            Refused: there were too many.
        """
        self._count(self._failures, _network(address), "Too many wrong tokens came from here")

    def _count(self, rate: RateLimitItem, who: str, words: str) -> None:
        if not self._window.hit(rate, who):
            end = self._window.get_window_stats(rate, who).reset_time
            seconds = max(1, math.ceil(end - time.time()))
            wait = {"retry-after": str(seconds)}
            raise Refused(OFTEN, f"{words}. Wait {seconds} s.", wait)


def _network(address: str) -> str:
    """Return an address; of an IPv6 one its network, as one machine has many of these."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), False))
