"""A model as a record: what a weight file says of it, key by key, whatever the file is."""

import re
from collections.abc import Callable
from typing import Any
from warnings import warn

import numpy as np

from rnnwalk.engine.cells import CELLS, cell_named
from rnnwalk.engine.notes import Array, notes
from rnnwalk.errors import InputError, Note, near
from rnnwalk.model.course_layout import split_gates
from rnnwalk.model.limits import LARGEST
from rnnwalk.model.model import Model, build
from rnnwalk.model.symbols import check_vocabulary, has_marks, split
from rnnwalk.model.target import typed
from rnnwalk.model.task import task_of
from rnnwalk.model.task import to_record as task_record
from rnnwalk.model.text_rules import TextRules
from rnnwalk.text import kind

FORMAT = 1
KEYS = (
    *("format", "cell", "form", "vocabulary", "weights", "word", "symbols", "gates"),
    *("inputs", "output", "head", "frozen", "target", "text"),
)
MEANT = {  # names that stand elsewhere, or in other programs, by the key that says it here
    **dict.fromkeys(("freeze", "trainable", "embedding"), "frozen"),
    **dict.fromkeys(("at", "kind", "names", "classes"), "output"),
    **dict.fromkeys(TextRules._fields, "text"),
    **dict.fromkeys(("dense", "activation", "activations"), "head"),
    **dict.fromkeys(("h_init", "h_prev", "hprev", "initial_state", "hidden_state"), "h0"),
    "by": "symbols",
}
SLIP = 0.8  # how alike a key is to another one that it must be meant for, where others are left alone
SYMBOLS = ("letter", "character", "word")


def parse(record: Any, where: str, origin: str) -> Model:
    """The model that a record in rnnwalk's format describes; raises InputError."""
    if not isinstance(record, dict):
        raise InputError(f"{where}: holds {kind(record)}, expected an object with 'cell', 'vocabulary' and 'weights'")
    task = task_of(record, where)
    if task.inputs is not None:
        record = {"vocabulary": []} | record
    for key in ("vocabulary", "weights"):
        if key not in record:
            wrong = next((name for name in record if name not in KEYS and near(name, [key])), None)
            hint = f" (it has '{wrong}'; is that a slip?)" if wrong else ""
            raise InputError(f"{where}: '{key}' is missing{hint}; expected the keys 'cell', 'vocabulary' and 'weights'")
    if record.get("format", FORMAT) != FORMAT:
        raise InputError(f"{where}: format {record['format']!r} is not known; this rnnwalk reads format {FORMAT}")
    for name in record:
        meant = [key for key in KEYS if key not in record]
        if name not in KEYS and not names_state(name) and (hint := near(name, meant, SLIP)):
            raise InputError(f"{where}: '{name}' is no key of a weight file{hint}")
    _tell_unread(record, where)
    vocabulary, weights = record["vocabulary"], record["weights"]
    if isinstance(vocabulary, str):
        vocabulary = split(vocabulary, record.get("symbols", "letter"))
    if not isinstance(vocabulary, list) or not all(isinstance(symbol, str) for symbol in vocabulary):
        raise InputError(f"{where}: 'vocabulary' must be a list of texts, found {kind(vocabulary)}")
    if not isinstance(weights, dict):
        raise InputError(f"{where}: 'weights' must be an object of matrices, found {kind(weights)}")
    if isinstance(words := record.get("word"), list):  # of a walk of several words, none of which is the model's own
        if not all(isinstance(word, str) for word in words):
            wrong = next(kind(word) for word in words if not isinstance(word, str))
            raise InputError(f"{where}: 'word' must be a text, or a list of texts, found a list with {wrong} in it")
        record = {key: value for key, value in record.items() if key not in ("word", "target")}
    if "target" in record:
        record = {**record, "target": typed(record["target"], task, f"{where}: 'target'")}
    for key in ("cell", "form", "word", "symbols"):
        if not isinstance(record.get(key, ""), str):
            raise InputError(f"{where}: '{key}' must be a text, found {kind(record[key])}")
    if record.get("symbols", "letter") not in SYMBOLS:
        raise InputError(f"{where}: 'symbols' is '{record['symbols']}', expected 'letter', 'character' or 'word'")
    if task.text is not None and record.get("symbols") != "word":
        raise InputError(f'{where}: \'text\' tells how words are cut, but a symbol is no word; set "symbols": "word"')
    by = record.get("symbols") or ("character" if has_marks(vocabulary) else "letter")
    cell = record.get("cell", "rnn")
    given = {name: matrix(name, rows, where) for name, rows in weights.items()}
    initial = {key: matrix(key, rows, where) for key, rows in record.items() if names_state(key)}
    laid_out = split_gates(cell, given, initial, record.get("gates"), len(vocabulary), where)
    return build(
        cell,
        check_vocabulary(vocabulary, where, by) if vocabulary or task.inputs is None else (),
        laid_out.matrices,
        where,
        called=laid_out.called,
        layout=laid_out.layout,
        form=record.get("form"),
        initial={key[:-1]: part for key, part in laid_out.initial.items()},
        word=record.get("word"),
        by=by,
        origin=origin,
        task=task,
        target=record.get("target"),
    )


