"""Models: shapes follow from each other, and drawn weights are the same for ever."""

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnwalk.errors import InputError
from rnnwalk.model.model import Model, build
from rnnwalk.model.random_weights import draw
from rnnwalk.model.weightfile import article

HELO = ("h", "e", "l", "o")


def matrices(**other: Any) -> dict[str, np.ndarray]:
    """Matrices of the right shapes, for 3 hidden units and 4 symbols, some replaced or (None) taken away."""
    shapes = {"Wxh": (3, 4), "Whh": (3, 3), "bh": (3, 1), "Why": (4, 3), "by": (4, 1)}
    chosen = {name: np.ones(shape) for name, shape in shapes.items()} | other
    return {
        name: np.ones(value) if isinstance(value, tuple) else value
        for name, value in chosen.items()
        if value is not None
    }


def built(**other: Any) -> Model:
    initial = {"h": np.ones(other.pop("h0"))} if "h0" in other else None
    form = other.pop("form", None)
    cell = other.pop("cell", "rnn")
    return build(cell, HELO, matrices(**other), "net.json", form=form, initial=initial, origin="")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"Wxh": (3, 5)}, "net.json: Wxh is 3×5, expected 3×4: the vocabulary has 4 symbols"),
        ({"Whh": (2, 3)}, "net.json: Whh is 2×3, expected 3×3 or 1×1: Wxh has 3 rows, so there are 3 hidden units"),
        ({"bh": (4, 1)}, "net.json: bh is 4×1, expected 3×1 or 1×1: Wxh has 3 rows, so there are 3 hidden units"),
        ({"Why": (4, 2)}, "net.json: Why is 4×2, expected 4×3: Wxh has 3 rows, so there are 3 hidden units"),
        ({"Why": (3, 3)}, "net.json: Why is 3×3, expected 4×3: the vocabulary has 4 symbols"),
        (
            {"Why": (3, 4)},
            "net.json: Why is 3×4, expected 4×3: the vocabulary has 4 symbols and Wxh has 3 rows, so there are 3 hidden units",
        ),
        ({"by": (1, 4)}, "net.json: by is 1×4, expected 4×1: the vocabulary has 4 symbols; it looks transposed"),
        ({"Wxh": (4, 3)}, "net.json: Wxh is 4×3 and looks transposed: expected a row for each hidden unit and a column"),
        ({"Wxh": (4, 3), "Whh": (1, 1), "bh": (1, 1)}, "net.json: Wxh is 4×3 and looks transposed"),  # as in the article
        ({"Wxh": (4, 3), "Whh": (1, 1), "bh": (1, 1), "Why": (3, 4)}, "net.json: Wxh is 4×3 and looks transposed"),
        ({"Wxh": (4, 2)}, "net.json: Wxh is 4×2, expected 4×4: the vocabulary has 4 symbols"),
        ({"by": (4, 2)}, "net.json: by is 4×2, expected 4×1: by is a column"),
        ({"h0": (4, 1)}, "net.json: h0 is 4×1, expected 3×1: Wxh has 3 rows, so there are 3 hidden units"),
        ({"Whh": None}, "net.json: matrix 'Whh' is missing; a cell 'rnn' needs Wxh, Whh, Why"),
        ({"Whx": (3, 4)}, "net.json: unknown matrix 'Whx'; a cell 'rnn' has Wxh, Whh, bh, Why, by; did you mean 'Wxh'?"),
        ({"whh": (3, 3), "Whh": None}, "net.json: unknown matrix 'whh'; a cell 'rnn' has Wxh, Whh, bh, Why, by; did you mean 'Whh'?"),
        ({"cell": "rmn"}, "net.json: unknown cell 'rmn'; known: rnn, lstm, gru; did you mean 'rnn'?"),
        ({"form": "tahn"}, "net.json: unknown form 'tahn' of rnn; known: tanh, logistic, relu, linear; did you mean 'tanh'?"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_the_reason(change: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError) as error:
        built(**change)
    assert str(error.value).startswith(says)


def test_one_hidden_unit_is_spoken_of_in_the_singular() -> None:
    with pytest.raises(InputError, match=r"Wxh has 1 row, so there is 1 hidden unit$"):
        built(Wxh=(1, 4), Whh=(2, 2), bh=None)


@pytest.mark.parametrize("change", [{}, {"bh": None, "by": None}, {"Whh": (1, 1), "bh": (1, 1)}, {"h0": (3, 1)}])
def test_biases_may_be_left_out_and_the_memory_may_be_one_number(change: dict[str, Any]) -> None:
    model = built(**change)
    assert model.hidden == 3
    assert model.parameters == sum(m.size for m in matrices(**{k: v for k, v in change.items() if k != "h0"}).values())
    assert model.before.h.tolist() == ([[1]] * 3 if "h0" in change else [[0]] * 3)


def test_the_articles_model_has_12_1_1_and_12_numbers() -> None:
    model = article()
    assert [w.size for w in model.weights if w is not None] == [12, 1, 1, 12]
    assert (model.vocabulary, model.hidden, model.parameters, model.word) == (HELO, 3, 26, "hello")


def test_one_hot_has_its_1_at_the_symbols_row() -> None:
    assert article().one_hot("l").tolist() == [[0], [0], [1], [0]]


def test_the_weights_of_seed_7_are_these_for_ever() -> None:
    w = draw("rnn", HELO, 4, 7).weights
    assert w.Wxh[:2].tolist() == [[0.44, -0.02, -0.44, 0.12], [0.15, 0.32, 0.17, -0.01]]
    assert w.Whh[0].tolist() == [0.42, 0.18, 0.01, -0.45]
    assert w.bh[:, 0].tolist() == [0.20, -0.17, -0.40, -0.17]
    assert w.by[:, 0].tolist() == [-0.27, -0.12, 0.23, 0.00]


@pytest.mark.parametrize(("hidden", "seed"), [(1, 0), (3, 0), (3, 123456789), (5, -4), (64, 2)])
def test_drawn_weights_follow_the_published_recipe(hidden: int, seed: int) -> None:
    model = draw("rnn", HELO, hidden, seed)
    reach = round(100 / hidden**0.5)
    for name, w in model.weights._asdict().items():
        stream = hashlib.shake_256(f"rnnwalk {seed} {name}".encode()).digest(8 * w.size)
        numbers = [int.from_bytes(stream[i : i + 8], "big") for i in range(0, len(stream), 8)]
        assert w.ravel().tolist() == [(n % (2 * reach + 1) - reach) / 100 for n in numbers]


def test_drawn_weights_are_two_decimals_and_differ_by_seed_and_by_matrix() -> None:
    drawn = [draw("rnn", HELO, 3, seed).weights for seed in (1, 2)]
    assert all(float(f"{number:.2f}") == number for w in drawn for part in w for number in part.ravel())
    assert not np.array_equal(drawn[0].Wxh, drawn[1].Wxh)
    assert not np.array_equal(drawn[0].Whh.ravel(), drawn[0].Wxh.ravel()[:9])
    assert not np.array_equal(drawn[0].Why.ravel(), drawn[0].Wxh.ravel())


def test_a_drawn_model_says_so() -> None:
    assert "random (seed 5" in draw("rnn", HELO, 3, 5).origin


@pytest.mark.parametrize("make", [draw, lambda cell, *_: build(cell, HELO, {}, "net.json", origin="")])
def test_an_unknown_cell_is_refused_by_name(make: Callable[..., Model]) -> None:
    with pytest.raises(InputError, match="unknown cell 'rnm'; known: rnn, lstm, gru; did you mean 'rnn'"):
        make("rnm", HELO, 3, 0)


def test_models_can_be_compared_and_kept_in_a_set() -> None:
    one, other = article(), article()
    assert one == one
    assert len({one, other}) == 2
