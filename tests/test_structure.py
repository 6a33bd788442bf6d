"""The house: what lies where, what others may use of it, and that the pictures of it are true."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(
    path
    for folder in ("advisor", "pages")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
OTHERS = sorted(
    path for folder in ("tests", "benchmarks", "scripts") for path in (ROOT / folder).rglob("*.py")
)
PACKAGES = sorted({path.parent for path in FILES if path.name == "__init__.py"})
ENTRIES = {"__init__", "__main__", "app", "cli", "web", "errors", "vocabulary", "proposal"}
MOST_IN_A_FOLDER, MOST_LINES, MOST_IN_A_FUNCTION = 15, 350, 45


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def exported(package: Path) -> list[str]:
    """What `__all__` of a package says; nothing is imported for it."""
    for node in tree(package / "__init__.py").body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [str(name) for name in ast.literal_eval(node.value)]
    return []


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Every `from advisor… import name` of a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "advisor":
            yield from ((str(node.module), alias.name) for alias in node.names)


@cache
def used_by_others() -> dict[str, set[str]]:
    """What each package gives to files outside it."""
    used: dict[str, set[str]] = {dotted(package): set() for package in PACKAGES}
    for path in (*FILES, *OTHERS):
        for module, name in imports(path):
            steps = [*module.split("."), name]
            for place in range(1, len(steps)):
                package = ".".join(steps[:place])
                if package in used and not f"{dotted(path)}.".startswith(f"{package}."):
                    used[package].add(steps[place])
    return used


def test_the_root_holds_entries_and_words_alone() -> None:
    assert {path.stem for path in FILES if path.parent == ROOT / "advisor"} == ENTRIES


def test_no_folder_holds_more_than_a_newcomer_can_look_over() -> None:
    held = Counter(path.parent for path in FILES if path.name != "__init__.py")
    assert not {str(folder): many for folder, many in held.items() if many > MOST_IN_A_FOLDER}


def test_no_file_and_no_function_is_too_long_to_read() -> None:
    long = [path.name for path in FILES if path.read_text("utf-8").count("\n") > MOST_LINES]
    for path in FILES:
        for node in ast.walk(tree(path)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if (node.end_lineno or 0) - node.lineno > MOST_IN_A_FUNCTION:
                    long.append(f"{path.name}:{node.name}")
    assert not long


@pytest.mark.parametrize("package", PACKAGES, ids=dotted)
def test_a_package_says_what_it_is_for_and_what_others_may_use(package: Path) -> None:
    assert (ast.get_docstring(tree(package / "__init__.py")) or "").split("\n")[0][-1:] in {
        ".",
        "?",
    }
    said, used = exported(package), used_by_others()[dotted(package)]
    assert said == sorted(said), "sorted, as ruff sorts names"
    if dotted(package) != "advisor":
        assert used <= {*said}, "used elsewhere; is it meant to be? then name it in __all__"
        assert {*said} <= used, "nobody outside uses it"


def test_no_two_public_classes_share_a_name() -> None:
    names = Counter(
        node.name
        for path in FILES
        for node in tree(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert not [name for name, many in names.items() if many > 1]


def test_every_screen_has_its_own_address() -> None:
    names = Counter(path.stem for path in (ROOT / "pages").rglob("*.py"))
    assert set(names.values()) == {1}


def test_picture_and_index_are_what_the_code_says() -> None:
    spec = importlib.util.spec_from_file_location("map", ROOT / "scripts" / "map.py")
    assert spec and spec.loader
    drawn = importlib.util.module_from_spec(spec)
    sys.modules["map"] = drawn
    spec.loader.exec_module(drawn)
    assert drawn.PICTURE.read_text("utf-8") == drawn.picture(), "make fix"
    assert drawn.INDEX.read_text("utf-8") == drawn.index(), "make fix"


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_every_place_that_contributors_are_sent_to_is_there(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    roots = "advisor|pages|rules|tests|scripts|benchmarks|docs"
    places = re.findall(rf"`((?:{roots})/[\w./*-]*)`", text)
    assert places
    assert not [place for place in places if not [*ROOT.glob(place.rstrip("/"))]]
    for place, symbol in re.findall(r"`([\w/]+\.py)`[^`\n]{0,20}`(\w+)[(`]", text):
        assert re.search(rf"\b{symbol}\b", (ROOT / place).read_text("utf-8")), (place, symbol)
