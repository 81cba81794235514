"""Weight files: JSON, and NPZ with the same names."""

import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from rnnwalk.errors import InputError
from rnnwalk.files import replacing
from rnnwalk.inputs import Wanted, label, whole
from rnnwalk.model.model import Model
from rnnwalk.model.symbols import json_text, split
from rnnwalk.model.weight_record import KEYS, listed, names_state, parse, to_record
from rnnwalk.text import JSON, kind, named, size

ARTICLE = Path(__file__).parents[1] / "article.json"
WANTED = Wanted("a JSON or NPZ file with weights", 256 * 2**20)
JSON_BYTES = 22  # of a number that was learned, with its comma
OTHERS = "json"  # of an NPZ file: the entry with the keys that arrays do not hold, as a text


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
    raise InputError(f"weights is {kind(source)}, expected a file's name, a dict as in a weight file, or a Model")


def read(path: str) -> Model:
    """The model in a JSON or NPZ file, or ("-") in what comes through standard input.

    Raises InputError, in one sentence, for whatever a person could put right in the file.
    """
    data, where = whole(path, WANTED), label(path)
    record = _npz(data, where) if data[:4] in (b"PK\x03\x04", b"PK\x05\x06") else _json(data, where)
    source = label(path) if path == "-" else named(Path(path).name)
    return parse(record, where, f"The weights are read from {source}.")


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


def _layout(rows: Any) -> str:
    if len(rows) == 1 or not isinstance(rows[0], list):
        return json_text(rows)
    return "[\n      " + ",\n      ".join(map(json_text, rows)) + "\n    ]"


def _json(data: bytes, where: str) -> Any:
    if not data.strip():
        raise InputError(f"{where}: is empty; expected JSON, or an NPZ file")
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
    if not before and here not in "{[":
        return "a weight file begins with {"
    comma = error.pos if here == "," else len(before) - 1
    if re.match(r",\s*[]}]", text[comma:]):
        return "a comma after the last entry; take it out"
    if (here == "," and before.endswith((",", "[", "{"))) or re.match(r",\s*,", text[comma:]):
        return "a comma too many; take it out"
    if here.isdecimal() and re.search(r"\d,\s*0*$", before):
        return "a decimal comma; write a point, as in 0.5"
    if re.match(r"[-+]?\.", text[error.pos :]):
        return "a number has digits on both sides of its point, as in 0.5"
    if here == "":
        return "the file ends before it is complete"
    if here == "+":
        return "a number with a plus sign; take it out"
    if here == ";":
        return "a semicolon; JSON has commas between numbers and between rows"
    if here in ("/", "#"):
        return "a comment; JSON has none, take it out"
    if error.msg.startswith("Expecting ',' delimiter") and here and here not in ":=;":
        return "a comma is missing before this"
    if here in "“”„«»":
        return "curly quotation marks; JSON has straight ones"
    if here == "'":
        return "single quotes; JSON has double ones"
    expected = {
        "Expecting value": "a value is missing here",
        "Expecting ',' delimiter": "a comma or a bracket is missing",
    }
    return expected.get(error.msg, error.msg)


def _npz(data: bytes, where: str) -> dict[str, Any]:
    """The record in an NPZ file: text entries by their key, the others of them as JSON in one, every other array is a
    matrix. Never unpickles."""
    import zipfile

    record: dict[str, Any] = {"weights": {}}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "[Content_Types].xml" in archive.namelist():
                raise InputError(
                    f"{where}: is a workbook or a document of an office program; expected JSON, or an NPZ file"
                )
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
                (record if name in KEYS or names_state(name) else record["weights"])[name] = (
                    array if plain else listed(array)
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
