"""Weight files: JSON, and NPZ with the same names."""

import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from rnnwalk.engine.notes import Array
from rnnwalk.errors import InputError, near
from rnnwalk.files import replacing
from rnnwalk.inputs import Wanted, label, whole
from rnnwalk.model.course_layout import split_gates
from rnnwalk.model.model import LARGEST, Model, build
from rnnwalk.model.symbols import check_vocabulary, has_marks, json_text, split
from rnnwalk.model.task import Task, task_of, typed_answers
from rnnwalk.model.task import to_record as task_record
from rnnwalk.text import JSON, named, size

FORMAT = 1
ARTICLE = Path(__file__).parents[1] / "article.json"
WANTED = Wanted("a JSON or NPZ file with weights", 256 * 2**20)
JSON_BYTES = 22  # of a number that was learned, with its comma
KEYS = (
    *("format", "cell", "form", "vocabulary", "weights", "word", "symbols", "gates"),
    *("inputs", "output", "head", "frozen", "target", "text"),
)
OTHERS = "json"  # of an NPZ file: the entry with the keys that arrays do not hold, as a text
SYMBOLS = ("letter", "character", "word")


def article() -> Model:
    """The article's own network for "hello": vocabulary h, e, l, o; a 1×1 Whh and a 1×1 bias."""
    record = json.loads(ARTICLE.read_text("utf-8"))
    return replace(parse(record, "article.json", "The weights are the article's."), untrained=True)


def model_of(source: Any) -> Model:
    """The model that is named: by a file's name, by a dict as in a weight file, or a Model itself. Raises InputError."""
    if isinstance(source, Model):
        return source
    if isinstance(source, str | PathLike):
        return read(str(source))
    if isinstance(source, Mapping):
        return parse(dict(source), "weights", "The weights were given.")
    raise InputError(f"weights is {_kind(source)}, expected a file's name, a dict as in a weight file, or a Model")


def read(path: str) -> Model:
    """The model in a JSON or NPZ file, or ("-") in what comes through standard input.

    Raises InputError, in one sentence, for whatever a person could put right in the file.
    """
    data, where = whole(path, WANTED), label(path)
    record = _npz(data, where) if data[:4] == b"PK\x03\x04" else _json(data, where)
    source = label(path) if path == "-" else named(Path(path).name)
    return parse(record, where, f"The weights are read from {source}.")


def parse(record: Any, where: str, origin: str) -> Model:
    """The model that a record in rnnwalk's format describes; raises InputError."""
    if not isinstance(record, dict):
        raise InputError(f"{where}: holds {_kind(record)}, expected an object with 'cell', 'vocabulary' and 'weights'")
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
    vocabulary, weights = record["vocabulary"], record["weights"]
    if isinstance(vocabulary, str):
        vocabulary = split(vocabulary, record.get("symbols", "letter"))
    if not isinstance(vocabulary, list) or not all(isinstance(symbol, str) for symbol in vocabulary):
        raise InputError(f"{where}: 'vocabulary' must be a list of texts, found {_kind(vocabulary)}")
    if not isinstance(weights, dict):
        raise InputError(f"{where}: 'weights' must be an object of matrices, found {_kind(weights)}")
    if isinstance(record.get("word"), list):  # of a walk of several words, none of which is the model's own
        record = {key: value for key, value in record.items() if key not in ("word", "target")}
    if "target" in record:
        record = {**record, "target": _typed(record["target"], task)}
    for key in ("cell", "form", "word", "symbols", "target"):
        if not isinstance(record.get(key, ""), str):
            raise InputError(f"{where}: '{key}' must be a text, found {_kind(record[key])}")
    if record.get("symbols", "letter") not in SYMBOLS:
        raise InputError(f"{where}: 'symbols' is '{record['symbols']}', expected 'letter', 'character' or 'word'")
    if task.text is not None and record.get("symbols") != "word":
        raise InputError(f'{where}: \'text\' tells how words are cut, but a symbol is no word; set "symbols": "word"')
    by = record.get("symbols") or ("character" if has_marks(vocabulary) else "letter")
    cell = record.get("cell", "rnn")
    given = {name: matrix(name, rows, where) for name, rows in weights.items()}
    matrices, layout = split_gates(cell, given, record.get("gates"), len(vocabulary), where)
    return build(
        cell,
        check_vocabulary(vocabulary, where, by) if vocabulary or task.inputs is None else (),
        matrices,
        where,
        layout=layout,
        form=record.get("form"),
        initial={key[:-1]: matrix(key, rows, where) for key, rows in record.items() if _initial(key)},
        word=record.get("word"),
        by=by,
        origin=origin,
        task=task,
        target=record.get("target"),
    )


