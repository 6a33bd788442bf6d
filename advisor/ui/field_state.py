"""One field of a form as one window knows it: nothing newer is overwritten without asking."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from advisor.proposal import Draft
from advisor.store import UNSET


class Nothing(Enum):
    """The one value that no field can hold."""

    NOTHING = "nothing"


NOTHING = Nothing.NOTHING


@dataclass
class Live:
    """What a window last saw saved in a field, and what it wants to save there."""

    base: Any
    turn: int = 0
    """Rises when the widget must start again from what is saved."""
    mine: Any = NOTHING
    """What this window holds while something newer is saved elsewhere."""
    wrong: tuple[str, ...] = ()
    """What is wrong with what the window holds."""
    fresh: bool = True
    """True until it was drawn once."""

    @property
    def differs(self) -> bool:
        """Whether the person must choose between theirs and what is saved."""
        return self.mine is not NOTHING

    def before_drawing(self, saved: Any) -> None:
        """Take over what another window saved, unless this one holds something of its own."""
        if not self.differs and not self.wrong and not same(saved, self.base):
            self.take(saved)

    def after_drawing(self, saved: Any, shown: Any) -> None:
        """Notice what a browser still held when the server had forgotten it."""
        if self.fresh and not same(shown, saved):
            self.mine = shown
        self.fresh = False

    def may_save(self, saved: Any, mine: Any) -> bool:
        """Tell whether `mine` may be saved; if something newer is, keep it and ask."""
        if same(saved, self.base) or same(saved, mine):
            return True
        self.mine = mine
        return False

    def kept(self, saved: Any) -> None:
        """Note what was saved."""
        self.base, self.mine, self.wrong = saved, NOTHING, ()

    def take(self, saved: Any) -> None:
        """Start again from what is saved."""
        self.kept(saved)
        self.turn += 1


def same(one: Any, other: Any) -> bool:
    """Tell whether two values of a field are equal; an empty text is none, and 1 is not True."""
    one, other = (None if value == "" else value for value in (one, other))
    return type(one) is type(other) and bool(one == other)


def value_at(draft: Draft, path: str) -> Any:
    """Return what a draft holds at a path of `Store.edit`; `UNSET` for what was not answered."""
    group, dot, name = path.partition(".")
    if not dot:
        return getattr(draft, path)
    if group in {"answers", "review"}:
        return getattr(draft, group).get(name, UNSET)
    return draft.corrections.get(name) if group == "corrections" else getattr(draft.current, name)
