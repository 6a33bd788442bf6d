"""Specifications and cases from the files people have, checked, split and frozen."""

from advisor.pilot.data.freezing import freeze, load
from advisor.pilot.data.spec_file import parse_spec, read_spec
from advisor.pilot.data.spec_paths import Upload
from advisor.pilot.data.splitting import share_of

__all__ = [
    "Upload",
    "corpus",
    "freeze",
    "freezing",
    "parse_spec",
    "passages",
    "spec_file",
    "spec_paths",
    "splitting",
    "load",
    "read_spec",
    "share_of",
]
