"""Specifications and cases from the files people have, checked, split and frozen."""

from advisor.pilot.data.freezing import freeze, load
from advisor.pilot.data.spec_file import parse_spec, read_spec
from advisor.pilot.data.spec_paths import Upload
from advisor.pilot.data.splitting import share_of

__all__ = [
    "Upload",
    "case_files",
    "case_rows",
    "corpus",
    "freeze",
    "freezing",
    "load",
    "parse_spec",
    "passages",
    "read_spec",
    "share_of",
    "spec_file",
    "spec_paths",
    "splitting",
]
