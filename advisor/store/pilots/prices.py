"""Prices that people set, by name."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sqlalchemy import delete, select

from advisor.domain.pilot_state import Price
from advisor.errors import InputError, Problem
from advisor.store.database.sessions import Database
from advisor.store.database.statements import check_name, is_plain, now, replace_rows
from advisor.store.people.rights import TRYING, check_role
from advisor.store.tables.pilots import PriceRow

_NAME_LIMIT = 100


class Prices:
    """The table of prices. Setting a price again changes nothing but the time."""

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database

    def all(self) -> tuple[Price, ...]:
        """Return every price, by name."""
        query = select(PriceRow.name, PriceRow.amount, PriceRow.author, PriceRow.at)
        with self._database.read() as connection:
            return tuple(Price(*row) for row in connection.execute(query.order_by(PriceRow.name)))

    def set(self, prices: Mapping[str, float | None], author: str) -> None:
        """Set prices, all or none; None takes one away, so that what ships counts again.

        Raises:
            InputError: a name or an amount cannot be stored.
            NotAllowedError: the author is known to us, and neither owner nor runner now.
        """
        check_name("author", author)
        check_role(self._database, author, TRYING, "set_price")
        if problems := [one for item in prices.items() if (one := _wrong(*item))]:
            raise InputError(problems)
        rows = [
            {"name": name, "amount": float(amount), "author": author, "at": now()}
            for name, amount in sorted(prices.items())
            if amount is not None
        ]
        gone = [name for name, amount in prices.items() if amount is None]
        with self._database.write() as connection:
            replace_rows(connection, PriceRow, rows)
            connection.execute(delete(PriceRow).where(PriceRow.name.in_(gone)))


def _wrong(name: str, amount: float | None) -> Problem | None:
    if not 1 <= len(name) <= _NAME_LIMIT or not is_plain(name):
        what = f"is not a name of 1 to {_NAME_LIMIT} letters"
        return Problem(f"price {name[:40]!r}", what, "Use another name")
    if amount is not None and not (math.isfinite(amount) and amount >= 0):
        return Problem(f"price {name}", "is not a number from 0 on", "Type a plain number")
    return None
