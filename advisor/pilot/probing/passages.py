"""Where the missing facts of a probe are taken from: the team's documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from advisor.models.encoder import load_encoder
from advisor.pilot.data.corpus import read_documents
from advisor.pilot.data.spec_paths import read_uploads
from advisor.pilot.probing.probe_material import Passages
from advisor.pilot.retrieving.hybrid_search import Index

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
