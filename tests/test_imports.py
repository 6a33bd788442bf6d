"""Imports stand at the top; inside a function only what keeps a heavy library out of the start."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MARK = re.compile(r"# heavy: (\w+)$", re.MULTILINE)
COMMAND = "command"
"""What a command of the command line needs, and the others do not."""
HEAVY = {
    # a second and more, or gigabytes
    "torch",
    "transformers",
    "sentence_transformers",
    "sklearn",
    # extras, which may not be there
    "mlflow",
    "ray",
    # a quarter of a second and more
    "alembic",
    "altair",
    "bm25s",
    "dbos",
    "fastapi",
    "huggingface_hub",
    "rule_engine",
    "scipy",
    "sqlalchemy",
    # a tenth: as long as the start of the command line, or of the process that reads one file
    "docx",
    "gguf",
    "httpx2",
    "numpy",
    "pyarrow",
    "pypdf",
    "rich",
    "sacrebleu",
    "sqlite3",
}
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in ("advisor", "pages")
    for path in (ROOT / folder).rglob("*.py")
}
Import = ast.Import | ast.ImportFrom


def imports(node: ast.AST, top: bool = True) -> Iterator[tuple[Import, bool]]:
    """Give the imports under a node that run, and whether they stand at the top."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Import):
            yield child, top
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        else:
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from imports(child, top and not inside)


def modules(node: Import) -> list[str]:
    """Name the modules that an import loads."""
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    whole = [f"{node.module}.{name.name}" for name in node.names]
    return [name if name in FILES else f"{node.module}" for name in whole]


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(FILES[module].read_text("utf-8"))


@cache
def loaded_at_once(module: str) -> frozenset[str]:
    """Name what a module and the packages around it load themselves."""
    parts = module.split(".")
    around = {".".join(parts[:end]) for end in range(1, len(parts))} & FILES.keys()
    named = {name for node, top in imports(tree(module)) if top for name in modules(node)}
    return frozenset(around | named)


def libraries(module: str) -> set[str]:
    """Name the libraries that a module loads, itself or through others of this project."""
    known, open_ = {module}, [module]
    while open_:
        current = open_.pop()
        new = (loaded_at_once(current) if current in FILES else frozenset()) - known
        known |= new
        open_.extend(new)
    within = {name for name in known if name in FILES}
    other = {name.split(".")[0] for name in known - within}
    return other | ({"torch"} if "safetensors.torch" in known else set())


def inner(module: str) -> list[Import]:
    return [node for node, top in imports(tree(module)) if not top]


WITH_INNER = sorted(module for module in FILES if inner(module))


@pytest.mark.parametrize("module", WITH_INNER)
def test_an_import_inside_a_function_keeps_something_heavy_out(module: str) -> None:
    lines = FILES[module].read_text("utf-8").splitlines()
    for node in inner(module):
        where = f"{FILES[module].relative_to(ROOT)}:{node.lineno}"
        said = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        mark = MARK.search(said)
        assert mark, f"{where}: move it to the top, or say `# heavy: LIBRARY`"
        assert mark[1] in {*HEAVY, COMMAND}, f"{where}: {mark[1]} is not heavy"
        if mark[1] == COMMAND:
            assert module.startswith(("advisor.cli", "advisor.commands.options.")), where
            continue
        brought = set().union(*(libraries(name) for name in modules(node)))
        assert mark[1] in brought, f"{where}: it does not load {mark[1]}"
        assert mark[1] not in libraries(module), f"{where}: {mark[1]} is loaded anyway"
