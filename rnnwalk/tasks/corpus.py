"""A text to learn from, line by line, as numbers: read once, four bytes a symbol and sixteen a line."""

from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from rnnwalk.errors import InputError
from rnnwalk.inputs import Wanted, label
from rnnwalk.inputs import lines as lines_in
from rnnwalk.model.symbols import shown, split
from rnnwalk.model.text_rules import PADDING, TextRules

MOST_TEXT = 256 * 2**20  # bytes
MOST_LINES = 4_000_000  # a line takes as long to learn from, however short
TEXT = Wanted("a text to learn from", MOST_TEXT)


class Lines(Sequence[Any]):
    """Lines of a text, each as rows of its vocabulary, int32: views of one array, made when they are asked for.

    starts, ends: where each stands in ``rows``.
    """

    def __init__(self, rows: Any, starts: Any, ends: Any) -> None:
        self.rows, self.starts, self.ends = rows, starts, ends

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, which: Any) -> Any:
        """The line of a number; of a slice or a mask, those lines."""
        if isinstance(which, slice | np.ndarray):
            return Lines(self.rows, self.starts[which], self.ends[which])
        return self.rows[self.starts[which] : self.ends[which]]

    def __iter__(self) -> Iterator[Any]:
        return (self.rows[start:end] for start, end in zip(self.starts, self.ends, strict=True))


class Corpus(NamedTuple):
    """lines: of rows of the vocabulary; left_out: how many other lines there were (blank ones aside); unknown: words that
    are not read, where rules leave such words out."""

    vocabulary: tuple[str, ...]
    lines: Lines
    left_out: int
    unknown: tuple[str, ...] = ()

    def symbols(self, line: Any) -> tuple[str, ...]:
        """A line as it was read."""
        return tuple(self.vocabulary[row] for row in line.tolist())


def read_corpus(
    path: str, by: str = "letter", vocabulary: tuple[str, ...] | None = None, rules: TextRules | None = None
) -> Corpus:
    """The lines of a text that have at least two symbols.

    path: of a file, or "-" for standard input; by: what a symbol is, "letter" or "word"; vocabulary: the symbols that
    may stand in it, None for all that do, in order of first appearance; rules: of a model that has some, how its words are cut.
    LF, CRLF and CR end a line; a byte-order mark is dropped. Raises InputError.
    """
    known: dict[str, int] = {symbol: row for row, symbol in enumerate(vocabulary or ())}
    rows, ends = array("i"), array("q", [0])
    left_out, unknown = 0, dict[str, None]()
    for number, line in enumerate(lines_in(path, TEXT), start=1):
        if len(ends) > MOST_LINES + 1:
            raise InputError(f"{label(path)}: has more than {MOST_LINES:,} lines, the limit; take a smaller text")
        if not line or line.isspace():
            continue
        symbols = split(line, by) if rules is None else rules.words(line)
        if rules is not None:
            unknown |= dict.fromkeys(word for word in symbols if word not in known or word == PADDING)
            symbols = [word for word in symbols if word not in unknown]
            symbols = rules.fitted(symbols, PADDING) if symbols else []
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
        rows.extend(map(known.__getitem__, symbols))
        ends.append(len(rows))
    if len(ends) == 1:
        raise InputError(f"{label(path)}: has no line of at least two {by}s to learn from")
    bounds = np.frombuffer(ends, np.int64)
    return Corpus(tuple(known), Lines(np.frombuffer(rows, np.int32), bounds[:-1], bounds[1:]), left_out, tuple(unknown))
