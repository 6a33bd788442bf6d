"""The command line as a user calls it: real files, real results, and no traceback ever."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from calling import Call, caller

from advisor.cli import cli
from advisor.core.parsing import parse_yaml
from advisor.documents import WRITERS
from advisor.proposal import parse_proposal
from advisor.rules import load
from advisor.samples import samples
from advisor.triage.recommend import load_tools, triage

SAMPLES = Path(__file__).parent.parent / "advisor" / "samples"
RULES = SAMPLES.parent.parent / "rules"
CONTRACT: dict[str, type | tuple[type, ...]] = {
    "recommendation": str,
    "abstained": bool,
    "confidence": float,
    "causes": dict,
    "ranking": list,
    "evidence": list,
    "failures": list,
    "next_questions": list,
    "flips": list,
    "fingerprints": dict,
}
FAILURE = {"id", "mode", "cause", "probabilities", "abstained"}
EVIDENCE = {"id", "topic", "cause", "weight", "because", "source", "given"}
HOSTILE = '\x1b[31m[bold red]=HYPERLINK("http://x")[/] <script>alert(1)</script> {{7*7}} #eval(1)'


@pytest.fixture
def advisor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call a command in this process: starting one takes seconds."""
    return caller(monkeypatch, capsys)


def write(path: Path, content: Any) -> Path:
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")
    return path


def proposal(**more: Any) -> dict[str, Any]:
    return {"title": "t", "description": "d", **more}


def test_help_names_every_command(advisor: Call) -> None:
    done = advisor("--help")
    assert done.code == 0
    for command in ("triage", "classify", "export", "rules", "app"):
        assert command in done.out


def test_the_file_that_help_shows_is_a_proposal() -> None:
    shown = next(one for one in cli.registered_commands if one.callback.__name__ == "triage")
    text = dedent(shown.callback.__doc__.split("```yaml\n")[1].split("```")[0])
    told = parse_proposal(parse_yaml(text, "help"), "help")
    assert not load().answer_problems(told.answers, "help")


@pytest.mark.parametrize(
    ("shell", "asked", "offered"),
    [
        ("bash", {"COMP_WORDS": "advisor tri", "COMP_CWORD": "1"}, "triage"),
        ("zsh", {"_TYPER_COMPLETE_ARGS": "advisor export x --to "}, "pdf"),
        (
            "fish",
            {"_TYPER_COMPLETE_ARGS": "advisor rules ", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
            "check",
        ),
    ],
)
def test_shells_complete_commands_and_choices(
    advisor: Call,
    monkeypatch: pytest.MonkeyPatch,
    shell: str,
    asked: dict[str, str],
    offered: str,
) -> None:
    for name, value in {"_ADVISOR_COMPLETE": f"complete_{shell}", **asked}.items():
        monkeypatch.setenv(name, value)
    assert offered in advisor().out


def test_triage_prints_one_object_that_keeps_the_contract(advisor: Call) -> None:
    done = advisor("triage", SAMPLES / "returns-desk.yaml", "--json")
    assert (done.code, done.err) == (0, "")
    result = json.loads(done.out)
    for name, kind in CONTRACT.items():
        assert type(result[name]) is kind, name
    assert result["recommendation"] == "retrieval"
    assert sum(result["causes"].values()) == pytest.approx(1, abs=1e-3)
    for option in result["ranking"]:
        assert option.keys() >= {"remedies", "expected_fixed", "overhead", "vetoed_by"}
        assert option["expected_fixed"].keys() == {"low", "mid", "high"}
    assert all(item.keys() >= EVIDENCE for item in result["evidence"])
    assert all(item.keys() >= FAILURE for item in result["failures"])
    assert result["fingerprints"].keys() == {"proposal", "rules", "classifier"}


@pytest.mark.slow
def test_another_process_prints_the_very_same_bytes(advisor: Call) -> None:
    """Whatever order its sets have and however many threads it gets."""
    file = SAMPLES / "patient-letters.yaml"
    command = [sys.executable, "-m", "advisor", "triage", str(file), "--json"]
    odd = os.environ | {"PYTHONHASHSEED": "7", "OMP_NUM_THREADS": "1", "LC_ALL": "C"}
    there = subprocess.run(command, capture_output=True, check=True, env=odd).stdout
    assert advisor("triage", file, "--json").out.encode() == there
    here = triage(samples()["patient-letters"], load_tools())
    assert json.loads(there) == here.model_dump(mode="json")


def test_many_proposals_come_back_in_order_and_a_bad_line_in_its_place(
    advisor: Call, tmp_path: Path
) -> None:
    good = samples()["fleet-costs"].model_dump(mode="json")
    rows = [
        json.dumps({**good, "title": "one"}),
        "{broken",
        "",
        json.dumps({**good, "title": "two"}),
        '{"title": "x"}',
        json.dumps({**good, "title": "three", "answers": {"n_label": 3}}),
        json.dumps({**good, "title": "four"}),
    ]
    done = advisor("triage", write(tmp_path / "many.jsonl", "\r\n".join(rows)), "--json")
    assert done.code == 2
    results = [json.loads(line) for line in done.out.splitlines()]
    assert [item.get("title") for item in results] == ["one", None, "two", None, None, "four"]
    wrong = [item for item in results if "error" in item]
    assert [item.keys() for item in wrong] == [{"line", "error"}] * 3
    assert [item["line"] for item in wrong] == [2, 5, 6]
    assert [line.split(": ")[0] for line in done.err.splitlines()] == [
        "many.jsonl:2",
        "many.jsonl:5.description",
        "many.jsonl:6.answers.n_label",
    ]
    alone = advisor("triage", write(tmp_path / "one.json", rows[0]), "--json")
    assert json.loads(alone.out) == results[0]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", "{", "is not JSON"),
        ("a.json", proposal(titel=1), "Did you mean 'title'"),
        ("a.json", proposal(answers={"n_label": 3}), "Did you mean 'n_labels'"),
        ("a.json", proposal(answers={"n_labels": "many"}), "n_labels"),
        ("a.json", proposal(answers={"n_labels": True}), "yes is not an answer to 'n_labels'"),
        ("a.json", proposal(answers={"n_labels": -1}), "Use a number from 2"),
        ("a.json", proposal(answers={"n_labels": 10**40}), "Use a number from 2"),
        ("a.json", proposal(answers={"regulated": 1}), "Use yes or no"),
        ("a.json", proposal(answers={"facts_change_often": "Weekly"}), "Did you mean 'weekly'"),
        ("a.json", proposal(title="t\0"), "NUL"),
        ("a.json", '{"title": "\\ud800", "description": "d"}', "surrogate"),
        ("a.json", proposal(failures=[{"output": "x" * 10_000_000}]), "10,000,000 characters"),
        ("a.json", {**proposal(), HOSTILE: 1}, "there is no such field"),
        ("a.json", proposal(requested=HOSTILE), "is not a remedy"),
        ("a.yaml", "title: [", "not YAML"),
        ("a.jsonl", "\n \n", "is empty"),
        ("a.exe", "x", "ending"),
        ("a\x1b[31m.json", "[]", "a\\x1b[31m.json: holds a list"),
    ],
)
def test_wrong_input_is_one_clear_line_a_problem_and_exit_2(
    advisor: Call, tmp_path: Path, name: str, content: Any, words: str
) -> None:
    done = advisor("triage", write(tmp_path / name, content), "--json")
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    lines = done.err.splitlines()
    assert len(lines) == 1
    assert lines[0].isprintable() and len(lines[0]) < 500


