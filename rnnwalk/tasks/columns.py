"""How a CSV file is written, seen from its first lines: what parts its columns, and where the two stand that are asked for."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
QUOTED = re.compile(r" +\"")

Row = tuple[int, list[str]]
"""The number of its first line, and its fields."""


class Way(NamedTuple):
    """separator: between two columns; skip: whether blanks may stand before a quotation mark."""

    separator: str = ","
    skip: bool = False

    def reader(self, lines: Iterator[str] | Sequence[str]) -> Any:
        """What reads rows that are written so."""
        return csv.reader(lines, strict=True, delimiter=self.separator, skipinitialspace=self.skip)


def seen(
    lines: Sequence[str], places: Callable[[list[str]], tuple[int, int] | None], headless: bool
) -> tuple[Way, Row | None]:
    """How these lines are written, and the row that the others are to be like: the header, or without one the first of
    those that have as many columns as most.

    Of the ways by which that row has the columns that are asked for, it is the one by which most rows are like it, no
    quotation mark stands after a blank, and the least is left in the column of the classes, for texts hold commas, too.
    Where no way has them, that which makes most columns. places: of the text and the class in a row, None where it has them not.
    """
    best: tuple[int, ...] = ()
    found: tuple[Way, Row | None] = Way(), None
    for skip, separator in product((False, True), SEPARATORS):
        way = Way(separator, skip)
        rows = _rows(lines, way)
        if not rows:
            continue
        enough = [row for row in rows if places(row[1])] or rows
        width = Counter(len(fields) for _, fields in enough).most_common(1)[0][0]
        model = next(row for row in enough if len(row[1]) == width) if headless else rows[0]
        at = places(model[1])
        alike = [fields for _, fields in rows if len(fields) == len(model[1])]
        score: tuple[int, ...] = (0, len(model[1]))
        if at is not None:
            quoted = sum(bool(QUOTED.match(field)) for fields in alike for field in fields)
            score = (1, len(alike), -quoted, -sum(len(fields[at[1]]) for fields in alike))
        if score > best:
            best, found = score, (way, model)
    return found


def _rows(lines: Sequence[str], way: Way) -> list[Row]:
    """The rows that are CSV."""
    found, start = list[Row](), 0
    while start < len(lines):
        reader, begun = way.reader(lines[start:]), start
        try:
            for row in reader:
                if row:
                    found.append((start + 1, row))
                start = begun + reader.line_num
        except csv.Error:
            start += 1
    return found
