"""Every colour that carries a meaning, in one place.

Each is told apart with the common kinds of colour blindness, and stands out from white and from a
dark page alike (contrast of 3:1 or more). A remedy has the colour of the cause it answers.
"""

from __future__ import annotations

from advisor.vocabulary import Cause, Remedy

COLOURS: dict[Cause, str] = {
    Cause.BEHAVIOUR: "#2467b0",
    Cause.KNOWLEDGE: "#d67a1f",
    Cause.SPECIFICATION: "#c76bb2",
    Cause.CAPABILITY: "#157a5b",
    Cause.OPERATIONS: "#7c828a",
}
REMEDY_COLOURS: dict[Remedy, str] = {
    Remedy.PROMPTING: COLOURS[Cause.SPECIFICATION],
    Remedy.RETRIEVAL: COLOURS[Cause.KNOWLEDGE],
    Remedy.FINE_TUNING: COLOURS[Cause.BEHAVIOUR],
    Remedy.OTHER: COLOURS[Cause.CAPABILITY],
}
MUTED = "#7c828a"
"""What is ruled out or in the background."""
TEXT = "currentColor"
"""The colour of the text around the chart."""
INK = "#111111"
PAPER = "#ffffff"


def luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2) of `#rrggbb`, from 0 to 1."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(left: str, right: str) -> float:
    """Return the contrast (WCAG 2) of two colours, from 1 to 21."""
    light, dark = sorted((luminance(left), luminance(right)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_on(colour: str) -> str:
    """Return black or white, whichever reads better on `colour`."""
    return max((INK, PAPER), key=lambda text: contrast(text, colour))
