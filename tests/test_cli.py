"""The command line as a user calls it: real processes, real files."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from advisor.recommend import load_tools, triage
from advisor.records import WRITERS
from advisor.samples import samples

SAMPLES = Path(__file__).parent.parent / "advisor" / "samples"
CONTRACT = {
    "recommendation",
    "abstained",
    "confidence",
    "causes",
    "ranking",
    "evidence",
    "failures",
    "next_questions",
    "flips",
    "fingerprints",
}


def advisor(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "advisor", *map(str, words)],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
        encoding="utf-8",
    )


def write(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_help_names_every_command() -> None:
    done = advisor("--help")
    assert done.returncode == 0
    for command in ("triage", "classify", "export", "rules", "app"):
        assert command in done.stdout


def test_triage_prints_one_object_that_keeps_the_contract() -> None:
    done = advisor("triage", SAMPLES / "returns-desk.yaml", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    assert result.keys() >= CONTRACT
    assert result["recommendation"] == "retrieval"
    assert result["ranking"][0].keys() >= {"remedies", "expected_fixed", "overhead", "vetoed_by"}
    assert result["evidence"][0].keys() >= {"id", "topic", "cause", "weight", "because", "source"}
    assert result["failures"][0].keys() >= {"id", "mode", "cause", "probabilities", "abstained"}


def test_the_command_line_and_the_library_agree() -> None:
    done = advisor("triage", SAMPLES / "patient-letters.yaml", "--json")
    here = triage(samples()["patient-letters"], load_tools())
    assert json.loads(done.stdout) == here.model_dump(mode="json")


def test_many_proposals_come_back_in_order_and_a_bad_line_in_its_place(tmp_path: Path) -> None:
    good = samples()["fleet-costs"].model_dump(mode="json")
    lines = [{**good, "title": f"Number {n}"} for n in range(3)]
    rows = [
        json.dumps(lines[0]),
        "{broken",
        json.dumps(lines[1]),
        '{"title": "x"}',
        json.dumps(lines[2]),
    ]
    done = advisor("triage", write(tmp_path / "many.jsonl", "\n".join(rows)), "--json")
    assert done.returncode == 2
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [item.get("title") for item in results] == [
        "Number 0",
        None,
        "Number 1",
        None,
        "Number 2",
    ]
    assert results[1]["line"] == 2 and "not JSON" in results[1]["error"]
    assert "many.jsonl:4" in done.stderr and "description" in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", "{", "is not JSON"),
        ("a.json", {"title": "t", "description": "d", "titel": 1}, "titel"),
        ("a.json", {"title": "t", "description": "d", "answers": {"n_label": 3}}, "n_labels"),
        ("a.json", {"title": "t", "description": "d", "answers": {"n_labels": "many"}}, "n_labels"),
        (
            "a.json",
            {"title": "t", "description": "d", "answers": {"regulated": "perhaps"}},
            "regulated",
        ),
        ("a.json", {"title": "t\u0000", "description": "d"}, "NUL"),
        ("a.yaml", "title: [", "not YAML"),
        ("a.exe", "x", "ending"),
    ],
)
def test_wrong_input_is_one_clear_line_a_problem_and_exit_2(
    tmp_path: Path, name: str, content: Any, words: str
) -> None:
    done = advisor("triage", write(tmp_path / name, content), "--json")
    assert done.returncode == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert all(line.startswith(name) for line in done.stderr.splitlines())


def test_a_missing_file_is_exit_2() -> None:
    done = advisor("triage", "no-such-file.json")
    assert done.returncode == 2
    assert "no such file" in done.stderr


def test_classify_prints_one_line_a_failure(tmp_path: Path) -> None:
    rows = [{"id": "a", "note": "made up a phone number"}, {"output": "x", "expected": "y"}]
    file = write(tmp_path / "failures.jsonl", "\n".join(map(json.dumps, rows)))
    done = advisor("classify", file, "--json")
    assert done.returncode == 0
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert results[0]["id"] == "a"
    assert all(
        sum(item["probabilities"].values()) == pytest.approx(1, abs=1e-3) for item in results
    )


def test_classify_keeps_the_rest_when_a_row_is_bad(tmp_path: Path) -> None:
    file = write(tmp_path / "failures.jsonl", '{"note": "too long"}\n{"input": "only"}\n')
    done = advisor("classify", file, "--json")
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 1
    assert "failures.jsonl:2" in done.stderr


@pytest.mark.parametrize("ending", WRITERS)
def test_export_writes_each_format_with_its_fingerprints(tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"record.{ending}"
    done = advisor("export", SAMPLES / "fleet-costs.yaml", "--out", out)
    assert done.returncode == 0, done.stderr
    content = out.read_bytes()
    if ending == "pdf":
        assert content.startswith(b"%PDF")
    else:
        assert samples()["fleet-costs"].fingerprint in content.decode()


def test_export_to_an_unknown_format_says_which_there_are(tmp_path: Path) -> None:
    done = advisor("export", SAMPLES / "fleet-costs.yaml", "--out", tmp_path / "record.doc")
    assert done.returncode == 2
    assert "md, html, pdf or json" in done.stderr


def test_the_shipped_rules_hold() -> None:
    done = advisor("rules", "check")
    assert done.returncode == 0, done.stdout


def test_a_broken_rule_is_named_with_file_and_line_and_exit_1(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shipped = SAMPLES.parent.parent / "rules"
    for path in shipped.rglob("*.yaml"):
        target = folder / path.relative_to(shipped)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(
            path.read_text("utf-8").replace("- custom_label_scheme\n", "- custom_lable_scheme\n"),
            encoding="utf-8",
        )
    done = advisor("rules", "check", "--rules", folder)
    assert done.returncode == 1
    assert "labels.yaml:" in done.stdout
    assert "did you mean 'custom_label_scheme'" in done.stdout


def test_rules_against_a_revision_name_what_changes() -> None:
    done = advisor("rules", "check", "--against", "HEAD")
    assert done.returncode == 0, done.stderr
    done = advisor("rules", "check", "--against", "no-such-revision")
    assert done.returncode == 2
    assert "no-such-revision" in done.stderr
