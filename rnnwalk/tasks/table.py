"""Two columns of a CSV file, row by row: the texts and what is true of them."""

import csv
import re
from codecs import lookup
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from rnnwalk.encoding import UNMARKED, check_encoding
from rnnwalk.errors import InputError, near
from rnnwalk.inputs import Wanted, label, lines
from rnnwalk.model.symbols import shown
from rnnwalk.tasks.columns import QUOTED, SEPARATORS, Way, seen
from rnnwalk.text import count

LONGEST = 16 * 2**20  # characters of a line: what is longer is no table, and would fill the memory
DATA = Wanted("a CSV file with texts and what is true of them", 4 * 2**30, LONGEST)
TEXT, LABEL = "text", "target"
FIRST, MOST_FIRST = 100, 2**20  # lines, and characters, by which it is seen how a file is written
OFTEN = 1000  # lines
FIELD = 2**17  # characters of a text of several lines: a quotation mark that is missing reads no further
NAMED = 3  # rows that cannot be read, of which it is said why
NUMBERS = re.compile(r"[-+.,\seE]*(\d[-+.,\seE]*)+")
MANY = 4  # one of so many characters is a zero: of a line in UTF-16, read as something else, one of two is
ZERO = "holds a zero byte"
LONG = 10  # lines of a text: one of more may want a quotation mark


class Columns(NamedTuple):
    """text, label: names in line 1; or numbers from 0, of a file without such a line. encoding: of the file."""

    text: str | None = None
    label: str | None = None
    encoding: str | None = None


