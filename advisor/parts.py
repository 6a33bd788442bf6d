"""Parts of screens: modules beside the screens that several of them, or a long one, draw with."""

from __future__ import annotations

from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType

from advisor.web import pages_folder


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
