"""Mutates the exemplars and exports of every format, and looks for what breaks the readers.

Run it with `python -m benchmarks.fuzz 120 7`: seconds and seed. It ends with 1 and the case, in
JSON, at the first answer that is not finite, does not sum to 1, or takes too long.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator
from time import monotonic, process_time
from typing import Any

import numpy as np

from advisor.errors import InputError
from advisor.failures.classifier import Classifier, load_classifier
from advisor.failures.features.case import FailureCase
from advisor.failures.features.registry import PARTS, complaints, relations
from advisor.failures.training.exemplars import read_exemplars
from advisor.importing import read_failures, read_record
from advisor.proposal import FAILURE_TEXT_LIMIT, Failure
from benchmarks.fuzz_formats import FILES, records_of

SECONDS = 1.0
"""Processor time for the features of one failure; ten times what a long one needs."""
RUNS = (
    "1",
    "A",
    "a.",
    "1+",
    "\n",
    " ",
    '"',
    "(",
    "[",
    '{"a":',
    "- ",
    "日",
    "👍",
    "\u202e",
    "A-",
    "_",
)
LONG = 200_000
"""Characters of a long output."""
BYTES = (b"", b"\0", b"\xff", b'"', b"{", b"}", b"[", b"]", b",", b":", b"null", b"1e999", b"\n")

Draw = random.Random


def mutated(text: str, draw: Draw) -> str:
    """Return a text with one thing changed: cut, doubled, mixed, or with a run put in."""
    place, end = sorted(draw.randrange(len(text) + 1) for _ in range(2))
    changes: tuple[Callable[[], str], ...] = (
        lambda: text[:place] + text[end:],
        lambda: text[:place] + draw.choice(RUNS) * draw.choice((1, 7, 500, 6_000)) + text[place:],
        lambda: text[:place] + chr(draw.choice((draw.randrange(1, 0xD800), 9))) + text[end:],
        lambda: (text * LONG)[: draw.choice((LONG // 10, LONG, FAILURE_TEXT_LIMIT))],
        lambda: json.dumps({"a": text}) if draw.random() < 0.5 else f"<p>{text}</p>",
        lambda: "".join(draw.sample(text, len(text))),
        lambda: text.swapcase(),
    )
    return draw.choice(changes)()[:FAILURE_TEXT_LIMIT]


def strange_failures(draw: Draw) -> Iterator[dict[str, str]]:
    """Give exemplars with one to four changes each, parts left out or exchanged, for ever."""
    cases = [exemplar.case for exemplar in read_exemplars()]
    exemplars = [{part: getattr(case, part).whole for part in PARTS} for case in cases]
    while True:
        mixed = {name: draw.choice(exemplars)[name] for name in PARTS}
        fields = mixed if draw.random() < 0.3 else dict(draw.choice(exemplars))
        for _ in range(draw.randrange(1, 5)):
            name = draw.choice(PARTS)
            fields[name] = mutated(fields[name], draw)
        yield {name: fields[name] for name in PARTS if fields[name].strip()}


def wrong_with(fields: dict[str, str], classifier: Classifier) -> str:
    """Return what is wrong with how a failure is read; nothing if all is well."""
    try:
        failure = Failure.model_validate(fields)
    except ValueError:
        return ""
    start = process_time()
    case = FailureCase.of(failure)
    values = np.concatenate([relations([case])[0], complaints([case])[0]])
    taken = process_time() - start
    if taken > SECONDS:
        return f"the features take {taken:.1f} s"
    if not np.isfinite(values).all():
        return "a feature is not finite"
    chances = np.array(list(classifier.read([failure])[0].probabilities.values()))
    fine = np.isfinite(chances).all() and chances.min() >= 0 and abs(chances.sum() - 1) < 1e-9
    return "" if fine else f"the probabilities are {chances.tolist()}"


def broken_file(draw: Draw) -> tuple[str, bytes]:
    """Return a file of a known format with some of its bytes changed."""
    name, data = draw.choice(FILES)
    for _ in range(draw.randrange(1, 6)):
        place, end = sorted(draw.randrange(len(data) + 1) for _ in range(2))
        end = min(end, place + draw.randrange(60))
        data = data[:place] + draw.choice((*BYTES, data[place:end] * 2)) + data[end:]
    return name, data


def broken_record(draw: Draw) -> Any:
    """Return a record of a known export in which some values stand where others belong."""
    record = json.loads(json.dumps(draw.choice(records_of(FILES))))
    values = [record, None, "", [], {}, "x", 0, True, [[]], [{}], {"value": [1]}, '{"a":', "[{}]"]
    holders = list(_holders(record))
    for _ in range(draw.randrange(1, 6)):
        holder = draw.choice(holders)
        if holder:
            keys = list(holder) if isinstance(holder, dict) else range(len(holder))
            holder[draw.choice(list(keys))] = json.loads(json.dumps(draw.choice(values[1:])))
    return record


def _holders(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _holders(inner)


def tried(name: str, data: bytes, record: Any) -> None:
    """Read a file and a record, alone and in a list; a refusal in words is fine."""
    for file, content in ((name, data), ("a.json", json.dumps([record]).encode())):
        try:
            read_failures(file, content).model_dump_json()
        except InputError as error:
            assert error.problems
    if isinstance(record, dict):
        try:
            read_record(record)
        except ValueError as error:
            assert "nested too deep" in str(error)


def main(seconds: float, seed: int) -> int:
    """Fuzz for so many seconds; return 1 after the first case that breaks something."""
    draw, end, count = Draw(seed), monotonic() + seconds, 0
    classifier, failures = load_classifier(), strange_failures(draw)
    while monotonic() < end:
        fields = next(failures)
        if wrong := wrong_with(fields, classifier):
            print(json.dumps({"wrong": wrong, "failure": fields}))
            return 1
        (name, data), record = broken_file(draw), broken_record(draw)
        try:
            tried(name, data, record)
        except Exception:
            print(json.dumps({"name": name, "data": data.decode("latin-1"), "record": record}))
            raise
        count += 1
    print(f"{count:,} failures and {2 * count:,} files read in {seconds:.0f} s, seed {seed}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2])))
