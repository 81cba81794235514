"""The PyTorch numbers in tests/data/reference (float64 autograd) and the published worked examples."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from rnnwalk.model.model import Model
from rnnwalk.model.problem import Problem
from rnnwalk.model.weight_record import parse
from tests.examples import pose

DATA = Path(__file__).parent.parent / "data"
REFERENCE = sorted(path.stem for path in (DATA / "reference").glob("*.json"))


def reference(name: str) -> dict[str, Any]:
    return json.loads((DATA / "reference" / f"{name}.json").read_text("utf-8"))


def published(name: str) -> dict[str, Any]:
    return json.loads((DATA / "published" / f"{name}.json").read_text("utf-8"))


def model_of(record: dict[str, Any]) -> Model:
    keys = ("cell", "form", "vocabulary", "weights", "word")
    return parse({key: record[key] for key in keys if key in record}, record["name"], "The weights are PyTorch's.")


def problem_of(record: dict[str, Any]) -> Problem:
    return pose(weights=model_of(record))


def close(found: Any, expected: Any, relative: float) -> None:
    """Assert agreement relative to the largest number of the expected array."""
    expected = np.array(expected)
    found = np.array(found).reshape(expected.shape)
    assert np.abs(found - expected).max() <= relative * max(np.abs(expected).max(), 1e-3)
