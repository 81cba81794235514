"""Word vectors that others learned: a text file with a word and its numbers on each line, as of GloVe and word2vec."""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice, takewhile
from typing import NamedTuple

import numpy as np

from rnnwalk.engine.notes import Array
from rnnwalk.errors import InputError
from rnnwalk.inputs import Wanted, check_unpacked, chunks, label
from rnnwalk.model.limits import LARGEST, MOST_HIDDEN
from rnnwalk.model.symbols import shown
from rnnwalk.tasks.room import check_weights
from rnnwalk.text import count

VECTORS = Wanted("a text file of word vectors", 16 * 2**30)
LONGEST = 2**20  # bytes of a line
FIRST = 100  # lines that say how long a vector is
NUMBER = re.compile(rb"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")  # Python reads 1_0, too


class Vectors(NamedTuple):
    """E: a column for each word of the vocabulary, (k, v), zeros for one that was not found; found: how many were."""

    E: Array
    found: int


def read_vectors(path: str, vocabulary: Sequence[str], tell: Callable[[int], None] = lambda _: None) -> Vectors:
    """The vectors of the words of a vocabulary, in one pass; only those are kept.

    A first line of two whole numbers (how many words, how many numbers each) is passed over; a word may hold blanks, and
    end with a whole number, for all vectors are as long as those of most of the first lines; the first of two lines with the same word counts. Every line must have numbers enough; whether they are some is seen of
    those that are kept. vocabulary: PADDING first; tell: gets how many bytes were read, now and then. Raises InputError.
    """
    where = label(path)
    rows = {word.encode(): row for row, word in enumerate(vocabulary)}
    found: set[int] = set()
    lines = _numbered(path, where, tell)
    first_lines = list(islice(lines, FIRST))
    width = _width(first_lines, where)
    check_weights(0, len(vocabulary) * width)
    E = np.zeros((len(vocabulary), width))
    for number, line in chain(first_lines, lines):
        first, blanks = line.partition(b" ")[0], line.count(b" ")
        if blanks < width or (blanks > width and first in rows and _too_many(line, width)):
            raise InputError(
                f"{where}: line {number} has {count(blanks, 'number')}, expected {width} as most lines have"
            )
        row = rows.get(first if blanks == width else line.rsplit(b" ", width)[0])
        if row is None and not first.isascii():
            row = rows.get(_composed(first))
        if row is not None and row not in found:
            found.add(row)
            E[row] = _vector(line, width, where, number)
    if not found:
        some = ", ".join(shown(word[:20]) for word in vocabulary[1:6]) + " …" * (len(vocabulary) > 6)
        raise InputError(f"{where}: has none of the words of the texts ({some})")
    return Vectors(E.T, len(found))


def _lines(path: str, where: str, tell: Callable[[int], None]) -> Iterator[bytes]:
    """The lines, without their ends and blanks there; runs of blanks are one."""
    rest, seen = b"", 0
    for block in chunks(path, VECTORS):
        if not seen:
            check_unpacked(path, block)
        *lines, rest = (rest + block).split(b"\n")
        if len(rest) > LONGEST:
            raise InputError(f"{where}: has a line of more than 1 MiB; expected a word and its numbers on each")
        seen += len(block)
        tell(seen)
        for line in lines:
            yield _plain(line)
    yield _plain(rest)


def _plain(line: bytes) -> bytes:
    return b" ".join(filter(None, line.strip().split(b" "))) if b"  " in line else line.strip()


def _numbered(path: str, where: str, tell: Callable[[int], None]) -> Iterator[tuple[int, bytes]]:
    """The lines that say something of a word, with their numbers."""
    for number, line in enumerate(_lines(path, where, tell), start=1):
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
            if len(both := line.split()) == 2 and all(part.isdigit() for part in both):
                continue
        if line:
            yield number, line


def _width(lines: Sequence[tuple[int, bytes]], where: str) -> int:
    """How many numbers a vector has: as many as stand at the end of most of these lines, for a word may end with one."""
    found = Counter(sum(1 for _ in takewhile(NUMBER.fullmatch, reversed(line.split(b" ")[1:]))) for _, line in lines)
    del found[0]
    width = min((width for width, times in found.items() if times == max(found.values())), default=0)
    if lines and not 0 < width <= MOST_HIDDEN:
        number, line = lines[0]
        raise InputError(
            f"{where}: line {number} is '{shown(line[:40].decode(errors='replace'))}', expected a word and its numbers, "
            "with blanks between them"
        )
    return width


def _too_many(line: bytes, width: int) -> bool:
    """Whether a line has more numbers than a vector, of which the first are no part of the word as in “route 66”."""
    more = line.split(b" ")[1:-width]
    return all(map(NUMBER.fullmatch, more)) and not all(map(bytes.isdigit, more))


def _vector(line: bytes, width: int, where: str, number: int) -> list[float]:
    word, *fields = line.rsplit(b" ", width)
    for field in fields:
        if not (NUMBER.fullmatch(field) and abs(float(field)) <= LARGEST):
            raise InputError(
                f"{where}: line {number} ('{shown(word[:20].decode(errors='replace'))}') holds "
                f"'{shown(field[:20].decode(errors='replace'))}', expected a finite number, at most 1e100"
            )
    return list(map(float, fields))


def _composed(word: bytes) -> bytes:
    return unicodedata.normalize("NFC", word.decode(errors="replace")).encode()
