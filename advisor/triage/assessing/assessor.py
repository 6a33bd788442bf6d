"""What triage says of a version, judged once for screens and programs alike, and noted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from cachetools import LRUCache, cachedmethod

from advisor.domain.assessment import Assessment
from advisor.failures.failure_reader import RememberingReader
from advisor.proposal import Draft
from advisor.store import Store, Stored
from advisor.triage.assessing.assessment_cache import judged_by, keep, kept

if TYPE_CHECKING:  # a server starts without what reads failures
    from advisor.triage.recommend import Tools

    ReadAhead = Callable[[Tools, Draft], None]
    """Reads the failures of a draft before they are judged, such as with its progress shown."""

ASSESSMENTS = 128
"""Assessments in memory, those used last, of about a third of a megabyte each."""
READERS = 4
"""Classifiers in memory, those used last: as it ships, and what learned from corrections."""
_Key = tuple[str, ...]


class Assessor:
    """Judges with the rules and the classifier in use; sessions may share it between threads."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._readers: LRUCache[_Key, RememberingReader] = LRUCache(READERS)
        self._loading = threading.Lock()
        self._assessments: LRUCache[_Key, Assessment] = LRUCache(ASSESSMENTS)
        self._judging = threading.Condition()

    def assess(
        self,
        store: Store,
        stored: Stored,
        handed_in: bool = False,
        read_ahead: ReadAhead | None = None,
    ) -> Assessment:
        """Return what triage says about a version, and note it for the list and for reviewers.

        Raises:
            ModelError: the encoder or the classifier is missing or damaged.
            RuleError: the rules are wrong.
        """
        result = self.assessment_of(store, stored, handed_in, read_ahead)
        store.note_assessment(
            stored.id,
            stored.version,
            result.recommendation,
            result.confidence,
            result.abstained,
            result.fingerprints.model_dump(),
        )
        return result

    def assessment_of(
        self,
        store: Store,
        stored: Stored,
        handed_in: bool = False,
        read_ahead: ReadAhead | None = None,
    ) -> Assessment:
        """Return what triage says about a version, and note nothing.

        Of what is `handed_in` it is kept: reviewers open it after the server started anew, too.
        """
        tools, draft = self.tools(store), stored.draft
        prints = judged_by(tools, draft.failures)
        if handed_in and (known := kept(draft, prints)):
            return known
        if read_ahead:
            read_ahead(tools, draft)
        result = self._judge(stored, tools, prints)
        if handed_in:
            keep(draft, prints, result)
        return result

    @cachedmethod(
        lambda self: self._assessments,
        key=lambda _, stored, __, prints: (stored.id, str(stored.version), *prints),
        condition=lambda self: self._judging,
    )
    def _judge(self, stored: Stored, tools: Tools, prints: tuple[str, ...]) -> Assessment:
        """Judge a version; a version never changes."""
        from advisor.triage.recommend import triage  # heavy: rule_engine

        return triage(stored.draft, tools)

    def tools(self, store: Store) -> Tools:
        """Return rules, classifier and reader.

        Edited rules are read again, and the classifier is the version in use.
        """
        from advisor.failures.learning.versions import classifier_of  # heavy: numpy
        from advisor.triage.recommend import load_tools  # heavy: rule_engine

        version = store.learned.active()
        name = (version.name, version.fingerprint) if version else ()
        with self._loading:
            if name not in self._readers:
                self._readers[name] = RememberingReader(classifier_of(store, version))
            return load_tools(classifier=self._readers[name])
