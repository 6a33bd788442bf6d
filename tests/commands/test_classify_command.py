"""`advisor classify`: results, what could not be read, and going on after an interruption."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet
import pytest
from written_logs import rows, write_cells, write_columns, write_lines

from advisor.commands.classify import ClassifyRequest, run_classify
from advisor.errors import InputError, Problem
from advisor.logs.summary.summary_files import load_summary, saved_summaries
from advisor.proposal import FAILURE_TEXT_LIMIT
from advisor.vocabulary import Mode

HOSTILE = '{"note": "=HYPERLINK(1)\\u001b[31m"'
CHILD = """
import signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
from advisor.commands.classify import ClassifyRequest, run_classify
sys.exit(run_classify(ClassifyRequest(Path(sys.argv[1]), out=Path(sys.argv[2]), block=20)))
"""

pytestmark = pytest.mark.usefixtures("home")


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_results_summary_and_messages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "results.jsonl"
    log = write_cells(tmp_path / "log.csv", rows(50))
    assert run_classify(ClassifyRequest(log, out=out, block=20)) == 0
    found = records(out)
    assert [one["id"] for one in found] == [f"c{place}" for place in range(50)]
    assert found[0].keys() == {"id", "mode", "cause", "probabilities", "abstained", "why"}
    assert {one.name for one in tmp_path.iterdir()} - {"home"} == {"log.csv", "results.jsonl"}
    said = capsys.readouterr()
    assert said.out == ""
    assert "input from 'input'" in said.err and "date from 'created_at'" in said.err
    assert "50 rows: 50 failures in" in said.err and "screen Logs" in said.err
    (kept,) = saved_summaries()
    summary = load_summary(kept.id)
    assert (summary.about.file, summary.about.rows, summary.failures) == ("log.csv", 50, 50)
    assert summary.trend


def test_the_printed_lines_are_the_written_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results.jsonl"
    log = write_lines(tmp_path / "log.jsonl", rows(30))
    run_classify(ClassifyRequest(log, out=out, block=7))
    capsys.readouterr()
    assert run_classify(ClassifyRequest(log, as_json=True)) == 0
    assert capsys.readouterr().out == out.read_text("utf-8")
    assert run_classify(ClassifyRequest(log)) == 0
    assert capsys.readouterr().out.splitlines()[3].startswith("c3\t")


def test_parquet_holds_the_same_results(tmp_path: Path) -> None:
    log = write_columns(tmp_path / "log.parquet", rows(30))
    for name in ("a.jsonl", "a.parquet"):
        assert run_classify(ClassifyRequest(log, out=tmp_path / name, block=7)) == 0
    for wanted, row in zip(
        records(tmp_path / "a.jsonl"),
        pyarrow.parquet.read_table(tmp_path / "a.parquet").to_pylist(),
        strict=True,
    ):
        assert {mode: row.pop(f"p_{mode}") for mode in Mode} == wanted.pop("probabilities")
        assert row == wanted


def test_bad_rows_go_to_a_file_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = {"output": "x" * (FAILURE_TEXT_LIMIT + 1)}
    content = [*rows(2), HOSTILE, {"input": "only"}, long, {"note": "fine"}]
    log = write_lines(tmp_path / "log.jsonl", content)
    out = tmp_path / "results.jsonl"
    assert run_classify(ClassifyRequest(log, out=out)) == 2
    assert [one["id"] for one in records(out)] == ["c0", "c1", "f6"]
    header, *lines = (tmp_path / "results.rejected.csv").read_text("utf-8").splitlines()
    assert header == "line,reason,row"
    assert [line.split(",")[0] for line in lines] == ["3", "4", "5"]
    assert all(len(line) < 400 and "\x1b" not in line for line in lines)
    assert "6 rows: 3 failures" in capsys.readouterr().err
    assert run_classify(ClassifyRequest(write_lines(log, rows(3)), out=out)) == 0
    assert not (tmp_path / "results.rejected.csv").exists()


def test_a_cell_of_the_rejected_rows_is_no_formula(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("output,expected\na,b\n=1+1,2,3\n", "utf-8")
    assert run_classify(ClassifyRequest(log, out=tmp_path / "r.jsonl")) == 2
    assert ",'=1+1" in (tmp_path / "r.rejected.csv").read_text("utf-8").replace('"', "")


def test_many_bad_rows_do_not_flood_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = write_lines(tmp_path / "log.jsonl", [*rows(2), *["{"] * 300])
    assert run_classify(ClassifyRequest(log, as_json=True)) == 2
    said = capsys.readouterr().err
    assert "log.jsonl:102: " in said and "log.jsonl:103: " not in said
    assert "--out RESULTS.jsonl keeps them all" in said


def test_a_log_without_one_failure_gives_an_empty_file(tmp_path: Path) -> None:
    log = write_lines(tmp_path / "log.jsonl", [{"output": ""}] * 3)
    assert run_classify(ClassifyRequest(log, out=tmp_path / "r.jsonl")) == 2
    assert (tmp_path / "r.jsonl").read_bytes() == b""
    assert run_classify(ClassifyRequest(log, out=tmp_path / "r.parquet")) == 2
    assert pyarrow.parquet.read_table(tmp_path / "r.parquet").num_rows == 0


@pytest.mark.parametrize(
    ("request_of", "words"),
    [
        (lambda folder: {"out": folder / "a.txt"}, "Use .jsonl or .parquet"),
        (lambda folder: {"out": folder / "log.jsonl"}, "is the log itself"),
        (lambda folder: {"out": folder / "gone" / "a.jsonl"}, "cannot be made"),
        (lambda folder: {"out": folder / "taken.jsonl"}, "does not come from an interrupted run"),
        (lambda folder: {"columns": ["output"]}, "FIELD=NAME"),
        (lambda folder: {"columns": ["outptu=a"]}, "FIELD=NAME"),
        (lambda folder: {"ray": "nowhere"}, "no cluster answers at nowhere"),
    ],
)
def test_a_wrong_request_is_told(tmp_path: Path, request_of: object, words: str) -> None:
    log = write_lines(tmp_path / "log.jsonl", rows(3))
    (tmp_path / "taken.part").mkdir()
    (tmp_path / "taken.part" / "thesis.txt").touch()
    with pytest.raises(InputError, match=words):
        run_classify(ClassifyRequest(log, **request_of(tmp_path)))  # type: ignore[operator]
    assert (tmp_path / "taken.part" / "thesis.txt").exists()


def test_without_ray_the_command_that_installs_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.logs.ray.find_spec", lambda name: None)
    log = write_lines(tmp_path / "log.jsonl", rows(3))
    with pytest.raises(InputError, match=r"pip install 'advisor\[ray\]'"):
        run_classify(ClassifyRequest(log, ray="local"))


def interrupted(
    log: Path, out: Path, blocks: int, how: signal.Signals
) -> subprocess.CompletedProcess[str]:
    """Start a run and stop it when it has finished a few blocks."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(log), str(out)], stderr=subprocess.PIPE, text=True
    )
    end = time.monotonic() + 60
    while len(list(out.parent.glob("*.part/*.done"))) < blocks and time.monotonic() < end:
        time.sleep(0.01)
    child.send_signal(how)
    _, said = child.communicate(timeout=60)
    return subprocess.CompletedProcess([], child.returncode, "", said)


