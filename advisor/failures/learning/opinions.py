"""What people said about failures, taken together: who agrees, who does not, what to learn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from advisor.presentation.wording import MODES, listing, start
from advisor.proposal import Failure
from advisor.store import Label
from advisor.vocabulary import Mode

SHORT = 160
"""Characters of a failure on one line."""
_LOOKED_AT = 8
_NOBODY: Mapping[str, str] = MappingProxyType({})


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

    def told(self, me: str, names: Mapping[str, str] = _NOBODY) -> str:
        """Say who said what: `anna says broken format, you say wrong label`.

        Args:
            me: Id of whoever reads it.
            names: How people are known, by id; an id without one stands for itself.
        """
        modes = dict.fromkeys(label.mode for label in self.labels)
        words = ", ".join(
            f"{listing(known)} {'say' if many else 'says'} {MODES[mode]}"
            for mode in modes
            for known, many in [_known(self.labels, mode, me, names)]
        )
        return start(words) if words.startswith("you ") else words

    def by(self, me: str, names: Mapping[str, str] = _NOBODY) -> str:
        """Return who said something: `anna and you`."""
        return listing(_name(label, me, names) for label in self.labels)

    @property
    def brief(self) -> str:
        """The failure on one line: what was said about it, or what it was instead of what."""
        failure = self.failure
        answered = f"{failure.output} (wanted: {failure.expected})"
        both = answered if failure.output and failure.expected else None
        text = failure.note or both or failure.output or failure.expected or ""
        text = " ".join(text[: _LOOKED_AT * SHORT].split())
        return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def _name(label: Label, me: str, names: Mapping[str, str]) -> str:
    return "you" if label.author == me else names.get(label.author, label.author)


def _known(
    labels: Iterable[Label], mode: Mode, me: str, names: Mapping[str, str]
) -> tuple[list[str], bool]:
    known = [_name(label, me, names) for label in labels if label.mode == mode]
    return known, len(known) > 1 or known == ["you"]


def because(
    labels: Sequence[Label], mode: Mode, me: str, names: Mapping[str, str] = _NOBODY
) -> str:
    """Say whose word counts: `because you said so`, `because anna and ben said so`."""
    known, _ = _known(labels, mode, me, names)
    return f"because {listing(known) if known else 'a person'} said so"


def opinions(labels: Iterable[Label]) -> tuple[Opinion, ...]:
    """Return what was said about each failure, the newest first."""
    by_failure: dict[str, list[Label]] = {}
    for label in sorted(labels, key=lambda said: (said.at, said.author), reverse=True):
        by_failure.setdefault(label.digest, []).append(label)
    return tuple(Opinion(tuple(reversed(said))) for said in by_failure.values())
