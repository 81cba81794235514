"""Words and their symbols: what a reader sees as one letter is one symbol, in every script."""

import json
import re
import unicodedata
from functools import cache
from typing import Any

from rnnwalk.errors import InputError

FLAG_HALF = re.compile("[\U0001f1e6-\U0001f1ff]")
MOST_SIGNS = 9  # of a word in a table
BLANKS = {" ": "␣", "\t": "⇥", "\n": "⏎", "\r": "␍", "\u00a0": "⍽"}
BLANK = re.compile(r"^ | $|(?<= ) | (?= )")  # a space that would not be seen: at an end, or beside another one
SIGNS = "".join(BLANKS.values())

# What cannot be seen: blanks, controls, halves of a character, signs of direction, fillers, and what only changes others.
UNSEEN = (
    "\x00-\x20\x7f-\xa0\xad\u034f\u061c\u070f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u2800\u3000\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U00013430-\U0001343f\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
) + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))

# Where some of it belongs to a visible letter. Joiners: from Arabic to N'Ko, from Devanagari to Sinhala, and others.
JOINING = (
    "\u0620-\u06d3\u06fa-\u06ff\u0710-\u07fa\u0840-\u08c9\u0900-\u0dff\u1000-\u109f\u1780-\u17d3\u1820-\u18aa"
    "\ua840-\ua873\U00010ac0-\U00010ae6\U00011000-\U000114ff\U0001e900-\U0001e94b"
)
VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u103a\u17d2"
PICTURES = "\u2190-\u21ff\u2300-\u23ff\u25aa-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
BELONGING = "|".join(
    [
        f"(?<=[{JOINING}])[\u200c\u200d](?=[{JOINING}])|(?<=[{VIRAMAS}])[\u200c\u200d]",
        f"(?<=[{PICTURES}\ufe0f])\u200d(?=[{PICTURES}])",  # 👩‍🏫
        f"(?<=[{PICTURES}©®‼⁉™ℹ〰〽㊗㊙])[\ufe0e\ufe0f]|(?<=[0-9#*])\ufe0f(?=\u20e3)",  # ❤️ 1️⃣
        "(?<=\U0001f3f4)[\U000e0030-\U000e0039\U000e0061-\U000e007a]{4,6}\U000e007f",  # the flag of Wales
        "(?<=[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\ufe00-\ufe02\U000e0100-\U000e01ef]",
        "(?<=[\u1820-\u18aa])[\u180b-\u180d\u180f]",
    ]
)


MOST_SHOWN = (
    200  # characters of a symbol; a workbook takes no longer one, for it stands in a cell and in formulas' results
)


def split(text: str, by: str = "letter") -> list[str]:
    """The symbols of a text: its grapheme clusters ("letter") or its words, after NFC; or its code points as they are
    ("character"), for a model that learned a letter in two parts knows no other."""
    if by == "character":
        return list(text)
    text = unicodedata.normalize("NFC", text)
    return text.split() if by == "word" else graphemes(text)


def graphemes(text: str) -> list[str]:
    """Grapheme clusters, as rich measures them, with the two halves of a flag kept together."""
    if text.isascii():
        return list(text)
    from rich.cells import split_graphemes

    joined: list[str] = []
    for start, end, _ in split_graphemes(text, "latest")[0]:
        if joined and end - start == 1 and FLAG_HALF.fullmatch(joined[-1]) and FLAG_HALF.fullmatch(text[start:end]):
            joined[-1] += text[start:end]
        else:
            joined.append(text[start:end])
    return joined


def vocabulary_of(symbols: list[str]) -> tuple[str, ...]:
    """The distinct symbols in order of first appearance."""
    return tuple(dict.fromkeys(symbols))


def has_marks(vocabulary: list[str]) -> bool:
    """Whether a vocabulary is one of code points, some of which are no letters by themselves: accents, vowel signs."""
    return all(len(symbol) == 1 for symbol in vocabulary) and any(
        unicodedata.category(symbol).startswith("M") for symbol in vocabulary
    )


