"""Where the screens lie, and the parts that several of them, or a long one, draw with."""

from __future__ import annotations

from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType


@cache
def pages_folder() -> Path:
    """Return the folder with the screens: beside the package, or inside an installed wheel."""
    here = Path(__file__).resolve().parent
    checkout = here.parent / "pages"
    return checkout if (checkout / "proposals.py").is_file() else here / "shipped" / "pages"


def page(name: str) -> str:
    """Return the path of a screen for links."""
    return str(pages_folder() / f"{name}.py")


@cache
def part(name: str) -> ModuleType:
    """Load a part of a screen once; its functions draw when a screen calls them.

    Raises:
        ImportError: there is no such part.
    """
    named = f"advisor_part_{name}"
    loader = SourceFileLoader(named, str(pages_folder() / "parts" / f"{name}.py"))
    spec = spec_from_loader(named, loader)
    if spec is None:
        raise ImportError(named)
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module
