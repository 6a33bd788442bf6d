"""`advisor pilot compare` as a person calls it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from calling import Call, caller
from tables import drawn

HOSTILE = "\x1b[31m[bold]evil[/]"


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    scores = drawn(90, prompt=0.3, few_shot=0.5, fine_tuning=0.85)
    rows = zip(scores.cases, scores.scores.tolist(), strict=True)
    lines = ["case,prompt,few_shot,fine_tuning"]
    lines += [f"{case},{','.join(map(str, values))}" for case, values in rows]
    path = tmp_path / "scores.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    return caller(monkeypatch, capsys, "pilot", "compare")


def test_the_verdict_comes_first_in_plain_words(run: Call, csv: Path) -> None:
    said = run(csv, "--recommended", "fine_tuning")
    assert said.code == 0
    first, *rest = [line for line in said.out.splitlines() if line.strip()]
    assert "Confirmed: fine-tuning" in first
    assert "Fine-tuning is better than plain prompt by" in rest[0]
    assert "Go on with fine-tuning." in said.out
    assert "Compared on the same cases" in said.out
    assert "Simplest first: plain prompt, prompt with examples, fine-tuning." in said.out


def test_programs_get_one_object(run: Call, csv: Path) -> None:
    said = run(csv, "--json", "--primary", "few_shot:fine_tuning", "--margin", "0.05")
    result = json.loads(said.out)
    assert said.out.count("\n") == 1
    assert [result["comparisons"][0][side] for side in "ab"] == ["few_shot", "fine_tuning"]
    assert result["verdict"]["margin"] == 0.05
    assert result["verdict"]["outcome"] == "confirmed"


def test_costs_change_which_arm_is_simpler(run: Call, csv: Path) -> None:
    said = run(csv, "--json", "--cost", "fine_tuning=0", "--recommended", "fine_tuning")
    assert json.loads(said.out)["verdict"]["because"].startswith("Fine-tuning is the simplest arm")


def test_names_with_colons_and_names_for_files(run: Call, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text("case,score\n1,1\n2,0\n", encoding="utf-8")
    files = [f"open:ai={tmp_path / 'a.csv'}", f"open:ai:2={tmp_path / 'b.csv'}"]
    result = json.loads(run(*files, "--json", "--primary", "open:ai:open:ai:2").out)
    assert result["verdict"]["primary"] == ["open:ai", "open:ai:2"]


def test_names_are_shown_and_never_obeyed(run: Call, tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text(f"case,{HOSTILE},b\n" + "".join(f"{n},1,0\n" for n in range(40)), "utf-8")
    said = run(path)
    assert "\x1b" not in said.out + said.err
    assert "[bold]evil[/]" in said.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["missing.csv"], "no such file"),
        (["--recommended", "tuned"], "there is no arm 'tuned'"),
        (["--primary", "prompt"], "does not name two arms"),
        (["--primary", "prompt:tuned"], "there is no arm 'tuned'"),
        (["--cost", "prompt=cheap"], "is no arm with a cost"),
        (["--cost", "tuned=1"], "there is no arm 'tuned'"),
        (["--margin", "7"], "cannot be 7"),
    ],
)
def test_wrong_input_is_two_and_one_line(
    run: Call,
    csv: Path,
    words: list[str],
    said: str,
) -> None:
    given = [csv, *words] if words[0].startswith("--") else words
    done = run(*given)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert done.err.count("\n") == 1


@pytest.mark.slow
def test_it_starts_without_the_heavy_libraries(csv: Path) -> None:
    code = (
        "import sys; from advisor.commands.compare import CompareRequest, run_compare; "
        f"run_compare(CompareRequest([{str(csv)!r}])); "
        "print({'torch', 'transformers', 'sklearn', 'pandas', 'streamlit'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"
