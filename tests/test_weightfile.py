"""Weight files: what is written is read back exactly, and each slip is named with its place."""

import io
import json
import os
import pickle
import random
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from rnnwalk.errors import InputError
from rnnwalk.model.model import Model
from rnnwalk.model.weight_record import parse
from rnnwalk.model.weightfile import article, read, to_json, write
from rnnwalk.text import named
from rnnwalk.views.weights import overview
from tests.examples import models
from tests.test_mutated_weights import CLASSES, NUMBERS


def record(**change: Any) -> dict[str, Any]:
    """A good record of 2 hidden units and 2 symbols, some of it replaced, or (None) taken away."""
    weights = {"Wxh": [[1, 2], [3, 4]], "Whh": [[5, 6], [7, 8]], "bh": [1, 2], "Why": [[1, 0], [0, 1]]}
    good = {"format": 1, "cell": "rnn", "vocabulary": ["a", "b"], "weights": weights}
    for key, value in change.items():
        if key in ("Wxh", "Whh", "bh", "Why", "by"):
            weights[key] = value
        elif value is None:
            del good[key]
        else:
            good[key] = value
    return good


def refused(given: Any) -> str:
    with pytest.raises(InputError) as error:
        parse(given, "net.json", "")
    assert str(error.value).startswith("net.json: ")
    return str(error.value).removeprefix("net.json: ")


def same(one: Model, other: Model) -> None:
    assert (one.vocabulary, one.cell, one.form, one.word, one.by, one.task, one.target) == (
        other.vocabulary, other.cell, other.form, other.word, other.by, other.task, other.target,
    )  # fmt: skip
    for mine, theirs in zip([*one.weights, *one.before], [*other.weights, *other.before], strict=True):
        assert (mine is None) == (theirs is None)
        if mine is not None:
            assert (mine.dtype, mine.shape, mine.tobytes()) == (np.float64, theirs.shape, theirs.tobytes())


@given(models())
def test_a_json_file_holds_the_exact_model(model: Model) -> None:
    same(parse(json.loads(to_json(model)), "net.json", ""), model)


