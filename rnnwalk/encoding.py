"""Encodings of texts: which there are, and what to say of a text that is not in the one that was named."""

import codecs
import contextlib
from typing import NamedTuple

from rnnwalk.errors import InputError, near

USUAL = ("utf-8", "cp1252", "latin-1")
OTHER = {"charmap", "idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}  # codecs of no files
UNMARKED = "--encoding utf-16-le or utf-16-be"  # of a text with zeros, but without a byte-order mark


def check_encoding(name: str) -> str:
    """The name of an encoding of texts. Raises InputError for others."""
    from encodings.aliases import aliases

    def known(name: str) -> bool:
        with contextlib.suppress(LookupError, ValueError):
            found = codecs.lookup(name)
            return found._is_text_encoding and found.name not in OTHER and name == name.strip()
        return False

    if known(name):
        return name
    others = {*USUAL, *filter(known, aliases.values())}
    raise InputError(f"unknown encoding '{name[:40]}'; usual ones are {', '.join(USUAL)}{near(name, others)}")


class Place(NamedTuple):
    """Where a text does not fit its encoding. byte, line: from 1; letter: as ``letter_of``, of what stands before."""

    byte: int
    line: int
    letter: str


def letter_of(text: str) -> str:
    """The first character that can be shown and is not ASCII, "" for none."""
    return "" if text.isascii() else next((sign for sign in text if not sign.isascii() and sign.isprintable()), "")


def undecodable(place: Place, block: bytes, encoding: str | None) -> str:
    """What is said of a text that is not in an encoding; block: of it, as far as is known."""
    byte = place.byte
    if encoding is None:
        return f"is not UTF-8 text (byte {byte}); save it as UTF-8"
    marked = block.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in block and not marked:
        return f"is no text (byte {byte} is not {encoding}, and it holds zeros); if it is one, try {UNMARKED}"
    if not marked and _same(encoding, "utf-8") and (told := _all_but(place, block)):
        return f"is not {encoding} text in line {place.line} (byte {byte}), but {told}”: mend that line"
    fitting = []
    for other in ("utf-16",) if marked else USUAL:
        with contextlib.suppress(UnicodeError):
            block.decode(other)
            fitting.append(other)
    would = f"; {' or '.join(fitting)} would read it: add --encoding {fitting[0]}" if fitting else ""
    return f"is not {encoding} text (byte {byte}{'' if marked else f', in line {place.line}'}){would}"


def _all_but(place: Place, block: bytes) -> str:
    """What shows that a text is UTF-8 but for few bytes: its letters of several bytes; nothing where it may be another."""
    around = block.decode("utf-8", "replace")
    wrong = around.count("\ufffd")
    letter = place.letter or letter_of(around.partition("\ufffd")[0])
    if letter:
        return f"all before is, with letters such as “{letter}"
    letter = letter_of(around.replace("\ufffd", ""))
    many = sum(not sign.isascii() for sign in around) > 2 * wrong
    return f"what stands around it is, with letters such as “{letter}" if letter and many else ""


def _same(encoding: str, other: str) -> bool:
    """Whether two names are of one encoding."""
    return codecs.lookup(encoding).name == codecs.lookup(other).name
