"""Draws the layers from the imports, and lists every module with its sentence.

`python scripts/map.py` writes docs/architecture.svg and docs/modules.md; a test compares them.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from textwrap import wrap

import grimp

ROOT = Path(__file__).resolve().parents[1]
PICTURE, INDEX = ROOT / "docs" / "architecture.svg", ROOT / "docs" / "modules.md"
WIDTH, BOX, GAP, HEIGHT, ROW = 1120, 250, 20, 78, 110
"""Pixels: the picture, a box, the space between two, the height of a box and of a row."""
LETTERS = 40
"""Letters in one line of a box."""


def layers() -> list[list[str]]:
    """Return the packages a row at a time, the highest first, as the contract orders them."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    named = next(item["layers"] for item in contracts if item["type"] == "layers")
    return [["pages"], *([one.strip() for one in row.split("|")] for row in named)]


def sentence(module: str) -> str:
    """Return the first line of a module's docstring; of the screens, what their folder holds."""
    if module == "pages":
        return "One screen a file: reads input, calls the advisor, draws."
    path = ROOT / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").split("\n")[0]


def imports(names: Iterable[str]) -> dict[str, set[str]]:
    """Return which package imports which, from the code."""
    graph, known = grimp.build_graph("advisor", cache_dir=None), {*names}
    found: dict[str, set[str]] = {name: set() for name in known}
    for module in graph.modules:
        for target in graph.find_modules_directly_imported_by(module):
            found.get(_package(module), set()).add(_package(target))
    found["pages"] = {_package(name) for name in _imported_by_screens()}
    return {name: (targets & known) - {name} for name, targets in found.items()}


def _package(module: str) -> str:
    return ".".join(module.split(".")[:2])


def _imported_by_screens() -> Iterator[str]:
    for path in (ROOT / "pages").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("advisor."):
                yield node.module or ""


def shortest(edges: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Yield the imports that no longer way stands for (the transitive reduction)."""
    for name, targets in sorted(edges.items()):
        further = set().union(*(_below(edges, target) for target in targets), set())
        yield from ((name, target) for target in sorted(targets - further))


def _below(edges: Mapping[str, set[str]], name: str) -> set[str]:
    found: set[str] = set()
    waiting = [*edges[name]]
    while waiting:
        if (target := waiting.pop()) not in found:
            found.add(target)
            waiting += edges[target]
    return found


def picture() -> str:
    """Return the layers as SVG: a row a layer, an arrow an import that no longer way implies."""
    rows = layers()
    places = dict(_places(rows))
    edges = shortest(imports(places))
    height = ROW * len(rows) + 20
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="Arial, Helvetica, sans-serif" role="img" '
        f'aria-label="The layers of the advisor: an import goes down, never up or round.">'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0,0L8,4L0,8z" fill="#7c828a"/></marker></defs>'
    )
    arrows = (_arrow(places[name], places[target]) for name, target in edges)
    boxes = (_box(name, *place) for name, place in places.items())
    return "\n".join([head, *arrows, *boxes, "</svg>", ""])


def _places(rows: list[list[str]]) -> Iterator[tuple[str, tuple[int, int]]]:
    for line, row in enumerate(rows):
        left = (WIDTH - len(row) * BOX - (len(row) - 1) * GAP) // 2
        left += (-1) ** line * 130 if len(row) == 1 else 0  # so that arrows pass beside boxes
        for place, name in enumerate(row):
            yield name, (left + place * (BOX + GAP), 10 + line * ROW)


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1, x2, y2 = start[0] + BOX // 2, start[1] + HEIGHT, end[0] + BOX // 2, end[1]
    return (
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#7c828a" stroke-width="1.3" '
        'marker-end="url(#tip)"/>'
    )


def _box(name: str, left: int, top: int) -> str:
    lines = wrap(sentence(name), LETTERS)[:3]
    said = "".join(
        f'<text x="{left + 10}" y="{top + 38 + 14 * place}" font-size="11.5" fill="#1a1f29">'
        f"{escape(line)}</text>"
        for place, line in enumerate(lines)
    )
    return (
        f'<rect x="{left}" y="{top}" width="{BOX}" height="{HEIGHT}" rx="8" fill="#f2f5f9" '
        f'stroke="#0b5cad"/><text x="{left + 10}" y="{top + 21}" font-size="15" '
        f'font-weight="bold" fill="#0b5cad">{name.removeprefix("advisor.")}</text>{said}'
    )


def index() -> str:
    """Return every module with the first line of its docstring, a heading a folder."""
    text = [
        "# Every module, in a sentence",
        "",
        "Made by `python scripts/map.py` from the docstrings; a test compares it with the code.",
        "[Architecture](architecture.md) tells how they hang together.",
    ]
    for folder in sorted({path.parent for path in _files()}):
        name = folder.relative_to(ROOT).as_posix()
        what = sentence(name.replace("/", ".")) if (folder / "__init__.py").exists() else ""
        text += ["", f"## {name}", "", *([what, ""] if what else [])]
        modules = (path for path in _files() if path.parent == folder and path.stem[:2] != "__")
        text += [f"- `{path.stem}`: {_first_line(path)}" for path in modules]
    return "\n".join(text) + "\n"


def _files() -> list[Path]:
    found = [*(ROOT / "advisor").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    return sorted(path for path in found if "versions" not in path.parts[-2:-1])


def _first_line(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]


def main() -> int:
    """Write both files."""
    PICTURE.write_text(picture(), encoding="utf-8")
    INDEX.write_text(index(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
