"""Text from bytes of an unknown encoding."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

from advisor.errors import InputError, Problem

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_BINARY = (
    (b"PK\x03\x04", "is a packed file (Excel, Word or ZIP), not text"),
    (b"\xd0\xcf\x11\xe0", "is an old Office file, not text"),
    (b"%PDF-", "is a PDF, not a text file"),
    (b"\x89PNG", "is a picture, not text"),
    (b"\xff\xd8\xff", "is a picture, not text"),
    (b"\x1f\x8b", "is a packed file, not text"),
)
_SAMPLE = 100_000
_TYPOGRAPHY = frozenset("€‚„…‘’“”•–—™«»°§£©®¡¿·\xa0")
_CONTROL = frozenset(range(32)) - {0, 9, 10, 12, 13, 27}


@dataclass(frozen=True)
class Decoded:
    """Text, the encoding it was read with, and what a person should know about that."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, where: str) -> Decoded:
    """Return `data` as text.

    Raises:
        InputError: the bytes are no text.
    """
    for start, what in _BINARY:
        if data.startswith(start):
            raise InputError(Problem(where, what, "Check the ending of the file's name"))
    for bom, codec, shown in _BOMS:
        if data.startswith(bom):
            text = data.decode(codec, "replace").removeprefix("\ufeff")
            return Decoded(text, shown, _broken(text, shown))
    decoded = _utf16_without_bom(data) or _utf8(data)
    if decoded:
        return decoded
    if _is_binary(data):
        raise InputError(Problem(where, "does not hold text", "Save it as UTF-8 text"))
    return _guessed(data)


def _broken(text: str, encoding: str) -> tuple[str, ...]:
    places = text.count("\ufffd")
    if not places:
        return ()
    return (f"{places:,} characters are not valid {encoding} and are shown as \ufffd.",)


def _utf16_without_bom(data: bytes) -> Decoded | None:
    """Recognise UTF-16 by the zero bytes beside plain letters."""
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    for offset, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = sample[offset::2].count(0)
        if half > 3 and zeros > 0.7 * half and sample[1 - offset :: 2].count(0) < 0.05 * half:
            text = data.decode(codec, "replace")
            return Decoded(text, "UTF-16", _broken(text, "UTF-16"))
    return None


def _utf8(data: bytes) -> Decoded | None:
    """Read UTF-8; broken places are allowed where at least as many other letters are valid."""
    try:
        return Decoded(data.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    foreign = len(text) - len(text.encode("ascii", "ignore")) - bad
    return Decoded(text, "UTF-8", _broken(text, "UTF-8")) if foreign >= bad else None


def _is_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    return sum(byte in _CONTROL for byte in sample) > 0.05 * len(sample) or b"\0\0\0" in sample


def _guessed(data: bytes) -> Decoded:
    sample = data[: data.rfind(b"\n", 0, _SAMPLE) + 1 or _SAMPLE]
    codec = "cp1252" if _is_western(sample) else _likeliest(sample)
    text = data.decode(codec, "replace")
    shown = "Windows-1252" if codec == "cp1252" else codec.replace("_", "-")
    advice = f"The file is not UTF-8; it was read as {shown}. If letters look wrong, save as UTF-8."
    return Decoded(text, shown, (advice, *_broken(text, shown)))


def _is_western(sample: bytes) -> bool:
    """Tell Windows-1252: few bytes outside ASCII, and nearly all of them letters or quotes.

    Short texts fit many code pages alike, so that statistics alone name rare ones.
    """
    foreign = [letter for letter in sample.decode("cp1252", "replace") if letter > "\x7f"]
    plausible = sum(letter.isalpha() or letter in _TYPOGRAPHY for letter in foreign)
    letters = sum(chr(byte).isalpha() for byte in sample)
    return len(foreign) < 0.3 * letters and plausible >= 0.9 * len(foreign)


def _likeliest(sample: bytes) -> str:
    best = from_bytes(sample).best()
    return best.encoding if best else "cp1252"