def _tell_unread(record: dict[str, Any], where: str) -> None:
    """Warn of keys that are not read and seem to be meant for others; any more are somebody's own."""
    cell = record.get("cell", "rnn")
    states = notes(cell_named(cell).State) if isinstance(cell, str) and cell in CELLS else ()
    for name in record:
        plain = name[:1] + name[1:].replace("_", "")
        key = f"{name.lower()}0" if name.lower() in states else plain if names_state(plain) else MEANT.get(name, name)
        if key != name:
            warn(f"{where}: '{name}' is no key of a weight file and was not read; did you mean '{key}'?", Note, 3)


def matrix(name: str, rows: Any, where: str) -> Array:
    """A 2-D float64 array from nested lists; a list of numbers is a column. Raises InputError at the first bad number."""
    if isinstance(rows, np.ndarray):
        if rows.dtype.kind in "fiu" and rows.itemsize <= 8 and rows.ndim in (1, 2) and rows.size:
            found = rows.astype(np.float64)
            if (abs(found) <= LARGEST).all():
                return found if found.ndim == 2 else found[:, None]
        rows = listed(rows)  # to say what is wrong
    if not isinstance(rows, list):
        if not isinstance(rows, int | float) or isinstance(rows, bool):
            raise InputError(f"{where}: {name} is {kind(rows)}, expected rows of numbers{_meant(rows)}")
        rows = [rows]
    if not rows or rows == [[]]:
        raise InputError(f"{where}: {name} is empty; expected rows of numbers")
    if not isinstance(rows[0], list):
        rows = [[number] for number in rows]
    for r, row in enumerate(rows, start=1):
        if not isinstance(row, list):
            raise InputError(f"{where}: {name} row {r} is {kind(row)}, expected a list of numbers")
        if len(row) != len(rows[0]):
            raise InputError(
                f"{where}: {name} is ragged: row 1 has {len(rows[0])} numbers, row {r} has {len(row)}; make the rows equally long (a number is written 0.5, with a point)"
            )
        for c, number in enumerate(row, start=1):
            good = isinstance(number, int | float) and not isinstance(number, bool)
            if not good or not abs(number) <= LARGEST:
                raise InputError(
                    f"{where}: {name} row {r}, column {c} is {kind(number)}, expected a finite number, at most 1e100"
                    f"{_meant(number)}"
                )
    return np.array(rows, dtype=np.float64)


def _meant(entry: Any) -> str:
    """Which number a text may be meant for: one in quotation marks, perhaps with a decimal comma."""
    if not isinstance(entry, str) or len(entry) > 40 or not re.fullmatch(r"\s*[+-]?[0-9]+([.,][0-9]+)?\s*", entry):
        return ""
    comma = "a decimal comma? " if "," in entry else ""
    return f"; {comma}write {float(entry.replace(',', '.'))!r}, without quotation marks"


def listed(array: np.ndarray[Any, Any]) -> Any:
    """An array as lists of Python's own numbers; longer floating-point numbers have none, so they are rounded."""
    if array.dtype.kind == "f" and array.itemsize > 8:
        with np.errstate(over="ignore"):  # what becomes infinite is refused
            array = array.astype(np.float64)
    return array.tolist()


def names_state(key: str) -> bool:
    """Whether a key names a part of the initial state: h0, c0."""
    return len(key) == 2 and key[0].isalpha() and key[1] == "0"


def to_record(model: Model, rows: Callable[[Array], Any] | None = None) -> dict[str, Any]:
    """The model as plain JSON types; columns as flat lists, as in the article's file. rows: makes something else of matrices."""
    rows = rows or _rows
    record: dict[str, Any] = {"format": FORMAT, "cell": model.cell, "form": model.form}
    if model.word is not None:
        record["word"] = model.word
    if (model.word is not None or model.by != "letter") and model.task.inputs is None:
        record["symbols"] = model.by
    if model.target is not None:
        record["target"] = model.target
    record |= task_record(model.task)
    if model.vocabulary:
        record["vocabulary"] = list(model.vocabulary)
    record["weights"] = {name: rows(w) for name, w in model.weights._asdict().items() if w is not None}
    for name, part in model.before._asdict().items():
        if part.any():
            record[f"{name}0"] = rows(part)
    return record


def _rows(array: Array) -> Any:
    column = array.shape[1] == 1 and array.shape != (1, 1)
    return array[:, 0].tolist() if column else array.tolist()