@pytest.mark.parametrize("ending", ["json", "npz"])
def test_a_written_file_reads_back_exactly(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"net.{ending}"
    model = parse(record(word="abba", by=[0.1, 1 / 3], h0=[0.25, -1e-300], form="logistic"), "net.json", "")
    write(model, path, force=False)
    same(read(str(path)), model)
    assert read(str(path)).origin == f"The weights are read from net.{ending}."


@pytest.mark.parametrize("ending", ["json", "npz"])
@pytest.mark.parametrize("given", [NUMBERS, CLASSES], ids=["numbers", "classes"])
def test_a_network_of_another_task_reads_back_exactly(given: dict[str, Any], ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"net.{ending}"
    model = parse(given, "net.json", "")
    write(model, path, force=False)
    same(read(str(path)), model)


def test_a_target_may_be_written_as_a_number() -> None:
    given = NUMBERS | {"output": {"at": "last", "kind": "linear", "names": ["sum"]}}
    assert parse(given | {"target": 14.5}, "net.json", "").target == "14.5"


def test_an_npz_keeps_the_nul_at_the_end_of_a_symbol_which_numpy_cuts_off(tmp_path: Path) -> None:
    model = parse(record(vocabulary=["a", "b\0"]), "net.json", "")
    write(model, tmp_path / "net.npz", force=False)
    same(read(str(tmp_path / "net.npz")), model)


def test_numpy_reads_the_npz_and_its_matrices_are_2d_or_columns(tmp_path: Path) -> None:
    write(article(), tmp_path / "net.npz", force=False)
    with np.load(tmp_path / "net.npz") as arrays:
        assert (arrays["Wxh"].shape, arrays["Whh"].shape) == ((3, 4), (1, 1))
        assert arrays["vocabulary"].tolist() == ["h", "e", "l", "o"]


def test_an_npz_of_a_numpy_user_is_read(tmp_path: Path) -> None:
    arrays = {"Wxh": np.ones((2, 3), np.float32), "Whh": np.eye(2), "Why": np.ones((3, 2)), "by": np.arange(3)}
    np.savez_compressed(tmp_path / "net.npz", vocabulary=np.array(["a", "b", "c"]), **arrays)
    model = read(str(tmp_path / "net.npz"))
    assert (model.vocabulary, model.weights.by.tolist(), model.weights.bh) == (("a", "b", "c"), [[0], [1], [2]], None)


def test_a_matrix_is_written_row_by_row_to_be_read_by_people() -> None:
    assert '    "Wxh": [\n      [0.287027, 0.84606, 0.572392, 0.486813],\n' in to_json(article())


def test_a_list_of_numbers_is_a_column_and_a_single_number_is_1x1() -> None:
    model = parse(record(Whh=0.5, bh=[[1], [2]], by=[3, 4]), "net.json", "")
    assert (model.weights.Whh.tolist(), model.weights.bh.tolist()) == ([[0.5]], [[1], [2]])
    assert model.weights.by.tolist() == [[3], [4]]


def test_stdin_is_read_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(to_json(article()).encode())))
    same(read("-"), article())


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "net.json").write_text(to_json(article()), "utf-8-sig")
    same(read(str(tmp_path / "net.json")), article())


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ([[1, 2], [3]], "Wxh is ragged: row 1 has 2 numbers, row 2 has 1; make the rows equally long"),
        ([[1, 2], 3], "Wxh row 2 is 3, expected a list of numbers"),
        ([[1, 2], [3, None]], "Wxh row 2, column 2 is null, expected a finite number"),
        ([[1, float("nan")], [3, 4]], "Wxh row 1, column 2 is nan, expected a finite number"),
        ([[1, 2], [float("-inf"), 4]], "Wxh row 2, column 1 is -inf, expected a finite number"),
        ([["0.5", 2], [3, 4]], "Wxh row 1, column 1 is the text '0.5', expected a finite number"),
        (
            [["-1,25", 2], [3, 4]],
            "Wxh row 1, column 1 is the text '-1,25', expected a finite number, at most 1e100; a decimal comma? write -1.25, "
            "without quotation marks",
        ),
        ([[True, 2], [3, 4]], "Wxh row 1, column 1 is true, expected a finite number"),
        ([[[1], 2], [3, 4]], "Wxh row 1, column 1 is a list, expected a finite number"),
        ([[10**400, 2], [3, 4]], "Wxh row 1, column 1 is"),
        ([], "Wxh is empty"),
        ([[]], "Wxh is empty"),
        ([[], []], "Wxh is 2×0, expected 2×2: the vocabulary has 2 symbols"),
        (None, "Wxh is null, expected rows of numbers"),
        ("text", "Wxh is the text 'text', expected rows"),
        ({}, "Wxh is an object"),
        ([[1, 2, 3], [4, 5, 6]], "Wxh is 2×3, expected 2×2: the vocabulary has 2 symbols"),
    ],
)  # fmt: skip
def test_a_bad_matrix_is_refused_with_the_place(value: Any, says: str) -> None:
    message = refused(record(Wxh=value))
    assert message.startswith(says)
    assert len(message) < 300


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([1], "holds a list, expected an object with 'cell', 'vocabulary' and 'weights'"),
        (None, "holds null, expected an object"),
        (record(vocabulary=None), "'vocabulary' is missing; expected the keys"),
        (record(weights=None), "'weights' is missing"),
        (record(vocabulary=None, vocabulry=["a", "b"]), "'vocabulary' is missing (it has 'vocabulry'; is that a slip?)"),
        (record(weights=None, weigths={}), "'weights' is missing (it has 'weigths'; is that a slip?)"),
        (record(vocabulary=5), "'vocabulary' must be a list of texts, found 5"),
        (record(vocabulary=["a", 1]), "'vocabulary' must be a list of texts"),
        (record(vocabulary=["a", "a"]), "the vocabulary has a twice (symbols 1 and 2); name each symbol once"),
        (record(vocabulary=["a", ""]), "symbol 2 of the vocabulary is empty"),
        (record(vocabulary=[]), "the vocabulary is empty"),
        (record(weights=[1]), "'weights' must be an object of matrices, found a list"),
        (record(format=2), "format 2 is not known; this rnnwalk reads format 1"),
        (record(cell=["rnn"]), "'cell' must be a text, found a list"),
        (record(cell="rnm"), "unknown cell 'rnm'; known: rnn, lstm, gru; did you mean 'rnn'?"),
        (record(form="relo"), "unknown form 'relo' of rnn"),
        (record(word=5), "'word' must be a text, found 5"),
        (record(symbols="sentence"), "'symbols' is 'sentence', expected 'letter', 'character' or 'word'"),
        (record(H0=[1, 2]), "unknown initial state 'H0'; a cell 'rnn' has h0; did you mean 'h0'?"),
        (record(h0=[1, 2, 3]), "h0 is 3×1, expected 2×1: Wxh has 2 rows, so there are 2 hidden units"),
    ],
)  # fmt: skip
def test_a_bad_record_is_refused_in_one_sentence(given: Any, says: str) -> None:
    assert refused(given).startswith(says)


