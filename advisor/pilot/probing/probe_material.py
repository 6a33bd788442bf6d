"""What a probe works with: the failures, the prompt in use, the team's labels and documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from advisor.failures.features.texts import FailureText
from advisor.models.encoder import load_encoder
from advisor.pilot.data.corpus import read_documents
from advisor.pilot.data.spec_paths import read_uploads
from advisor.pilot.retrieving.hybrid_search import Index
from advisor.presentation.wording import counted
from advisor.proposal import Draft, Failure

FEWEST, MOST = 2, 60
"""Different wanted answers from which, and up to which, they count as a scheme of labels."""
REPEATED = 0.7
"""At most this share of short wanted answers may differ for them to be labels."""
EXAMPLES = 6
"""Other cases shown; more of them make a small model slower and hardly better."""
SHOWN = 1_500
"""Characters of one text in an example."""
Passages = Callable[[str], Sequence[str]]
"""Finds passages in the team's documents."""


@dataclass(frozen=True)
class ProbeMaterial:
    """One proposal, ready to be asked again."""

    prompt: str
    failures: tuple[Failure, ...]
    """Those that have an input and a wanted answer."""
    passages: Passages | None = None

    @classmethod
    def of(cls, draft: Draft, passages: Passages | None = None) -> ProbeMaterial:
        """Take what can be asked again from a proposal."""
        able = tuple(failure for failure in draft.failures if failure.input and failure.expected)
        return cls(draft.current.prompt or "", able, passages)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The team's labels, sorted, if the wanted answers look like labels; else empty."""
        wanted = [(failure.expected or "").strip() for failure in self.failures]
        found = sorted(set(wanted))
        few = FEWEST <= len(found) <= MOST and len(found) <= REPEATED * len(wanted)
        return tuple(found) if few and all(FailureText(one).short_label for one in found) else ()

    @cached_property
    def schema(self) -> dict[str, Any] | None:
        """A JSON schema that every wanted answer fits, if all are JSON objects."""
        parsed = [FailureText(failure.expected or "").json for failure in self.failures]
        if not parsed or not all(isinstance(one, dict) and one for one in parsed):
            return None
        names = list(dict.fromkeys(name for one in parsed for name in one))
        return {
            "type": "object",
            "properties": {name: _type([one[name] for one in parsed if name in one])
                           for name in names},
            "required": [name for name in names if all(name in one for one in parsed)],
            "additionalProperties": False,
        }  # fmt: skip

    @cached_property
    def wanted(self) -> str:
        """What is wanted of every answer, read off the wanted answers; it gives none of them."""
        if self.labels:
            return f"Answer with exactly one of these labels: {'; '.join(self.labels)}."
        if self.schema:
            names = ", ".join(map(json.dumps, self.schema["properties"]))
            return f"Answer with one JSON object and nothing else. Its keys: {names}."
        longest = max(
            (len((failure.expected or "").split()) for failure in self.failures), default=0
        )
        limit = counted(max(1, longest), "word")
        return f"Answer the request directly, without an introduction, in at most {limit}."

    def others(self, failure: Failure) -> tuple[Failure, ...]:
        """Return cases to show beside `failure`: others, with different wanted answers first."""
        seen: dict[str, list[Failure]] = {}
        for one in self.failures:
            if one.key != failure.key and one.input != failure.input:
                seen.setdefault((one.expected or "").strip(), []).append(one)
        rounds = max(map(len, seen.values()), default=0)
        spread = [
            group[turn] for turn in range(rounds) for group in seen.values() if turn < len(group)
        ]
        return tuple(spread[:EXAMPLES])


def _type(values: Sequence[Any]) -> dict[str, Any]:
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array",
             dict: "object", type(None): "null"}  # fmt: skip
    found = sorted({kinds[type(value)] for value in values})
    return {"type": found[0] if len(found) == 1 else found}


FOUND = 3
"""Passages for one question."""


def passages_in(path: Path) -> Passages:
    """Return a search over a folder or a file of documents.

    Raises:
        InputError: there is none, or none can be read.
    """
    uploads = read_uploads(path.absolute().parent, path.name, "documents")
    found = read_documents(uploads).documents
    index = Index([f"{one.title} {one.text}" for one in found], load_encoder())

    def search(question: str) -> Sequence[str]:
        (places,) = index.search([question], FOUND)
        return [found[place].text for place in places]

    return search
