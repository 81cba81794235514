"""Thousands of damaged weight files: each is read, or refused in one sentence that names the file."""

import copy
import json
import random
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnwalk.errors import InputError
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import pose
from rnnwalk.model.problem import Problem
from rnnwalk.model.weight_record import to_record
from rnnwalk.model.weightfile import article, read, write
from rnnwalk.walks.walk import Walk
from tests.examples import of_each_kind, sampled

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
    return [to_record(article()), COURSE, NUMBERS, CLASSES, *[to_record(each.model) for each in of_each_kind()]]


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
            if model.word is None and model.next_symbol and len(symbols) > 1:
                Walk(Problem(model, symbols), backward=True)
            else:
                problem = pose(None, ModelOptions(weights=str(path)))
                Walk(problem, backward=bool(problem.targets))
        except InputError as error:
            return str(error)
    return "read"


def judge(told: str, name: str) -> None:
    assert told == "read" or name in told, told
    assert "\n" not in told
    assert len(told) < 400, told


def put(record: dict[str, Any], path: Path) -> bool:
    """Write a damaged record as it stands; False where NumPy has no array for a part of it."""
    if path.suffix == ".json":
        path.write_text(json.dumps(record), "utf-8", "surrogatepass")
        return True
    weights = record.get("weights")
    flat = record | (weights if isinstance(weights, dict) else {"weights": weights})
    others = {key: flat.pop(key) for key in ("inputs", "output", "text") if key in flat}
    try:
        np.savez(
            path,
            **{name: np.array(value) for name, value in flat.items() if name != "weights"},
            json=json.dumps(others),
        )
    except (ValueError, OverflowError, TypeError):
        return False
    return True


@pytest.mark.parametrize(("ending", "tries"), [("json", 500), ("npz", 100)])
@pytest.mark.parametrize("seed", sampled(range(40), 0, 1))
def test_a_damaged_record_is_read_or_refused_in_one_sentence(
    seed: int, ending: str, tries: int, tmp_path: Path
) -> None:
    chance, path, kept = random.Random(seed), tmp_path / f"w.{ending}", records()
    told = []
    for _ in range(tries):
        if put(mutated(chance.choice(kept), chance), path):
            told.append(outcome(path))
            judge(told[-1], path.name)
    assert tries // 100 < told.count("read") < tries * 4 // 5, "or it is always the same that is tried"


@pytest.mark.parametrize("ending", ["json", "npz"])
@pytest.mark.parametrize("seed", sampled(range(20), 0))
def test_damaged_bytes_are_read_or_refused_in_one_sentence(seed: int, ending: str, tmp_path: Path) -> None:
    chance, path = random.Random(seed), tmp_path / f"w.{ending}"
    for problem in of_each_kind():
        write(problem.model, path, force=True)
        whole = path.read_bytes()
        for _ in range(6):
            data = bytearray(whole)
            for _ in range(chance.randint(1, 8)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            path.write_bytes(data[: chance.choice([len(data), chance.randrange(len(data))])])
            judge(outcome(path), path.name)
