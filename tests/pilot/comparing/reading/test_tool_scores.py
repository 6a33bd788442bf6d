"""Scores from what promptfoo, lm-evaluation-harness and Inspect write, and from broken files."""

import io
import json
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import InputError
from advisor.pilot.comparing import compare
from advisor.pilot.comparing.reading import Joined, ScoreFile, inspect_logs, read_scores


def read(*contents: Any, metric: str | None = None, **more: str) -> Joined:
    sources = [
        ScoreFile(more.pop("name", "results.json"), as_bytes(one), **more) for one in contents
    ]
    return read_scores(sources, metric)


def as_bytes(content: Any) -> bytes:
    return content if isinstance(content, bytes) else json.dumps(content).encode()


def scores(joined: Joined) -> dict[str, list[float]]:
    table = joined.table
    return {arm: np.nan_to_num(table.column(arm), nan=-1).tolist() for arm in table.arms}


def refused(*contents: Any, **more: str) -> str:
    with pytest.raises(InputError) as error:
        read(*contents, **more)
    return str(error.value)


def promptfoo(provider: str, prompt: int, test: int, **more: Any) -> dict[str, Any]:
    return {
        "promptIdx": prompt,
        "testIdx": test,
        "provider": {"id": provider, "label": ""},
        "prompt": {"raw": "Long text", "label": f"wording {prompt}"},
        "vars": {"q": f"Question {test}"},
        "success": True,
        "score": 1,
        "namedScores": {},
        "failureReason": 0,
    } | more


def whole(*results: dict[str, Any]) -> dict[str, Any]:
    return {"evalId": "eval-1", "results": {"version": 3, "results": list(results)}, "config": {}}


def test_promptfoo_providers_are_arms() -> None:
    file = whole(
        promptfoo("openai:small", 0, 0, score=0.5, success=False),
        promptfoo("openai:large", 0, 0),
        promptfoo("openai:small", 0, 1, success=False, score=0, failureReason=2, error="429"),
        promptfoo("openai:large", 0, 1, score=0, success=False),
    )
    joined = read(file)
    assert scores(joined) == {"openai:small": [0.5, -1], "openai:large": [1, 0]}
    assert "results.json: 1 answers never came and count as not run." in joined.notes
    assert scores(read(file, metric="success"))["openai:small"] == [0, -1]


def test_promptfoo_prompts_are_arms_and_repeats_are_averaged() -> None:
    results = [promptfoo("p", place, 0, score=score) for place, score in ((0, 1), (1, 0), (1, 1))]
    assert scores(read(whole(*results))) == {"wording 0": [1], "wording 1": [0.5]}
    both = [*results, promptfoo("q", 0, 0)]
    assert list(scores(read(whole(*both)))) == ["p | wording 0", "p | wording 1", "q | wording 0"]


def test_promptfoo_named_scores_and_json_lines() -> None:
    rows = [promptfoo("p", 0, test, namedScores={"tone": 0.2 * test}) for test in range(3)]
    lines = "\n".join(map(json.dumps, rows)).encode()
    joined = read(lines, metric="tone", name="results.jsonl")
    assert scores(joined)["p"] == pytest.approx([0, 0.2, 0.4])
    assert "Use --metric with score, success or tone" in refused(lines, metric="tune")


def sample(doc: int, **more: Any) -> dict[str, Any]:
    return {
        "doc_id": doc,
        "doc": {"question": f"{doc}?"},
        "target": "1",
        "arguments": {"gen_args_0": {"arg_0": "…"}},
        "resps": [["1"]],
        "filtered_resps": ["1"],
        "filter": "none",
        "metrics": ["acc", "acc_norm"],
        "doc_hash": f"{doc:064x}",
        "acc": 1.0,
        "acc_norm": 0.0,
    } | more


def lines(*records: dict[str, Any]) -> bytes:
    return "".join(f"{json.dumps(record)}\n" for record in records).encode()


SAMPLES = "samples_{}_2026-11-28T04-22-07.404570.jsonl"


def harness(*files: tuple[str, str, bytes], metric: str | None = None) -> Joined:
    sources = [ScoreFile(SAMPLES.format(task), data, None, model) for model, task, data in files]
    return read_scores(sources, metric)


def test_samples_of_two_models_are_two_arms() -> None:
    first = lines(sample(0), sample(1, acc=0.0))
    second = lines(sample(1), sample(2))
    joined = harness(("base", "faq", first), ("tuned", "faq", second))
    assert scores(joined) == {"base": [1, 0, -1], "tuned": [-1, 1, 1]}
    assert joined.table.cases[0].startswith("faq/0/")
    assert any("is scored by acc; it also has acc_norm." in note for note in joined.notes)
    assert scores(harness(("base", "faq", first), metric="acc_norm")) == {"base": [0, 0]}


def test_documents_that_are_numbered_alike_are_not_the_same_case() -> None:
    other = lines(sample(0, doc_hash="f" * 64))
    joined = harness(("base", "faq", lines(sample(0))), ("tuned", "faq", other))
    assert scores(joined) == {"base": [1, -1], "tuned": [-1, 1]}


def test_tasks_add_up_and_filters_are_metrics() -> None:
    kinds = [
        sample(0, filter=kind, metrics=["exact"], exact=value)
        for kind, value in (("strict", 0), ("flexible", 1))
    ]
    joined = harness(("base", "faq", lines(*kinds)), ("base", "math", lines(*kinds)))
    assert scores(joined) == {"base": [0, 0]}
    assert scores(harness(("base", "faq", lines(*kinds)), metric="exact,flexible")) == {"base": [1]}


