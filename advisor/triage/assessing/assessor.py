"""Assessments for programs: each version is judged once, as on its screen."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from advisor.domain.assessment import Assessment
from advisor.store import Store, Stored
from advisor.triage.assessing.assessment_cache import judged_by, keep

if TYPE_CHECKING:  # a server starts without what reads failures
    from advisor.failures.remembered import Remembered
    from advisor.triage.recommend import Tools

KEPT = 32
"""Assessments kept, those used last."""
_Key = tuple[str, ...]


class Assessor:
    """Judges with the rules and the classifier in use; for one thread at a time."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._kit: tuple[str, Remembered] | None = None
        self._known: OrderedDict[_Key, Assessment] = OrderedDict()

    def of(self, store: Store, stored: Stored, handed_in: bool = False) -> Assessment:
        """Return what triage says about a version, and note it for the list if it is the latest.

        Of what is `handed_in` it is kept for reviewers, who open it on their screens.

        Raises:
            ModelError: the encoder or the classifier is missing or damaged.
            RuleError: the rules are wrong.
        """
        kit = self._tools(store)
        prints = judged_by(kit, stored.draft.failures)
        found = self._judged(stored, prints, kit)
        if handed_in:
            keep(stored.draft, prints, found)
        store.note_assessment(
            stored.id,
            stored.version,
            found.recommendation,
            found.confidence,
            found.abstained,
            found.fingerprints.model_dump(),
        )
        return found

    def _judged(self, stored: Stored, prints: tuple[str, ...], kit: Tools) -> Assessment:
        from advisor.triage.recommend import triage  # heavy: rule_engine

        key = (stored.id, str(stored.version), *prints)
        if key not in self._known:
            self._known[key] = triage(stored.draft, kit)
        self._known.move_to_end(key)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return self._known[key]

    def _tools(self, store: Store) -> Tools:
        """Return rules, classifier and reader; a classifier that learned meanwhile is taken up."""
        from advisor.failures.learning.learned_classifier import classifier_of  # heavy: scipy
        from advisor.failures.remembered import Remembered  # heavy: numpy
        from advisor.triage.recommend import load_tools  # heavy: rule_engine

        version = store.learned.active()
        name = version.fingerprint if version else ""
        if self._kit is None or self._kit[0] != name:
            self._kit = (name, Remembered(classifier_of(store, version)))
        return load_tools(classifier=self._kit[1])