def unread(path: Path | str) -> str:
    with pytest.raises(InputError) as error:
        read(str(path))
    assert str(error.value).startswith(f"{named(path)}: ")
    return str(error.value).removeprefix(f"{named(path)}: ")


def test_a_missing_file_names_the_near_one(tmp_path: Path) -> None:
    (tmp_path / "banana.json").write_text("{}")
    assert unread(tmp_path / "bananna.json") == f"no such file; did you mean '{tmp_path / 'banana.json'}'?"
    assert unread(tmp_path / "no" / "folder.json") == "no such file"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"cell": "rnn",\n  "vocabulary": [,]}', "is not JSON: line 2, column 18: "),
        (b"", "is empty; expected JSON, or an NPZ file"),
        (b'{"a": "\xff"}', "is not UTF-8 text (byte 8); expected JSON, or an NPZ file"),
        (pickle.dumps({"Wxh": 1}), "is not UTF-8 text (byte 1)"),
        (b"[" * 100_000, "is not usable JSON"),
        (b'{"vocabulary": ' + b"1" * 5000 + b"}", "is not usable JSON"),
        (b"PK\x03\x04 and then nothing of a ZIP", "is not a usable NPZ file"),
    ],
    ids=["syntax", "empty", "latin1", "pickle", "deep", "long", "cut"],
)
def test_an_unreadable_file_says_where(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "net").write_bytes(content)
    assert unread(tmp_path / "net").startswith(says)


def test_a_directory_a_path_below_a_file_and_an_impossible_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("{}")
    assert unread(tmp_path).startswith("is a directory; expected a JSON or NPZ file")
    assert unread(tmp_path / "file" / "net.json").startswith("cannot be read")
    assert unread("n" * 5000).startswith("cannot be read")
    assert unread("n\0").startswith("cannot be read")


class Trap:
    """Unpickling it would leave a trace."""

    def __reduce__(self) -> Any:
        return os.mkdir, ("unpickled",)


def test_a_pickled_npz_is_refused_and_never_unpickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez(tmp_path / "net.npz", vocabulary=np.array(["a", "b"]), Wxh=np.array([Trap()], dtype=object))
    assert unread("net.npz").startswith("holds pickled objects, which are never loaded")
    assert not (tmp_path / "unpickled").exists()
    with np.load("net.npz", allow_pickle=True) as arrays:
        arrays["Wxh"]
    assert (tmp_path / "unpickled").exists()  # the trap would have worked


def test_another_zip_file_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "net.npz", "w") as archive:
        archive.writestr("notes.txt", "-")
    assert unread(tmp_path / "net.npz").startswith("is not a usable NPZ file (notes.txt is not an array)")
    with zipfile.ZipFile(tmp_path / "net.npz", "w") as archive:
        archive.writestr("[Content_Types].xml", "<xml/>")
    assert unread(tmp_path / "net.npz").startswith("is a workbook or a document of an office program; expected JSON")


def test_an_npz_cube_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "net.npz", vocabulary=np.array(["a", "b"]), Wxh=np.ones((2, 2, 2)))
    assert unread(tmp_path / "net.npz") == "Wxh is 2×2×2, expected a matrix of rows and columns"


def test_an_npz_that_would_unpack_to_too_much_is_refused(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "net.npz", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("Wxh.npy", "w") as entry,
    ):
        for _ in range(257):
            entry.write(bytes(2**20))
    assert unread(tmp_path / "net.npz") == (
        "unpacks to more than 256 MiB, the limit for a JSON or NPZ file with weights; take a smaller one"
    )