def matrix(name: str, rows: Any, where: str) -> Array:
    """A 2-D float64 array from nested lists; a list of numbers is a column. Raises InputError at the first bad number."""
    if isinstance(rows, np.ndarray):
        if rows.dtype.kind in "fiu" and rows.itemsize <= 8 and rows.ndim in (1, 2) and rows.size:
            found = rows.astype(np.float64)
            if (abs(found) <= LARGEST).all():
                return found if found.ndim == 2 else found[:, None]
        rows = _listed(rows)  # to say what is wrong
    if not isinstance(rows, list):
        rows = [rows]
    if not rows or rows == [[]]:
        raise InputError(f"{where}: {name} is empty; expected rows of numbers")
    if not isinstance(rows[0], list):
        rows = [[number] for number in rows]
    for r, row in enumerate(rows, start=1):
        if not isinstance(row, list):
            raise InputError(f"{where}: {name} row {r} is {_kind(row)}, expected a list of numbers")
        if len(row) != len(rows[0]):
            raise InputError(
                f"{where}: {name} is ragged: row 1 has {len(rows[0])} numbers, row {r} has {len(row)}; make the rows equally long (a number is written 0.5, with a point)"
            )
        for c, number in enumerate(row, start=1):
            good = isinstance(number, int | float) and not isinstance(number, bool)
            if not good or not abs(number) <= LARGEST:
                raise InputError(
                    f"{where}: {name} row {r}, column {c} is {_kind(number)}, expected a finite number, at most 1e100"
                )
    return np.array(rows, dtype=np.float64)


def _listed(array: np.ndarray[Any, Any]) -> Any:
    """An array as lists of Python's own numbers; longer floating-point numbers have none, so they are rounded."""
    if array.dtype.kind == "f" and array.itemsize > 8:
        with np.errstate(over="ignore"):  # what becomes infinite is refused
            array = array.astype(np.float64)
    return array.tolist()


def _typed(target: Any, task: Task) -> Any:
    """A target as it is typed: a number, or a list, of the outputs of a step or of the answers of all steps."""
    if isinstance(target, int | float) and not isinstance(target, bool):
        return repr(target)
    if isinstance(target, list):
        found = [_typed(each, task._replace(at="last")) for each in target]
        if all(isinstance(each, str) for each in found):
            return typed_answers(found) if task.at == "every" else ("," if task.linear else " ").join(found)
    return target


def _initial(key: str) -> bool:
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


def to_json(model: Model) -> str:
    """The text of a weight file: exact numbers, a row of a matrix on each line."""
    record = to_record(model)
    weights = record.pop("weights")
    head = [f"  {json_text(key)}: {json_text(value)}" for key, value in record.items()]
    body = ",\n".join(f"    {json_text(name)}: {_layout(rows)}" for name, rows in weights.items())
    return "{\n" + ",\n".join([*head, '  "weights": {\n' + body + "\n  }"]) + "\n}\n"


def write(model: Model, path: Path, *, force: bool) -> None:
    """Write a weight file, JSON, or NPZ where the name ends so. Raises InputError."""
    with replacing(path, force) as file:
        if path.suffix.lower() == ".npz":
            archive = (
                io.BytesIO()
            )  # which never fails half-way: an archive on a full disk complains once more at its end
            np.savez(archive, **to_arrays(model))
            file.write(archive.getbuffer())
        else:
            file.write(to_json(model).encode(errors=JSON))


def to_arrays(model: Model) -> dict[str, Any]:
    """The entries of an NPZ file, of which one is the JSON of what arrays do not hold."""
    record = to_record(model, np.asarray)
    weights = record.pop("weights")
    words = " ".join(model.vocabulary)
    if model.by == "word" and tuple(split(words, "word")) == model.vocabulary:
        record["vocabulary"] = words  # an array of texts has room for the longest in every place
    entries = {key: np.array(value) for key, value in record.items()}
    lost = {key: record[key] for key, array in entries.items() if key in KEYS and not _holds(array, record[key])}
    entries = {key: array for key, array in entries.items() if key not in lost}
    return entries | weights | ({OTHERS: np.array(json.dumps(lost))} if lost else {})


