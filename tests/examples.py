"""What the tests compare with, and what they try: reference numbers, published cases, random models."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from rnnwalk.engine.cells import CELLS
from rnnwalk.model import pose as posing
from rnnwalk.model.model import Model, build
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.problem import Problem
from rnnwalk.model.weight_record import parse

DATA = Path(__file__).parent / "data"
AWKWARD = (
    ",",
    "]",
    "[",
    "1",
    "2",
    "=",
    " ",
    "a",
    "é",
    "한",
    "👩‍🏫",
    "·",
    "+",
    "(",
    "_",
    "-",
    "\t",
    "h",
    "|",
    "'",
    '"',
    "#",
    "@",
)


def sampled(cases: Iterable[Any], *always: Any) -> list[Any]:
    """Cases for a test: some always, those that show the same only with -m long."""
    return [case if case in always else pytest.param(case, marks=pytest.mark.long) for case in cases]


def pose(word: str | None = None, **options: Any) -> Problem:
    """The problem that the options of the command line describe."""
    return posing.pose(word, ModelOptions(**options))


def problems_for_words(words: list[str | None], **options: Any) -> list[Problem]:
    """Several words for one model."""
    return posing.problems_for_words(words, ModelOptions(**options))


TASKS: dict[str, tuple[str, str | None, dict[str, Any]]] = {  # what is read, what is true, and what is asked for
    "next symbol": ("banana", None, {}),
    "last symbol": ("banana", None, {"at": "last"}),
    "vectors": ("banana", None, {"embedding": 2}),
    "dense": ("banana", None, {"dense": "2:relu,3:sigmoid"}),
    "answer": ("not bad", "yes", {"by": "word", "classes": "no,yes", "embedding": 2}),
    "answers": ("not bad", "no yes", {"by": "word", "classes": "no,yes", "at": "every", "dense": "2:tanh"}),
    "sum": ("1,2 3,4", "10", {"inputs": "x,y", "linear": "sum", "dense": "2"}),
    "numbers": ("1 2", "1,0 0,1", {"inputs": "x", "linear": "s,t", "at": "every"}),
    "numbers to an answer": ("1 2", "yes", {"inputs": "x", "classes": "no,yes"}),
}


def of_each_kind() -> Iterator[Problem]:
    """A small network of each cell for each task, which comes with a word and what is true of it."""
    for cell in CELLS:
        for word, target, asked in TASKS.values():
            posed = posing.pose(word, ModelOptions(cell=cell, hidden=2, **asked), target)
            yield posed._replace(model=posed.model.renamed(word, target))


def data(name: str) -> dict[str, Any]:
    """The record NAME.json in tests/data; each says where it is from."""
    (path,) = DATA.glob(f"*/{name}.json")
    return json.loads(path.read_text("utf-8"))


def reference(name: str) -> tuple[Problem, dict[str, Any]]:
    """A problem and everything that PyTorch's autograd makes of it in float64."""
    record = data(name)
    model = parse(record, name, "The weights of a test.")
    return Problem(model, tuple(record["word"])), record["expected"]


def column(numbers: Any) -> np.ndarray:
    """A list of numbers as a column."""
    return np.array(numbers, dtype=float).reshape(-1, 1)


@st.composite
def models(draw: st.DrawFn, form: str | None = None) -> Model:
    """A plain cell with random weights, with or without each bias, with a matrix or a 1×1 Whh."""
    vocabulary = tuple(draw(st.lists(st.sampled_from(AWKWARD), min_size=1, max_size=5, unique=True)))
    n, k = draw(st.integers(1, 4)), len(vocabulary)
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shapes = {"Wxh": (n, k), "Whh": (n, n), "Why": (k, n)}
    if draw(st.booleans()):
        shapes |= {"Whh": (1, 1)}
    shapes |= draw(st.sampled_from([{}, {"bh": (n, 1)}, {"bh": (1, 1)}]))
    shapes |= draw(st.sampled_from([{}, {"by": (k, 1)}]))
    matrices = {name: rng.uniform(-2, 2, shape) for name, shape in shapes.items()}
    initial = {"h": rng.uniform(-1, 1, (n, 1))} if draw(st.booleans()) else None
    form = form or draw(st.sampled_from(["tanh", "logistic"]))
    return build("rnn", vocabulary, matrices, "a test", form=form, initial=initial, origin="The weights of a test.")


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """A random model and a word of its symbols."""
    model = draw(models())
    word = draw(st.lists(st.sampled_from(model.vocabulary), min_size=2, max_size=5))
    return Problem(replace(model, word="".join(word)), tuple(word))
