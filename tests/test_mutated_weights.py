"""Thousands of damaged weight files: each is read, or refused in one sentence that names the file."""

import copy
import io
import json
import random
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnwalk.errors import InputError
from rnnwalk.model.model import draw
from rnnwalk.model.pose import ModelOptions, pose
from rnnwalk.model.problem import Problem
from rnnwalk.model.weightfile import article, read, to_json, to_record
from rnnwalk.walks.walk import Walk

JUNK: list[Any] = [
    None, True, False, 0, -1, 1.5, 1e308, -1e400, float("nan"), 10**30, "", "a", "é́", "\ud800", "\x1b[31m", "lstm", "NaN",
    [], [[]], [[[1]]], [1, [2]], [["a"]], [[True]], [[None]], [[1e101]], {}, {"a": 1}, [{}], "x" * 500, [0] * 300,
]  # fmt: skip
COURSE = {
    "cell": "gru",
    "vocabulary": ["a", "b"],
    "gates": "ru",
    "weights": {"Wg": [[1, 2, 3, 4]] * 4, "bg": [1, 2, 3, 4], "Wc": [[1, 2, 3, 4]] * 2, "Wya": [[1, 2], [3, 4]]},
}


NUMBERS = {
    "word": "1 2",
    "target": "3",
    "form": "linear",
    "inputs": {"names": ["x"]},
    "output": {"at": "last", "kind": "linear", "names": ["sum"]},
    "weights": {"Wxh": [[1]], "Whh": [[1]], "Why": [[1]]},
}
CLASSES = {
    "word": "Good, bad",
    "target": "no yes",
    "symbols": "word",
    "vocabulary": ["good", "bad"],
    "text": {"lower": True, "filters": ",."},
    "output": {"at": "every", "kind": "softmax", "names": ["no", "yes"]},
    "head": ["sigmoid"],
    "frozen": ["E"],
    "weights": {"E": [[1, -1]], "Wxh": [[1]], "Whh": [[0]], "Wdense1": [[1], [2]], "Why": [[1, 0], [0, 1]]},
}


def records() -> list[dict[str, Any]]:
    drawn = [draw(cell, tuple("abn"), 2, 1, word="banana") for cell in ("rnn", "lstm", "gru")]
    return [to_record(model) for model in (article(), *drawn)] + [COURSE, NUMBERS, CLASSES]


def mutated(record: Any, chance: random.Random) -> Any:
    """A record with one to three parts replaced, dropped, doubled or renamed, at any depth."""
    record = json.loads(json.dumps(record))
    for _ in range(chance.randint(1, 3)):
        holder: Any = record
        while True:
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not keys:
                break
            key = chance.choice(keys)
            if isinstance(holder[key], dict | list) and chance.random() < 0.75:
                holder = holder[key]
                continue
            change = chance.randrange(5)
            if change == 0:
                del holder[key]
            elif change == 1 and isinstance(holder, dict):
                holder[f"{key}{chance.choice('0x_')}"] = holder.pop(key)
            elif change == 2 and isinstance(holder, list):
                holder.insert(key, holder[key])
            else:
                holder[key] = copy.deepcopy(chance.choice(JUNK))
            break
    return record


def outcome(path: Path) -> str:
    """ "read", or the sentence with which the file is refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            model = read(str(path))
            symbols = (model.vocabulary * 3)[:3]
            if not model.next_symbol:
                Walk(pose(None, ModelOptions(weights=str(path))))
            elif len(symbols) > 1:
                Walk(Problem(model, symbols))
        except InputError as error:
            return str(error)
    return "read"


def judge(told: str, name: str) -> None:
    assert told == "read" or name in told, told
    assert "\n" not in told
    assert len(told) < 400, told


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_record_is_read_or_refused_in_one_sentence(seed: int, tmp_path: Path) -> None:
    chance, path, kept = random.Random(seed), tmp_path / "w.json", records()
    told = []
    for _ in range(500):
        path.write_text(json.dumps(mutated(chance.choice(kept), chance)), "utf-8", "surrogatepass")
        told.append(outcome(path))
        judge(told[-1], "w.json")
    assert 20 < told.count("read") < 400


@pytest.mark.parametrize("seed", range(3))
def test_damaged_bytes_are_read_or_refused_in_one_sentence(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    model = draw("lstm", tuple("abn"), 2, 1)
    npz = io.BytesIO()
    np.savez(
        npz,
        **{
            name: np.array(value)
            for name, value in (to_record(model) | to_record(model)["weights"]).items()
            if name != "weights"
        },
    )  # type: ignore[arg-type]
    for kind, whole in (("json", to_json(model).encode()), ("npz", npz.getvalue())):
        path = tmp_path / f"w.{kind}"
        for _ in range(150):
            data = bytearray(whole)
            for _ in range(chance.randint(1, 8)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            path.write_bytes(data[: chance.choice([len(data), chance.randrange(len(data))])])
            judge(outcome(path), path.name)