def _holds(array: np.ndarray[Any, Any], value: Any) -> bool:
    """Whether an array gives a value back: it has no objects without pickles, and NumPy cuts a NUL off a text's end."""
    return array.dtype != object and array.tolist() == value


def check_room(parameters: int, path: Path) -> None:
    """Raise InputError where a file with so many numbers would be larger than what is read again."""
    packed = path.suffix.lower() == ".npz"
    size = parameters * (8 if packed else JSON_BYTES)
    if size > WANTED.most:
        other = "" if packed else ", or name an NPZ file, which is smaller"
        raise InputError(
            f"{named(path)}: {parameters:,} numbers would take about {size >> 20} MiB, and only {WANTED.most >> 20} MiB "
            f"are read again; take fewer words (--num-words) or shorter word vectors{other}"
        )


def _rows(array: Array) -> Any:
    column = array.shape[1] == 1 and array.shape != (1, 1)
    return array[:, 0].tolist() if column else array.tolist()


def _layout(rows: Any) -> str:
    if len(rows) == 1 or not isinstance(rows[0], list):
        return json_text(rows)
    return "[\n      " + ",\n      ".join(map(json_text, rows)) + "\n    ]"


def _json(data: bytes, where: str) -> Any:
    try:
        text = data.decode("utf-8-sig")
        return json.loads(text)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{where}: is not UTF-8 text (byte {error.start + 1}); expected JSON, or an NPZ file"
        ) from None
    except json.JSONDecodeError as error:
        raise InputError(
            f"{where}: is not JSON: line {error.lineno}, column {error.colno}: {_slip(text, error)}"
        ) from None
    except (RecursionError, ValueError) as error:
        raise InputError(
            f"{where}: is not usable JSON ({type(error).__name__}: too deep or a number too long)"
        ) from None


def _slip(text: str, error: json.JSONDecodeError) -> str:
    """What is wrong where JSON ends being JSON: the slips of a hand in words, any other as the parser says it."""
    before, here = text[: error.pos].rstrip(), text[error.pos : error.pos + 1]
    comma = error.pos if here == "," else len(before) - 1
    if re.match(r",\s*[]}]", text[comma:]):
        return "a comma after the last entry; take it out"
    if here.isdecimal() and re.search(r"\d,\s*0*$", before):
        return "a decimal comma; write a point, as in 0.5"
    if re.match(r"[-+]?\.", text[error.pos :]):
        return "a number has digits on both sides of its point, as in 0.5"
    if here in ("/", "#"):
        return "a comment; JSON has none, take it out"
    if error.msg.startswith("Expecting ',' delimiter") and here and here not in ":=;":
        return "a comma is missing before this"
    return "single quotes; JSON has double ones" if here == "'" else error.msg


def _npz(data: bytes, where: str) -> dict[str, Any]:
    """The record in an NPZ file: text entries by their key, the others of them as JSON in one, every other array is a
    matrix. Never unpickles."""
    import zipfile

    record: dict[str, Any] = {"weights": {}}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > WANTED.most:
                raise InputError(f"{where}: {WANTED.too_large('unpacks to more')}")
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            for name in arrays.files:
                array = arrays[name]
                if not isinstance(array, np.ndarray):
                    raise InputError(f"{where}: is not a usable NPZ file ({name} is not an array)")
                if array.ndim > 2:
                    raise InputError(f"{where}: {name} is {size(array.shape)}, expected a matrix of rows and columns")
                plain = array.dtype.kind in "fiu" and name not in KEYS
                (record if name in KEYS or _initial(name) else record["weights"])[name] = (
                    array if plain else _listed(array)
                )
            others = record["weights"].pop(OTHERS, "{}")
            others = _json(str(others).encode(errors=JSON), f"{where}: its entry '{OTHERS}'")
            if not isinstance(others, dict) or not set(others) <= {*KEYS} - {"weights"}:
                raise InputError(f"{where}: its entry '{OTHERS}' must be a JSON object with keys of a weight file")
            record |= others
    except InputError:
        raise
    except Exception as error:  # a damaged archive fails in a dozen ways, which mean the same to its owner
        if "Object arrays" in str(error):
            raise InputError(
                f"{where}: holds pickled objects, which are never loaded; save plain arrays with np.savez"
            ) from None
        why = str(error).partition("\n")[0][:80]
        raise InputError(f"{where}: is not a usable NPZ file ({why or type(error).__name__})") from None
    return record


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text '{value[:40]}'"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    text = str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