@pytest.mark.parametrize("kind", ["json", "stored npz", "compressed npz"])
def test_a_damaged_file_is_refused_or_still_a_model(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "net"
    if kind == "json":
        path.write_text(to_json(article()))
    else:
        save = np.savez if kind == "stored npz" else np.savez_compressed
        arrays = {name: w for name, w in article().weights._asdict().items() if w is not None}
        with path.open("wb") as file:
            save(file, vocabulary=np.array(article().vocabulary), **arrays)
    whole = path.read_bytes()
    chance = random.Random(kind)
    for _ in range(400):
        damaged = bytearray(whole)
        for _ in range(chance.choice([1, 1, 3])):
            damaged[chance.randrange(4, len(whole))] = chance.randrange(256)
        path.write_bytes(damaged[: chance.choice([len(whole), len(whole), chance.randrange(4, len(whole))])])
        try:
            assert isinstance(read(str(path)), Model)
        except InputError as error:
            assert str(error).startswith(f"{path}: ")


def test_a_long_word_of_a_file_is_shown_as_far_as_it_can_be_read() -> None:
    model = replace(article(), word="hello" * 200_000)
    (prose, *_) = overview(model, "w.json", 6).blocks
    assert prose.text.endswith(f" It comes with “{'hello' * 8}…”.")


@pytest.mark.parametrize(
    ("at", "names", "target", "typed"),
    [
        ("last", ["sum"], [14], "14"),
        ("last", ["sum", "mean"], [0.4, 0.13], "0.4,0.13"),
        ("every", ["sum"], [1, 2.5], "1 2.5"),
        ("every", ["sum", "mean"], [[1, 2], [3, 4]], "1,2 3,4"),
    ],
)
def test_a_target_may_be_a_list_of_numbers(at: str, names: list[str], target: list[Any], typed: str) -> None:
    weights = {"Wxh": [[1.0, 0.5]], "Whh": [[0.5]], "Why": [[1.0]] * len(names)}
    given = {
        "inputs": {"names": ["a", "b"]},
        "output": {"at": at, "kind": "linear", "names": names},
        "weights": weights,
    }
    assert parse(given | {"target": target}, "net.json", "").target == typed


def test_an_npz_without_an_array_is_one_that_lacks_its_keys(tmp_path: Path) -> None:
    np.savez(tmp_path / "none.npz")
    with pytest.raises(InputError, match=r"none\.npz: 'vocabulary' is missing"):
        read(str(tmp_path / "none.npz"))


@pytest.mark.parametrize(
    ("output", "key", "value", "says"),
    [
        ({"at": "last"}, "target", True, "'target' must be a class (no, yes), found true"),
        ({"at": "last"}, "target", ["no", "yes"], "'target' must be a class (no, yes), found a list"),
        ({}, "target", [["no"], ["no", "yes"]], "'target' must be a list with a class (no, yes) for each time step, found a list with a list in it"),
        ({}, "target", ["no", None], "'target' must be a list with a class (no, yes) for each time step, found a list with null in it"),
        ({"at": "last", "kind": "linear"}, "target", [[1], [2]], "'target' must be a list of 2 numbers (no, yes), found a list with a list in it"),
        ({"at": "last", "kind": "linear", "names": ["no"]}, "target", {}, "'target' must be a number (no), found an object"),
        ({"at": "last", "kind": "linear"}, "target", [], "'target' must be a list of 2 numbers (no, yes), found a list"),
        ({}, "word", [["a"]], "'word' must be a text, or a list of texts, found a list with a list in it"),
        ({}, "word", 5, "'word' must be a text, found 5"),
    ],
)  # fmt: skip
def test_a_target_or_word_of_another_kind_is_refused_with_what_was_expected_and_found(
    output: dict[str, Any], key: str, value: Any, says: str
) -> None:
    output = {"names": ["no", "yes"]} | output
    weights = {"Wxh": [[1.0]], "Whh": [[0.5]], "Why": [[1.0]] * len(output["names"])}
    with pytest.raises(InputError) as refused:
        parse({"vocabulary": ["a"], "output": output, "weights": weights, key: value}, "net.json", "")
    assert str(refused.value) == f"net.json: {says}"


def test_a_slip_in_a_key_that_nothing_needs_is_told_and_other_keys_are_left_alone() -> None:
    with pytest.raises(InputError, match=r"^net.json: 'outputs' is no key of a weight file; did you mean 'output'\?$"):
        parse(record() | {"outputs": {"at": "last"}}, "net.json", "")
    parse(record() | {"notes": "mine", "words": ["h"], "word": "hell"}, "net.json", "")


def test_of_one_unit_the_shape_that_is_expected_is_named_once() -> None:
    weights = {"Wxh": [[1, 2]], "Whh": [[0, 3]], "Why": [[1], [2]]}
    with pytest.raises(InputError, match="Whh is 1×2, expected 1×1: "):
        parse({"vocabulary": ["a", "b"], "weights": weights}, "w.json", "")
