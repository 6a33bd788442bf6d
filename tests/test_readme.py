"""The README: every command in it runs, and its worked example is what the command prints."""

import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from calling import Call, caller

from advisor.importing import write_csv
from advisor.samples import samples

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = [
    line.split("#")[0].strip()
    for kind, block in BLOCKS
    if kind == "console"
    for line in block.splitlines()
    if line.strip()
]
EXAMPLE = "advisor triage advisor/samples/returns-desk.yaml"


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call a command in this process, as wide as the README: starting one takes seconds."""
    monkeypatch.setenv("COLUMNS", "80")
    return caller(monkeypatch, capsys)


@pytest.fixture
def _folder(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that looks like a checkout to the commands, and may be written to."""
    (tmp_path / "advisor").symlink_to(ROOT / "advisor")
    (tmp_path / "failures.csv").write_text(
        write_csv(samples()["returns-desk"].failures), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)


def test_the_two_set_up_commands_come_first_and_exist() -> None:
    assert COMMANDS[:2] == ["make app", "make test"]
    targets = (
        "app test check bench bench-failures bench-pilot bench-review "
        "evaluate evaluate-failures evaluate-pilot train-classifier"
    )
    for target in targets.split():
        done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, target


SHORT = [c for c in COMMANDS if c.startswith("advisor ") and not c.startswith("advisor app")]


@pytest.mark.usefixtures("_folder")
@pytest.mark.parametrize("command", SHORT)
def test_every_command_of_the_readme_runs(command: str, call: Call) -> None:
    done = call(*shlex.split(command)[1:])
    assert done.code == 0, done.err


@pytest.mark.slow
def test_the_app_opens_where_the_readme_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert any(command.startswith("advisor app --port") for command in COMMANDS)
    monkeypatch.setenv("ADVISOR_HOME", str(tmp_path))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["app", "--port", str(port), "--address", "127.0.0.1", "--no-browser"]
    with subprocess.Popen(
        [sys.executable, "-m", "advisor", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            assert answers(f"http://127.0.0.1:{port}/api/ready")
        finally:
            server.terminate()


def answers(address: str) -> bool:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=1) as response:
                return response.status == 200
        except OSError:
            time.sleep(0.1)
    return False


@pytest.mark.usefixtures("_folder")
def test_the_worked_example_is_what_the_command_prints(call: Call) -> None:
    """Digits may differ: the encoder rounds otherwise on other processors."""
    shown = next(block for kind, block in BLOCKS if kind == "text")
    said = call(*shlex.split(EXAMPLE)[1:]).out
    assert without_digits(shown) == without_digits(said)


def without_digits(text: str) -> list[str]:
    figures = r"(?:(?:\bover |\bunder )?[\d ])+"  # one place writes 100 %, another over 99 %
    return [re.sub(figures, " ", line).strip() for line in text.strip().splitlines()]