def test_a_missing_file_is_exit_2(advisor: Call) -> None:
    done = advisor("triage", "no-such-file.json")
    assert done.code == 2
    assert done.err == "no-such-file.json: no such file. Check the path\n"


def test_wrong_input_is_said_before_any_model_is_loaded(
    advisor: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("advisor.commands.triage.load_tools")
    assert advisor("triage", write(tmp_path / "a.json", {})).code == 2


def test_an_unexpected_fault_is_one_line_too(
    advisor: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("a\nb\x1b[2J")

    monkeypatch.setattr("advisor.commands.triage.read_proposal", break_down)
    done = advisor("triage", SAMPLES / "fleet-costs.yaml")
    assert done.code == 70
    assert len(done.err.splitlines()) == 1
    assert "\x1b" not in done.err


def test_what_a_user_wrote_is_shown_and_never_obeyed(advisor: Call, tmp_path: Path) -> None:
    failures = [
        {"id": "../../etc/passwd", "input": HOSTILE, "output": HOSTILE, "expected": HOSTILE},
        {"id": HOSTILE, "note": HOSTILE, "context": HOSTILE},
    ]
    content = proposal(title=HOSTILE, description=HOSTILE, failures=failures)
    content["current"] = {"model": HOSTILE, "prompt": HOSTILE, "retrieval": HOSTILE}
    file = write(tmp_path / "a.json", content)
    text = advisor("triage", file)
    assert text.code == 0
    assert "\x1b" not in text.out
    assert "[bold red]" in text.out
    result = json.loads(advisor("triage", file, "--json").out)
    assert result["title"] == HOSTILE
    assert [item["id"] for item in result["failures"]] == ["../../etc/passwd", HOSTILE]
    lines = write(tmp_path / "f.jsonl", "\n".join(map(json.dumps, failures)))
    assert "\x1b" not in advisor("classify", lines).out
    for ending in WRITERS:
        assert advisor("export", file, "--out", tmp_path / f"a.{ending}").code == 0
    assert "<script" not in (tmp_path / "a.html").read_text("utf-8")
    assert "<script" not in (tmp_path / "a.md").read_text("utf-8")
    assert {one.name for one in tmp_path.iterdir()} == {
        "a.json",
        "f.jsonl",
        *(f"a.{ending}" for ending in WRITERS),
    }


def test_classify_prints_one_line_a_failure(advisor: Call, tmp_path: Path) -> None:
    rows = [{"id": "a", "note": "made up a phone number"}, {"output": "x", "expected": "y"}]
    file = write(tmp_path / "failures.jsonl", "\n".join(map(json.dumps, rows)))
    done = advisor("classify", file, "--json")
    assert done.code == 0
    results = [json.loads(line) for line in done.out.splitlines()]
    assert results[0]["id"] == "a"
    for item in results:
        assert FAILURE <= item.keys() <= FAILURE | {"why"}
        assert type(item["abstained"]) is bool
        assert sum(item["probabilities"].values()) == pytest.approx(1, abs=1e-3)
    text = advisor("classify", file).out.splitlines()
    assert [line.split("\t")[0] for line in text] == ["a", results[1]["id"]]


def test_classify_keeps_the_rest_when_a_row_is_bad(advisor: Call, tmp_path: Path) -> None:
    file = write(tmp_path / "failures.jsonl", '{"note": "too long"}\n{"input": "only"}\n')
    done = advisor("classify", file, "--json")
    assert done.code == 2
    assert len(done.out.splitlines()) == 1
    assert "failures.jsonl:2" in done.err


def test_classify_says_how_it_read_a_file(advisor: Call, tmp_path: Path) -> None:
    file = tmp_path / "failures.csv"
    file.write_bytes("Spalte A,Spalte B,Spalte C\nq,café,trop long\n".encode("latin-1"))
    done = advisor("classify", file, "--json")
    assert done.code == 0
    assert "Windows-1252" in done.err
    assert "columns were guessed" in done.err and "'Spalte" in done.err


@pytest.mark.parametrize("ending", WRITERS)
def test_export_writes_each_format_with_its_fingerprints(
    advisor: Call, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"record.{ending}"
    done = advisor("export", SAMPLES / "fleet-costs.yaml", "--out", out)
    assert done.code == 0, done.err
    content = out.read_bytes()
    if ending == "pdf":
        assert content.startswith(b"%PDF")
    else:
        assert samples()["fleet-costs"].fingerprint in content.decode()


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("record.doc", "md, html, pdf or json"),
        ("record", "md, html, pdf or json"),
        ("none/record.md", "its folder does not exist. Make the folder first"),
        ("folder.md", "is a folder. Add the name of a file"),
    ],
)
def test_export_to_a_place_that_cannot_be_says_why(
    advisor: Call, tmp_path: Path, out: str, words: str
) -> None:
    (tmp_path / "folder.md").mkdir()
    done = advisor("export", SAMPLES / "fleet-costs.yaml", "--out", tmp_path / out)
    assert done.code == 2
    assert words in done.err
    assert [one.name for one in tmp_path.iterdir()] == ["folder.md"]


def test_the_shipped_rules_hold(advisor: Call) -> None:
    done = advisor("rules", "check")
    assert (done.code, done.out) == (0, "")


def test_a_broken_rule_is_named_with_file_and_line_and_exit_1(
    advisor: Call, tmp_path: Path
) -> None:
    rules = edited_rules(tmp_path, "- custom_label_scheme\n", "- custom_lable_scheme\n")
    done = advisor("rules", "check", "--rules", rules)
    assert done.code == 1
    assert "labels.yaml:" in done.out
    assert "Did you mean 'custom_label_scheme'" in done.out


def edited_rules(folder: Path, old: str, new: str) -> Path:
    """Copy the shipped rules into a git repository, commit them, then edit them."""
    rules = folder / "rules"
    shutil.copytree(RULES, rules)
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    for words in (("init", "-q"), ("add", "."), (*who, "commit", "-q", "-m", "Rules")):
        subprocess.run(["git", "-C", str(folder), *words], check=True)
    for file in rules.rglob("*.yaml"):
        file.write_text(file.read_text("utf-8").replace(old, new), encoding="utf-8")
    return rules


@pytest.mark.slow
def test_rules_against_a_revision_name_what_changes(advisor: Call, tmp_path: Path) -> None:
    rules = edited_rules(tmp_path, "weight: strong", "weight: weak")
    done = advisor("rules", "check", "--rules", rules, "--against", "HEAD")
    assert done.code == 0, done.err
    assert done.out
    for line in done.out.splitlines():
        name, change = line.split(": ")
        before, after = change.split(" -> ")
        assert name in samples() and before != after
    done = advisor("rules", "check", "--rules", rules, "--against", "no-such-revision")
    assert done.code == 2
    assert "no-such-revision" in done.err