def check_vocabulary(symbols: list[str], where: str, by: str = "letter") -> tuple[str, ...]:
    """The vocabulary, after NFC unless of characters; raises InputError when it is empty, holds a blank entry, or a
    symbol twice."""
    found: dict[str, int] = {}
    for position, raw in enumerate(symbols, start=1):
        symbol = raw if by == "character" else unicodedata.normalize("NFC", raw)
        if not symbol:
            raise InputError(
                f"{where}: symbol {position} of the vocabulary is empty; give each symbol a letter or a word"
            )
        if symbol in found:
            raise InputError(
                f"{where}: the vocabulary has {shown(symbol)} twice (symbols {found[symbol]} and {position}); name each symbol once"
            )
        found[symbol] = position
    if not found:
        raise InputError(f"{where}: the vocabulary is empty; name at least one symbol")
    return tuple(found)


def shown(symbol: str) -> str:
    """A symbol as it can be seen: blanks, control characters and what has no width alone get a visible sign. A single
    space inside a name stays one.

    A text's own ␣ is written by its number, \\u2423, for the sign is taken. A symbol may be as long as a file: of a longer
    one than MOST_SHOWN characters the beginning is shown.
    """
    if len(symbol) > MOST_SHOWN:
        return shown(symbol[:MOST_SHOWN]) + "…"
    if symbol.isascii() and symbol.isprintable():
        return BLANK.sub(BLANKS[" "], symbol)
    if unicodedata.category(symbol[:1] or " ") in ("Mn", "Me") and not _hidden().match(symbol):
        symbol = "◌" + symbol  # an accent without a letter would stand on what is printed before it
    return _hidden().sub(_sign, symbol)


def some(symbols: tuple[str, ...]) -> str:
    """The symbols as a sentence lists them: of many the first ones and the last."""
    names = [shown(symbol) for symbol in symbols]
    return ", ".join(names if len(names) <= 12 else [*names[:11], "…", names[-1]])


def brief(symbol: str) -> str:
    """A symbol as it can be seen; of a long word the beginning."""
    text = shown(symbol)
    return text if len(text) <= MOST_SIGNS else f"{text[: MOST_SIGNS - 1]}…"


def revealed(text: str) -> str:
    """A text that is quoted, with what cannot be seen as escapes: it neither steers a terminal nor hides anything."""
    if text.isascii() and text.isprintable():
        return text
    return _hidden().sub(lambda found: found[0] if found[0] in f" {SIGNS}" else _escaped(found), text)


def json_text(value: Any) -> str:
    """The value as JSON, for everything of ours that is JSON: what cannot be seen is an escape there too, \\u202e, which
    means the same. Raises ValueError for what is not a finite number."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not _unseen().search(text):  # the quick way, for most is numbers
        return text
    return _hidden().sub(
        lambda found: json.dumps(found[0])[1:-1] if found[1] and _unseen().match(found[0]) else found[0], text
    )


@cache
def _unseen() -> re.Pattern[str]:
    """Finds what cannot be seen, but for a space and the end of a line."""
    return re.compile("[" + UNSEEN.replace("\x00-\x20", "\x00-\x09\x0b-\x1f") + "]")


@cache
def _hidden() -> re.Pattern[str]:
    """Finds each character that cannot be seen or is taken as a sign; it is the match's group where it belongs to no letter."""
    return re.compile(f"{BELONGING}|([{UNSEEN}{SIGNS}])")


def _sign(found: re.Match[str]) -> str:
    inside = found[0] == " " and not BLANK.match(found.string, found.start())
    return " " if inside else BLANKS.get(found[0]) or _escaped(found)


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode() if found[1] else found[0]


# One column each: Latin letters, sub- and superscripts, arrows, signs of mathematics, boxes and blocks.
NARROW = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0391-\u03ff\u2010-\u2027\u2070-\u209c\u2190-\u22ff\u23a1-\u23a6\u2500-\u259f]*"
)


def width(text: str) -> int:
    """How many columns of a terminal a text takes (CJK and emoji take two)."""
    if NARROW.fullmatch(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
