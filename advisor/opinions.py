"""What people said about failures, taken together: who agrees, who does not, what to learn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from advisor.proposal import Failure
from advisor.store import Label
from advisor.vocabulary import Mode
from advisor.wording import MODES, listing, start

SHORT = 160
"""Characters of a failure on one line."""
_LOOKED_AT = 8


@dataclass(frozen=True)
class Opinion:
    """What people said about one failure."""

    labels: tuple[Label, ...]
    """One a person, oldest first; at least one."""

    @property
    def digest(self) -> str:
        """Stands for the failure."""
        return self.labels[0].digest

    @property
    def failure(self) -> Failure:
        """The failure with its texts."""
        return self.labels[-1].failure

    @property
    def agreed(self) -> Mode | None:
        """What all say, or what a person settled since; none while people disagree."""
        settled = [label for label in self.labels if label.settles]
        counted = self.labels
        if settled:
            last = settled[-1]
            counted = (last, *(label for label in self.labels if label.at > last.at))
        modes = {label.mode for label in counted}
        return modes.pop() if len(modes) == 1 else None

    @property
    def differs(self) -> bool:
        """Whether two people said different things, settled or not."""
        return len({label.mode for label in self.labels}) > 1

    def told(self, me: str) -> str:
        """Say who said what: `anna says broken format, you say wrong label`."""
        modes = dict.fromkeys(label.mode for label in self.labels)
        words = ", ".join(
            f"{listing(names)} {'say' if many else 'says'} {MODES[mode]}"
            for mode in modes
            for names, many in [_names(self.labels, mode, me)]
        )
        return start(words) if words.startswith("you ") else words

    def by(self, me: str) -> str:
        """Return who said something: `anna and you`."""
        return listing("you" if label.author == me else label.author for label in self.labels)

    @property
    def brief(self) -> str:
        """The failure on one line: what was said about it, or what it was instead of what."""
        failure = self.failure
        answered = f"{failure.output} (wanted: {failure.expected})"
        both = answered if failure.output and failure.expected else None
        text = failure.note or both or failure.output or failure.expected or ""
        text = " ".join(text[: _LOOKED_AT * SHORT].split())
        return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def _names(labels: Iterable[Label], mode: Mode, me: str) -> tuple[list[str], bool]:
    authors = [label.author for label in labels if label.mode == mode]
    names = ["you" if author == me else author for author in authors]
    return names, len(names) > 1 or names == ["you"]


def because(labels: Sequence[Label], mode: Mode, me: str) -> str:
    """Say whose word counts: `because you said so`, `because anna and ben said so`."""
    names, _ = _names(labels, mode, me)
    return f"because {listing(names) if names else 'a person'} said so"


def opinions(labels: Iterable[Label]) -> tuple[Opinion, ...]:
    """Return what was said about each failure, the newest first."""
    found: dict[str, list[Label]] = {}
    for label in sorted(labels, key=lambda one: (one.at, one.author), reverse=True):
        found.setdefault(label.digest, []).append(label)
    return tuple(Opinion(tuple(reversed(one))) for one in found.values())
