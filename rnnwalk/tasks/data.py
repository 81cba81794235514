"""Rows to learn from: the columns text and target of a CSV file."""

import csv
from io import StringIO

from rnnwalk.errors import InputError, near
from rnnwalk.inputs import Wanted, label, lines
from rnnwalk.model.pose import ModelOptions, problems_for_words
from rnnwalk.model.problem import Problem

DATA = Wanted("a CSV file with the columns text and target", 64 * 2**20)
COLUMNS = ("text", "target")


def read_data(path: str, asked: ModelOptions) -> list[Problem]:
    """A problem for each row, for one model: the one that is asked for, whose vocabulary is that of all texts.

    Texts and targets are written as on the command line; quoted ones may hold commas and ends of lines. Raises
    InputError with the number of the line.
    """
    where = label(path)
    reader = csv.reader(StringIO("\n".join(lines(path, DATA)), newline=""), strict=True)
    texts, targets, places = list[str | None](), list[str | None](), list[str]()
    try:
        head = next(reader, [])
        for name in COLUMNS:
            if name not in head:
                found = ", ".join(head[:8]) or "nothing"
                raise InputError(f"{where}: line 1 names no column '{name}', found {found}{near(name, head)}")
            if head.count(name) > 1:
                raise InputError(f"{where}: line 1 names {head.count(name)} columns '{name}', expected one")
        at = [head.index(name) for name in COLUMNS]
        for row in reader:
            if not row:
                continue
            if len(row) != len(head):
                raise InputError(
                    f"{where}: line {reader.line_num} has {len(row)} fields, expected {len(head)} as in line 1; "
                    "quote a field that holds a comma"
                )
            texts.append(row[at[0]])
            targets.append(row[at[1]])
            places.append(f"line {reader.line_num}")
    except csv.Error as error:
        raise InputError(f"{where}: line {reader.line_num} is not CSV ({error})") from None
    if not texts:
        raise InputError(f"{where}: has no rows to learn from")
    try:
        return problems_for_words(texts, asked, targets, places)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