def test_results_with_samples_are_read_and_averages_are_not() -> None:
    results = {"results": {"faq": {"acc,none": 0.5}}, "configs": {}, "model_name": "base"}
    assert scores(read(results | {"samples": {"faq": [sample(0), sample(1)]}})) == {"base": [1, 1]}
    assert "Run lm_eval with --log_samples" in refused(results)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (lines(sample(0), sample(0)), "a second time"),
        (lines(sample(0), {"a": 1}), "line 2: is no sample"),
        (lines(sample(0)) + b"{broken\n", "line 2: is not JSON"),
        (lines(sample(0, metrics=["perplexity"], perplexity=3.0)), "of which less is better"),
        (lines(sample(0, metrics=["acc"], acc=[1, 2])), "holds no score"),
    ],
)
def test_broken_samples_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        harness(("base", "faq", data))


def logged(case: Any, epoch: int = 1, **scorers: Any) -> dict[str, Any]:
    given = {name: {"value": value, "answer": "…"} for name, value in scorers.items()}
    return {"id": case, "epoch": epoch, "input": "…", "target": "…", "scores": given}


def log(model: str, *samples: dict[str, Any]) -> dict[str, Any]:
    about = {"model": model, "task": "faq"}
    return {"version": 2, "status": "success", "eval": about, "samples": list(samples)}


def packed(content: Mapping[str, Any], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for name, value in content.items():
            archive.writestr(name, value if isinstance(value, bytes) else json.dumps(value))
    return file.getvalue()


def zstandard(content: Mapping[str, Any]) -> bytes:
    """Pack as Inspect does since 2026; before Python 3.14 zipfile cannot, so its marks are set."""
    codec = pa.Codec("zstd")
    ready = {name: bytes(codec.compress(json.dumps(v).encode())) for name, v in content.items()}
    data = bytearray(packed(ready, zipfile.ZIP_STORED))
    for mark, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        place = data.find(mark)
        while place >= 0:
            struct.pack_into("<H", data, place + method, 93)
            place = data.find(mark, place + 1)
    return bytes(data)


SAMPLED = [logged("x", match="C", f1=0.5), logged("y", match="I", f1=0.25)]
PARTS = {"header.json": log("mock/a"), "summaries.json": SAMPLED, "samples/x_epoch_1.json": {}}


def test_inspect_logs_are_read_and_epochs_averaged() -> None:
    first = log("mock/a", logged("x", match="C"), logged("x", 2, match="I"), logged(2, match="P"))
    second = log("mock/b", logged("x", match=True), logged(2, match="N"))
    assert scores(read(first, second)) == {"mock/a": [0.5, 0.5], "mock/b": [1, 0]}
    figures = log("mock/a", logged("x", judge={"style": 4, "tone": "good", "facts": 2}))
    assert scores(read(figures, metric="judge/facts")) == {"mock/a": [2]}


@pytest.mark.parametrize("pack", [packed, zstandard])
def test_packed_inspect_logs_are_read_whichever_way_they_are_packed(pack: Any) -> None:
    joined = read(pack(PARTS), name="log.eval")
    assert scores(joined) == {"mock/a": [1, 0]}
    assert scores(read(pack(PARTS), metric="f1")) == {"mock/a": [0.5, 0.25]}


def test_an_answer_without_a_score_counts_as_not_run() -> None:
    failed = logged("z") | {"error": "ConnectionError"}
    assert scores(read(log("m", logged("x", match="C"), failed))) == {"m": [1]}
    assert scores(read(log("m", logged("x", match="C"), logged("y", match="?")))) == {"m": [1, -1]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (log("m"), "holds no samples"),
        (packed({"summaries.json": []}), "is no finished Inspect log"),
        (packed({"_journal/start.json": log("m")}), "is no finished Inspect log"),
        (packed({**PARTS, "header.json": []}), "is no Inspect log"),
        (packed({**PARTS, "summaries.json": b"[{"}), "is not JSON"),
        (packed({**PARTS, "summaries.json": b"\xff\xfe"}), "is damaged"),
        (packed(PARTS)[:200], "is damaged"),
        (packed(PARTS)[:60] + b"\x00" * 40 + packed(PARTS)[100:], "is damaged"),
        (zstandard(PARTS)[:45] + b"\x00" * 20 + zstandard(PARTS)[65:], "is damaged"),
        ({"some": "thing"}, "is JSON of no known kind"),
        ([1, 2], "is JSON of no known kind"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a": ', "is not JSON"),
    ],
)
def test_broken_logs_are_refused(content: Any, said: str) -> None:
    assert said in refused(content)


@pytest.mark.parametrize("pack", [packed, zstandard])
def test_a_log_that_grows_without_end_is_refused(
    pack: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspect_logs, "LINE_LIMIT", 1_000_000)
    bomb = pack({**PARTS, "summaries.json": ["0" * 30_000_000]})
    assert len(bomb) < 100_000
    assert "grows beyond 1 MB once unpacked" in refused(bomb)


def test_a_directory_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspect_logs, "_DIRECTORY_LIMIT", 100)
    assert "is damaged" in refused(packed(PARTS))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([
                "results",
                "promptIdx",
                "score",
                "samples",
                "eval",
                "doc_id",
                "scores",
                "filtered_resps",
                "id",
                "metrics",
                "testIdx",
                "provider",
                "value",
            ]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(JSON)
def test_no_json_makes_it_fall_over(content: Any) -> None:
    try:
        compare(read(content).table)
    except InputError as error:
        assert error.problems
