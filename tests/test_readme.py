"""README.md and docs/: commands work, outputs are what is printed, links lead somewhere."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml
from documented import DOCUMENTS, ROOT, Said, examples, settled, typed
from running import running_app
from typed import ASKED, BY_NAME, ELSEWHERE, NO, Terminal

Heard = Mapping[str, list[list[Said]]]
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in DOCUMENTS}
COMMANDS = [
    command for text in TEXTS.values() for one in examples(text) for command in one.commands
]
each_document = pytest.mark.parametrize("name", TEXTS)


def all_typed(test: Callable[..., None]) -> Callable[..., None]:
    """Let one process of the run type all commands for several tests; it may take its time."""
    return pytest.mark.slow(pytest.mark.timeout(300)(test))


@pytest.fixture(scope="module")
def heard() -> Heard:
    return {
        Path(name).relative_to(ROOT).as_posix(): said for name, said in typed(DOCUMENTS).items()
    }


@all_typed
@each_document
def test_every_command_works(name: str, heard: Heard) -> None:
    for example, block in zip(examples(TEXTS[name]), heard[name], strict=True):
        commands = [one for one in example.commands if not one.startswith(ELSEWHERE)]
        for command, said in zip(commands, block, strict=True):
            assert said.code == (1 if command in NO else 0), f"{command}: {said.err}"


@all_typed
@each_document
def test_every_output_is_what_is_printed(name: str, heard: Heard) -> None:
    """Where one differs: python scripts/printed.py"""
    for example, block in zip(examples(TEXTS[name]), heard[name], strict=True):
        if example.shown is not None:
            printed = settled("".join(said.out for said in block))
            assert printed and settled(example.shown) == printed


@each_document
def test_commands_in_sentences_are_there(name: str, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    for command in set(re.findall(r"`((?:advisor|make) [^`…]+)", _sentences(TEXTS[name]))):
        said = terminal.is_there(command)
        assert said.code == 0, f"{command}: {said.err}"


def _sentences(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def test_the_two_set_up_commands_come_first() -> None:
    assert examples(TEXTS["README.md"])[0].commands == ("make app", "make test")


@pytest.mark.slow
def test_the_app_opens_and_a_pipeline_can_ask_it(tmp_path: Path) -> None:
    (asks,) = (command for command in COMMANDS if command.startswith(ELSEWHERE))
    terminal, root = Terminal(tmp_path), "root@example.org"
    asks = asks.replace("PROPOSAL", terminal.ids()["PROPOSAL"])
    token = terminal.advisor("token", "give", root, "administrator", "--by", root).out.strip()
    app = [sys.executable, "-m", "advisor", "app"]
    with running_app(app, tmp_path, {"ADVISOR_HOME": str(terminal.home)}) as address:
        asks = asks.replace("https://advisor.example.org", address)
        assert _piped(asks, token).split() == ["trained"]


def _piped(command: str, token: str) -> str:
    """Run a pipeline of the documents to its end, where nothing is trained."""
    words = ["bash", "-c", command.replace("python train.py", "echo trained")]
    given = os.environ | {"TOKEN": token}
    return subprocess.run(words, env=given, capture_output=True, text=True, check=True).stdout


@each_document
def test_every_link_and_picture_leads_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", TEXTS[name]):
        place, _, anchor = link.partition("#")
        if place.startswith(("http:", "https:", "mailto:")):
            continue
        target = (ROOT / name).parent / place if place else ROOT / name
        assert target.exists(), f"{name}: {link}"
        if anchor:
            assert anchor in _anchors(target.read_text("utf-8")), f"{name}: {link}"


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _sentences(text), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


@each_document
def test_files_that_are_shown_can_be_read(name: str) -> None:
    """One that ships is shown as it is."""
    for block in re.findall(r"^```yaml\n(.*?)^```$", TEXTS[name], re.MULTILINE | re.DOTALL):
        assert yaml.safe_load(block)
        first, body = block.split("\n", 1)
        if first.startswith("# rules/"):
            assert body in (ROOT / first.removeprefix("# ")).read_text("utf-8")


@each_document
def test_every_extra_is_there(name: str) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for extra in re.findall(r"advisor\[(\w+)\]", TEXTS[name]):
        assert extra in extras["optional-dependencies"]


@each_document
def test_commands_stand_where_they_are_tried(name: str) -> None:
    fences = re.findall(r"^```(.*)$", TEXTS[name], flags=re.MULTILINE)[::2]
    assert not {"", "sh", "bash", "shell"} & {*fences}


def test_nothing_is_replaced_without_need() -> None:
    for begins in (*BY_NAME, *ASKED, *ELSEWHERE, *NO):
        assert any(command.startswith(begins) for command in COMMANDS), begins


def test_the_readme_is_short() -> None:
    assert len(TEXTS["README.md"].splitlines()) <= 150


@each_document
def test_what_it_was_shaped_on_never_stands_alone(name: str) -> None:
    """0.81 is how well failures are read that it was shaped on; others are read worse."""
    if "0.81" in TEXTS[name]:
        assert "0.43" in TEXTS[name] and "0.63" in TEXTS[name]