class Table:
    """The rows of a file with at least one of them: ``for line, text, label in table``, the number of the line first.

    tell: gets about how many bytes were read, now and then; unreadable: how many rows could not be read; reasons: of the first of them, why not;
    told: what whoever read them says of the rows; numbers: whether every text so far is numbers.
    """

    def __init__(
        self, path: str, columns: Columns, tell: Callable[[int], None] = lambda _: None, wanted: Wanted = DATA
    ) -> None:
        self.where = label(path)
        self.unreadable = 0
        self._reasons: list[tuple[int, str]] = []
        self.told: list[str] = []
        self.numbers = True
        encoding = "utf-8" if columns.encoding is None else columns.encoding
        check_encoding(encoding)
        self._lines = _Lines(lines(path, wanted, encoding), self.where, tell, encoding)
        self._text, self._label = columns.text or TEXT, columns.label or LABEL
        self.headless = self._text.isdecimal()
        self._way = Way()
        self._read = self._taken = 0  # rows, and the lines of the file that say something, the header aside
        self._unlike = 0  # rows that are CSV, but say what the network does not know
        self._wider = False  # whether a row has more fields than it should
        self._long: tuple[int, int] | None = None  # the first text of many lines: from, to
        if self.headless != self._label.isdecimal():
            raise InputError(
                f"the columns are '{self._text}' and '{self._label}', expected both by name (--text-column, "
                "--label-column), or both by number from 0, where line 1 is no header"
            )
        if self._text == self._label or (self.headless and int(self._text[:9]) == int(self._label[:9])):
            raise InputError(
                f"the texts and their classes are both to come from the column '{self._label}'; expected two columns "
                "(--text-column, --label-column)"
            )

    @property
    def reasons(self) -> list[str]:
        """Why the first rows that cannot be read cannot."""
        return [why for _, why in self._reasons]

    def remarks(self) -> list[str]:
        """What is to be said of the file once it has been read, in sentences."""
        said = [] if self._lines.misread is None else [self._lines.misread]
        if self._way.separator != ",":
            said.append(f"its columns are parted by {SEPARATORS[self._way.separator]}")
        if self._read != self._taken:
            said.append(f"read {count(self._read, 'row')} from {count(self._taken, 'line')}")
        if self._long is not None:
            start, end = self._long
            said.append(f"one text spans lines {start} to {end}: is a quotation mark missing?")
        if self.unreadable:
            more = " …" if self.unreadable > len(self.reasons) else ""
            rows = count(self.unreadable, "row")
            quote = f"; texts that hold {SEPARATORS[self._way.separator]} are quoted" * self._wider
            said.append(f"left out {rows} that cannot be read: {'; '.join(self.reasons)}{more}{quote}")
        return [f"{self.where}: {sentence}" for sentence in said + self.told]

    def __iter__(self) -> Iterator[tuple[int, str, str]]:
        self._way, model = seen(self._lines.first(), self._places, self.headless)
        first, like = model or (0, [])
        at = self._check_places(first, like) if model else (0, 0)
        for line, row in self._rows():
            if line == first and not self.headless:
                self._taken = 0
            elif len(row) != len(like):
                self._wider |= len(row) > len(like)
                blank = ": a blank stands before a quotation mark" if any(map(QUOTED.match, row)) else ""
                self._leave(
                    line,
                    f"line {line} has {count(len(row), 'field')}, expected {len(like)} as in line {first}{blank}",
                )
            elif any("\0" in field for field in row):
                self._leave(line, f"line {line} {ZERO}")
            elif not (said := row[at[1]].strip()):
                self._leave(line, f"line {line} does not say what is true")
            else:
                self._read += 1
                self.numbers = self.numbers and bool(NUMBERS.fullmatch(row[at[0]]))
                yield line, row[at[0]], said
        self.check()

    def check(self) -> None:
        """Raise InputError where there are no rows, or no more than cannot be read."""
        if self.unreadable and self.unreadable >= self._read:
            parted = (
                f"; columns are parted by {SEPARATORS[self._way.separator]}, and a text that holds one is quoted"
                if not self._unlike
                else ""
            )
            raise InputError(
                f"{self.where}: {self.unreadable} of {self.unreadable + self._read} rows cannot be read: "
                f"{self.reasons[0]}{parted}"
            )
        if not self._read:
            raise InputError(f"{self.where}: has no rows to learn from")

    def leave(self, line: int, why: str) -> None:
        """A row that was read says nothing that can be learned after all. why: a sentence with the number of its line."""
        self._read -= 1
        self._unlike += 1
        self._leave(line, why)

    def _leave(self, line: int, why: str) -> None:
        self.unreadable += 1
        self._reasons = sorted([*self._reasons, (line, why)])[:NAMED]

    def _said(self, error: str) -> str:
        """What is wrong with a line, by what Python's reader of CSV says of it."""
        if error.startswith("field larger"):
            between = SEPARATORS[self._way.separator]
            return f"holds more than {csv.field_size_limit():,} characters between two {between}: is a quotation mark missing?"
        return ZERO if "NUL" in error else f"is not CSV ({error})"  # NUL: before Python 3.11

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that are CSV, with the numbers of the lines on which they begin."""
        reader = self._way.reader(self._lines)
        while True:
            self._lines.taken.clear()
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._leave(self._lines.start, f"line {self._lines.start} {self._said(str(error))}")
                self._lines.go_back(1)
                self._taken += 1
                continue
            if row:
                start, end = self._lines.start, self._lines.number
                self._taken += end - start + 1
                if self._long is None and end - start >= LONG:
                    self._long = start, end
                yield start, row

    def _places(self, row: list[str]) -> tuple[int, int] | None:
        """Where the text and the label stand in rows like this one, None where it has them not."""
        if self.headless:
            text, label = (int(number[:9]) for number in (self._text, self._label))
            return (text, label) if max(text, label) < len(row) else None
        return (row.index(self._text), row.index(self._label)) if {self._text, self._label} <= set(row) else None

    def _check_places(self, line: int, row: list[str]) -> tuple[int, int]:
        """The same; raises InputError where it has them not, or twice."""
        if self.headless:
            for option, number in (("--text-column", self._text), ("--label-column", self._label)):
                if int(number[:9]) >= len(row):
                    raise InputError(
                        f"{self.where}: {option} is {number[:40]}, but line {line} has {count(len(row), 'column')}, "
                        "counted from 0"
                    )
            return int(self._text), int(self._label)
        for name in (self._text, self._label):
            if name not in row:
                found = ", ".join(shown(field[:20]) for field in row[:8])
                hint = near(name, [field for field in row if field not in (self._text, self._label)])
                if len(row) > 1 and any(field.replace(".", "", 1).isdecimal() for field in row):
                    sizes = list(map(len, row))
                    text = sizes.index(max(sizes))  # most likely: the longest, and the shortest of the others
                    label = min((size, place) for place, size in enumerate(sizes) if place != text)[1]
                    hint = f"; is it no header? Then number the columns from 0: --text-column {text} --label-column {label}"
                elif len(row) == 1 and "|" in row[0]:
                    hint = "; its columns must be parted by commas, semicolons or tabs, not by '|'"
                raise InputError(
                    f"{self.where}: line 1 names no column '{name}', found {found}"
                    f"{hint or ': choose with --text-column and --label-column'}"
                )
            if row.count(name) > 1:
                raise InputError(f"{self.where}: line 1 names {row.count(name)} columns '{name}', expected one")
        return row.index(self._text), row.index(self._label)


class _Lines:
    """The lines of a file, of which those after the first of a row that cannot be read are read again.

    number: of the last line; taken: the lines of the row; misread: what is said where all that is not ASCII would be UTF-8.
    """

    def __init__(self, source: Iterator[str], where: str, tell: Callable[[int], None], encoding: str) -> None:
        self._encoding = encoding
        self._other = lookup(encoding).name.startswith("utf")  # whether a line was met that is no UTF-8
        self.misread: str | None = None
        self._source, self._where, self._tell = source, where, tell
        self._read = 0  # characters
        self._again = deque[str]()
        self.number = 0
        self.taken: list[str] = []
        csv.field_size_limit(FIELD)

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else f"{next(self._source)}\n"
        self.number += 1
        self.taken.append(line)
        self._read += len(line)
        if len(line) > csv.field_size_limit():  # a text may be all of its line
            csv.field_size_limit(len(line))
        if self.number % OFTEN == 0:
            self._tell(self._read)
        if not self._other and not line.isascii():
            self._compare(line)
        return line

    def _compare(self, line: str) -> None:
        """See whether a line that was read in another encoding is UTF-8, too."""
        try:
            meant = line.encode(self._encoding).decode()
        except UnicodeError:
            self.misread, self._other = None, True
            return
        if self.misread is None and not meant.isascii():
            letter = next(sign for sign in meant if not sign.isascii())
            found = letter.encode().decode(self._encoding)
            self.misread = (
                f"it is UTF-8, too, and “{shown(letter)}” in line {self.number} is read as “{shown(found)}”; "
                f"leave out --encoding {self._encoding}"
            )

    def first(self) -> list[str]:
        """The first lines, which are read again. Raises InputError where most of them are no text."""
        lines, room = list[str](), MOST_FIRST
        while len(lines) < FIRST and room > 0 and (line := next(self, None)) is not None:
            lines.append(line)
            room -= len(line)
        self.go_back(0)
        zeros = [number for number, line in enumerate(lines, start=1) if MANY * line.count("\0") > len(line)]
        if 2 * len(zeros) > len(lines):
            raise InputError(f"{self._where}: line {zeros[0]} {ZERO}, so this is no text; if it is one, try {UNMARKED}")
        return lines

    @property
    def start(self) -> int:
        """The number of the row's first line."""
        return self.number - len(self.taken) + 1

    def go_back(self, keep: int) -> None:
        """To the line after so many of the row."""
        self._again.extendleft(reversed(self.taken[keep:]))
        self.number -= len(self.taken) - keep
        self.taken.clear()
