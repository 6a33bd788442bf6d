"""Names of files that people take away."""

from __future__ import annotations

import re
import unicodedata

FORMATS = {
    "pdf": ("PDF", "application/pdf"),
    "html": ("HTML", "text/html"),
    "md": ("Markdown", "text/markdown"),
    "json": ("JSON", "application/json"),
}
"""Name and media type of each format, by the ending of the file."""
_LONGEST = 60


def file_name(kind: str, title: str, ending: str) -> str:
    """Return a name that every system takes: `recommendation-support-answers.pdf`.

    Args:
        kind: What the file is, in small letters.
        title: Words of any origin; only ASCII letters and digits of them remain.
        ending: The ending without its dot.
    """
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only.lower())[:_LONGEST].strip("-")
    return f"{kind}-{slug}.{ending}" if slug else f"{kind}.{ending}"
