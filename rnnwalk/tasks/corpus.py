"""A text to learn from, line by line, as numbers: read once, four bytes a symbol."""

from typing import Any, NamedTuple

import numpy as np

from rnnwalk.errors import InputError
from rnnwalk.inputs import Wanted, label
from rnnwalk.inputs import lines as lines_in
from rnnwalk.model.symbols import shown, split

MOST_TEXT = 256 * 2**20  # bytes
MOST_LINES = 4_000_000  # each takes some 150 bytes, however short
TEXT = Wanted("a text to learn from", MOST_TEXT)


class Corpus(NamedTuple):
    """lines: of rows of the vocabulary, int32; left_out: how many other lines there were (blank ones aside)."""

    vocabulary: tuple[str, ...]
    lines: list[Any]
    left_out: int

    def symbols(self, line: Any) -> tuple[str, ...]:
        """A line as it was read."""
        return tuple(self.vocabulary[row] for row in line.tolist())


def read_corpus(path: str, by: str = "letter", vocabulary: tuple[str, ...] | None = None) -> Corpus:
    """The lines of a text that have at least two symbols.

    path: of a file, or "-" for standard input; by: what a symbol is, "letter" or "word"; vocabulary: the symbols that
    may stand in it, None for all that do, in order of first appearance.
    LF, CRLF and CR end a line; a byte-order mark is dropped. Raises InputError.
    """
    known: dict[str, int] = {symbol: row for row, symbol in enumerate(vocabulary or ())}
    kept: list[Any] = []
    left_out = 0
    for number, line in enumerate(lines_in(path, TEXT), start=1):
        if len(kept) > MOST_LINES:
            raise InputError(f"{label(path)}: has more than {MOST_LINES:,} lines, the limit; take a smaller text")
        if not line or line.isspace():
            continue
        symbols = split(line, by)
        if len(symbols) < 2:
            left_out += 1
            continue
        for symbol in dict.fromkeys(symbols):
            if symbol not in known:
                if vocabulary is not None:
                    raise InputError(
                        f"{label(path)}: '{shown(symbol)}' in line {number} is not in the vocabulary; use a model that "
                        "knows it, or another text"
                    )
                known[symbol] = len(known)
        kept.append(np.fromiter(map(known.__getitem__, symbols), dtype=np.int32, count=len(symbols)))
    if not kept:
        raise InputError(f"{label(path)}: has no line of at least two {by}s to learn from")
    return Corpus(tuple(known), kept, left_out)
