"""The classifier in use: as it ships, or a version that learned from people's corrections."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from advisor.errors import NotFoundError
from advisor.failures.classifier import load_classifier
from advisor.failures.failure_reader import FailureReader
from advisor.failures.head import shipped
from advisor.failures.learning.layer import Layer, LearnedClassifier
from advisor.failures.learning.learn import LearningFigures, Lesson, learn
from advisor.failures.learning.opinions import Opinion, opinions
from advisor.proposal import Failure
from advisor.store import LearnedVersion, Store
from advisor.store.learning.labels import digest_of
from advisor.vocabulary import Mode

_loading = threading.Lock()
_loaded: dict[LearnedVersion, FailureReader] = {}


def classifier_of(store: Store, version: LearnedVersion | None) -> FailureReader:
    """Return the classifier of one version; one learned on another head is not used.

    Raises:
        ModelError: the encoder, the head or the version is missing or damaged.
    """
    if version is None or not fits(version):
        return load_classifier()
    with _loading:
        if version not in _loaded:
            layer = Layer.from_bytes(store.learned.layer(version.version))
            _loaded[version] = LearnedClassifier(layer, version.name)
        return _loaded[version]


def fits(version: LearnedVersion) -> bool:
    """Tell whether a version was learned on the head that ships now.

    Raises:
        ModelError: the encoder or the head is missing or altered.
    """
    return version.base == shipped()[1].fingerprint


@dataclass(frozen=True)
class Learned:
    """What an attempt led to."""

    version: int | None
    """The new version, now in use; none when it was refused."""
    lesson: Lesson


def learn_now(store: Store, author: str, key: str) -> Learned:
    """Learn from every correction that people agree on; a version that helps is put to use.

    What was learned before is put to use again, not kept twice.

    Raises:
        ModelError: the encoder or the head is missing or altered.
        StoreError: the database failed.
    """
    lesson = learn(lessons(opinions(store.labels.all())))
    if lesson.layer is None or lesson.figures is None:
        return Learned(None, lesson)
    layer, figures = lesson.layer, lesson.figures.model_dump()
    same = (earlier for earlier in store.learned.all() if earlier.fingerprint == layer.fingerprint)
    if known := next(same, None):
        store.learned.use(known.version, author, key)
        return Learned(known.version, lesson)
    return Learned(store.learned.add(layer.to_bytes(), figures, layer.base, author, key), lesson)


def lessons(said: tuple[Opinion, ...]) -> list[tuple[Failure, Mode]]:
    """Return what may be learned: each failure on which people agree, the newest first."""
    return [(opinion.failure, mode) for opinion in said if (mode := opinion.agreed)]


def new_since(version: LearnedVersion, said: tuple[Opinion, ...]) -> bool:
    """Tell whether people said, or took back, anything after `version` was learned."""
    agreed = sum(opinion.agreed is not None for opinion in said)
    later = any(label.at > version.at for opinion in said for label in opinion.labels)
    return later or agreed != version.labels


def figures_of(version: LearnedVersion) -> LearningFigures:
    """Return before and after as a version was learned."""
    return LearningFigures.model_validate_json(version.figures)


def settle(store: Store, opinion: Opinion, mode: Mode, author: str, key: str) -> None:
    """End a disagreement: the proposals that hold the failure take this word, and it is learned.

    Raises:
        StoreError: the database failed.
    """
    places = dict.fromkeys((label.proposal_id, label.failure_id) for label in opinion.labels)
    for number, (id, failure_id) in enumerate(places):
        if _there(store, id, failure_id, opinion.digest):
            store.edit(id, {f"corrections.{failure_id}": mode}, author, f"{key}-{number}")
    store.labels.settle(opinion.digest, mode, author)


def _there(store: Store, id: str, failure_id: str, digest: str) -> bool:
    try:
        failures = store.get(id).draft.failures
    except NotFoundError:
        return False
    return any(failure.id == failure_id and digest_of(failure) == digest for failure in failures)
