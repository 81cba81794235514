"""Problems to learn from: rows of a CSV file, written as on the command line."""

from rnnwalk.errors import InputError
from rnnwalk.inputs import Wanted
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import problems_for_words
from rnnwalk.model.problem import Problem
from rnnwalk.tasks.table import LONGEST, Table

WRITTEN = Wanted("a CSV file of what is not texts of words with a class each", 64 * 2**20, LONGEST)


def read_data(table: Table, asked: ModelOptions) -> list[Problem]:
    """A problem for each row, for one model: the one that is asked for, whose vocabulary is that of all texts.

    Texts and targets are written as on the command line; quoted ones may hold commas and ends of lines. Raises
    InputError with the number of the line.
    """
    texts, targets, places = list[str | None](), list[str | None](), list[str]()
    for line, text, target in table:
        texts.append(text)
        targets.append(target)
        places.append(f"line {line}")
    if table.reasons:
        raise InputError(f"{table.where}: {table.reasons[0]}; quote a field that holds a comma")
    made = (asked.weights, asked.example, asked.classes, asked.linear, asked.inputs, asked.at)
    if all(option is None for option in made) and all(target and not set(target) & set(" ,\"'") for target in targets):
        asked = asked._replace(classes=",".join(dict.fromkeys(filter(None, targets))))  # one for each text, so a class
    try:
        return problems_for_words(texts, asked, targets, places)
    except InputError as error:
        raise InputError(f"{table.where}: {error}") from None
