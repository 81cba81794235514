"""Words and their symbols: what a reader sees as one letter is one symbol, in every script."""

import re
import unicodedata

from rnnwalk.errors import InputError

FLAG_HALF = re.compile("[\U0001f1e6-\U0001f1ff]")
BLANKS = {" ": "␣", "\t": "⇥", "\n": "⏎", "\r": "␍", "\u00a0": "⍽"}
SIGNS = frozenset(BLANKS.values())
UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp", "Zs"})  # controls, halves of a character, lines, paragraphs, spaces


def split(text: str, by: str = "letter") -> list[str]:
    """The symbols of a text after NFC: its grapheme clusters, or (by="word") its words."""
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


def check_vocabulary(symbols: list[str], where: str) -> tuple[str, ...]:
    """The vocabulary after NFC; raises InputError when it is empty, holds a blank entry, or a symbol twice."""
    found: dict[str, int] = {}
    for position, raw in enumerate(symbols, start=1):
        symbol = unicodedata.normalize("NFC", raw)
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
    """A symbol as it can be seen: blanks, control characters and what has no width alone get a visible sign.

    A text's own ␣ is written by its number, \\u2423, for the sign is taken.
    """
    kinds = [unicodedata.category(c) for c in symbol]
    if kinds[:1] in (["Mn"], ["Me"]):  # an accent without a letter would stand on what is printed before it
        return "◌" + symbol
    unseen = UNSEEN if set(kinds) - {"Cf"} else UNSEEN | {"Cf"}  # inside an emoji, a joiner (Cf) stays
    return "".join(
        BLANKS.get(c, c.encode("unicode_escape").decode() if kind in unseen or c in SIGNS else c)
        for c, kind in zip(symbol, kinds, strict=True)
    )


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