@pytest.mark.slow
def test_a_killed_run_goes_on_and_ends_with_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = write_lines(tmp_path / "log.jsonl", [*rows(400), "{", *rows(400)])
    whole, out = tmp_path / "whole.parquet", tmp_path / "results.parquet"
    assert run_classify(ClassifyRequest(log, out=whole, block=20)) == 2
    stopped = interrupted(log, out, 3, signal.SIGKILL)
    assert stopped.returncode == -signal.SIGKILL and not out.exists()
    done = len(list(tmp_path.glob("results.part/*.done")))
    capsys.readouterr()
    assert run_classify(ClassifyRequest(log, out=out, block=20)) == 2
    assert f"Going on with an interrupted run: {done} blocks" in capsys.readouterr().err
    assert out.read_bytes() == whole.read_bytes()
    assert (tmp_path / "results.rejected.csv").read_bytes() == (
        tmp_path / "whole.rejected.csv"
    ).read_bytes()
    assert not (tmp_path / "results.part").exists()


@pytest.mark.slow
def test_a_person_may_stop_a_run_and_is_told_how_to_go_on(tmp_path: Path) -> None:
    log = write_lines(tmp_path / "log.jsonl", rows(2000))
    stopped = interrupted(log, tmp_path / "results.jsonl", 2, signal.SIGINT)
    assert stopped.returncode == 130
    assert "the same command goes on from here" in stopped.stderr
    assert "Traceback" not in stopped.stderr


def test_two_runs_do_not_write_to_one_place(tmp_path: Path) -> None:
    log, out = write_lines(tmp_path / "log.jsonl", rows(3)), tmp_path / "results.parquet"
    code = f"""
import sys
from pathlib import Path
from advisor.logs.process import claimed
with claimed(Path({str(tmp_path / "results.part")!r})):
    print("at work", flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout and other.stdout.readline() == b"at work\n"
        with pytest.raises(InputError, match="is in use by another run"):
            run_classify(ClassifyRequest(log, out=out))
        other.kill()  # and a run that is killed leaves no lock behind
    assert run_classify(ClassifyRequest(log, out=out)) == 0
    assert {one.name for one in tmp_path.iterdir()} == {"log.jsonl", "results.parquet", "home"}


def test_a_changed_log_or_a_wish_starts_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log, out = tmp_path / "log.jsonl", tmp_path / "results.jsonl"

    def leave(count: int) -> None:
        """A run that stops before its end, as if the disk were full."""
        write_lines(log, rows(count))
        with monkeypatch.context() as patch:
            patch.setattr("advisor.logs.sinks.write_results_file", full)
            with pytest.raises(InputError, match="No space left"):
                run_classify(ClassifyRequest(log, out=out, block=5))
        capsys.readouterr()

    leave(12)
    write_lines(log, rows(13))
    assert run_classify(ClassifyRequest(log, out=out, block=5)) == 0
    assert "Since the interrupted run the file changed: starting again" in capsys.readouterr().err
    assert len(records(out)) == 13
    leave(14)
    assert run_classify(ClassifyRequest(log, out=out, block=5, restart=True)) == 0
    assert "interrupted" not in capsys.readouterr().err


def full(*_: object) -> None:
    raise InputError(Problem("results", "No space left on device"))


@pytest.mark.slow
def test_a_full_disk_is_told_and_what_is_done_is_kept(tmp_path: Path) -> None:
    """Some writes fail for real where a file may hold no more than a few bytes."""
    log = write_lines(tmp_path / "log.jsonl", rows(200))
    out = tmp_path / "results.jsonl"
    limit = "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (40000, 40000))\n"
    code = limit + CHILD.replace(
        "import sys\n", "import sys\nfrom advisor.errors import AdvisorError\n", 1
    )
    code = code.replace("sys.exit(", "try:\n    sys.exit(").rstrip() + (
        "\nexcept AdvisorError as error:\n    sys.exit(str(error))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(log), str(out)], capture_output=True, text=True
    )
    assert "cannot be written: File too large" in done.stderr, done.stderr
    assert list(tmp_path.glob("results.part/*.done"))
    assert run_classify(ClassifyRequest(log, out=out, block=20)) == 0
    assert len(records(out)) == 200
