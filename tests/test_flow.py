"""The flow of gradients, against PyTorch, central differences, and eigenvalues of Jacobians built by nudging."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from rnnwalk.engine.network import forward
from rnnwalk.engine.notes import as_dict
from rnnwalk.engine.optimisers import clip
from rnnwalk.errors import InputError
from rnnwalk.model.problem import Problem
from rnnwalk.tasks.gradient_flow import Flow, flow
from rnnwalk.tasks.sizes import ZERO, Size
from rnnwalk.tasks.stretching import scaled, stretched
from tests.examples import data, pose, problems, reference

NUDGE = 1e-6
CELLS = [
    ("rnn", None),
    ("rnn", "logistic"),
    ("lstm", None),
    ("gru", "chung2014"),
    ("gru", "cho2014"),
    ("gru", "pytorch"),
]


def last_loss(problem: Problem, before: object, xs: list) -> float:
    """The loss at the last letter of the text that the inputs xs end with."""
    model = problem.model
    targets = problem.columns(problem.targets)[-len(xs) :]
    return float(forward(model.network, model.weights, xs, targets, before).letters[-1].output.loss[0, 0])


def states(problem: Problem) -> list:
    """The State before the first letter and after each one."""
    model = problem.model
    xs, targets = problem.columns(problem.inputs), problem.columns(problem.targets)
    steps = [letter.step for letter in forward(model.network, model.weights, xs, targets, model.before).letters]
    kind = type(model.before)
    return [model.before, *[kind(*[getattr(step, name) for name in kind._fields]) for step in steps]]


def nudged(array: np.ndarray, row: int, by: float) -> np.ndarray:
    moved = array.copy()
    moved[row, 0] += by
    return moved


def differences(loss: object, array: np.ndarray) -> np.ndarray:
    """Central differences of a function of a column."""
    rows = range(array.shape[0])
    return np.array([(loss(nudged(array, r, NUDGE)) - loss(nudged(array, r, -NUDGE))) / (2 * NUDGE) for r in rows])


@pytest.mark.parametrize("name", data("last-letter")["cases"])
def test_the_error_at_every_letter_is_pytorchs(name: str) -> None:
    problem, _ = reference(name)
    case = data("last-letter")["cases"][name]
    found = flow(problem)
    assert found.loss == pytest.approx(case["loss"], rel=1e-12)
    for k, arrival in enumerate(found.arrivals):
        for part in [part for part in arrival.error if part != "state"]:
            expected = float(np.linalg.norm(case[part][k]))
            assert arrival.error[part].value == pytest.approx(expected, rel=1e-12, abs=1e-300)
        assert arrival.input.value == pytest.approx(float(np.linalg.norm(case["x"][k])), rel=1e-12)
        row = problem.model.vocabulary.index(problem.inputs[k])
        assert arrival.along.value == pytest.approx(case["x"][k][row], rel=1e-11)


@pytest.mark.parametrize(("cell", "form"), CELLS)
def test_errors_of_states_and_inputs_are_central_differences(cell: str, form: str | None) -> None:
    problem = pose("abcab", cell=cell, form=form, hidden=4, seed=3)
    xs, at = problem.columns(problem.inputs), states(problem)
    for k, arrival in enumerate(flow(problem).arrivals, start=1):
        found = differences(lambda x, k=k: last_loss(problem, at[k - 1], [x, *xs[k:]]), xs[k - 1])
        assert arrival.input.value == pytest.approx(float(np.linalg.norm(found)), rel=1e-6)
        if k == len(xs):
            continue
        for part in at[k]._fields:
            found = differences(
                lambda column, k=k, part=part: last_loss(problem, at[k]._replace(**{part: column}), xs[k:]),
                getattr(at[k], part),
            )
            assert arrival.error[part].value == pytest.approx(float(np.linalg.norm(found)), rel=1e-6)


@pytest.mark.parametrize(("cell", "form"), CELLS)
def test_norm_radius_and_products_are_those_of_jacobians_built_by_nudging(cell: str, form: str | None) -> None:
    problem = pose("abcab", cell=cell, form=form, hidden=3, seed=5)
    model, at, xs = problem.model, states(problem), problem.columns(problem.inputs)

    def after(k: int, flat: np.ndarray) -> np.ndarray:
        """The state after letter k as a function of the state before it."""
        kind, n = type(at[0]), model.hidden
        before = kind(*[flat[i * n : i * n + n] for i in range(len(kind._fields))])
        step = model.network.cell.step(
            model.weights, model.network.cell.project_input(model.weights, xs[k - 1]), before, model.form
        )
        return np.concatenate([getattr(step, name) for name in kind._fields])[:, 0]

    product, bound = np.eye(len(at[0]) * model.hidden), 1.0
    arrivals = flow(problem).arrivals
    for k in range(len(xs), 1, -1):  # from the state after letter k to that after k − 1
        flat = np.concatenate(at[k - 1])
        columns = [
            (after(k, nudged(flat, r, NUDGE)) - after(k, nudged(flat, r, -NUDGE))) / (2 * NUDGE)
            for r in range(len(flat))
        ]
        jacobian = np.stack(columns, axis=1)
        product, bound = product @ jacobian, bound * np.linalg.norm(jacobian, 2)
        arrival = arrivals[k - 2]
        assert arrival.step is not None
        assert arrival.step.norm == pytest.approx(float(np.linalg.norm(jacobian, 2)), rel=1e-6)
        assert arrival.step.radius == pytest.approx(float(np.abs(np.linalg.eigvals(jacobian)).max()), rel=1e-6)
        assert arrival.product.value == pytest.approx(float(np.linalg.norm(product, 2)), rel=1e-5)
        assert arrival.bound.value == pytest.approx(float(bound), rel=1e-5)


def test_the_plain_cells_step_is_Whh_transposed_times_the_slopes() -> None:
    problem = pose("banana", hidden=4, seed=7)
    Whh, at = problem.model.weights.Whh, states(problem)
    for k, arrival in enumerate(flow(problem).arrivals[:-1], start=1):
        expected = Whh.T @ np.diag(1 - at[k + 1].h[:, 0] ** 2)
        assert arrival.step is not None
        assert arrival.step.norm == pytest.approx(float(np.linalg.svd(expected)[1][0]), rel=1e-12)


@given(problem=problems())
def test_no_error_grows_by_more_than_the_product_of_the_norms(problem: Problem) -> None:
    found = flow(problem)
    last = found.arrivals[-1].error["state"]
    for arrival in found.arrivals:
        assert arrival.error["state"].log10 <= last.log10 + arrival.product.log10 + 1e-9
        assert arrival.product.log10 <= arrival.bound.log10 + 1e-9


def exploding(letters: int) -> Flow:
    return flow(stretched(pose("ab", hidden=40), letters), 24)


def test_what_no_float_holds_is_known_by_its_power_of_ten() -> None:
    """Each step of the textbook's formula with plain floats, its length taken off and counted."""
    found = exploding(1500)
    powers = [arrival.error["state"].log10 for arrival in found.arrivals]
    assert max(powers) > 400
    assert not any(map(math.isnan, powers))
    assert found.arrivals[0].error["state"].value == math.inf
    assert found.regime == "exploding"
    problem, w = found.problem, found.problem.model.weights
    xs, targets = problem.columns(problem.inputs), problem.columns(problem.targets)
    letters = forward(problem.model.network, w, xs, targets, problem.model.before).letters
    error, total = w.Why.T @ (letters[-1].output.p - targets[-1]), 0.0
    for letter in letters[:0:-1]:
        norm = float(np.linalg.norm(error))
        total, error = total + math.log10(norm), w.Whh.T @ ((1 - letter.step.h**2) * (error / norm))
    assert powers[0] == pytest.approx(total + math.log10(float(np.linalg.norm(error))), rel=1e-9)


def test_a_scale_of_zero_lets_nothing_through() -> None:
    found = flow(pose("hello"), 0)
    assert [arrival.error["h"] == ZERO for arrival in found.arrivals] == [True, True, True, False]
    assert (found.regime, found.per_step) == ("vanishing", -math.inf)
    assert found.left == ZERO


@pytest.mark.parametrize(
    ("cell", "names"),
    [("rnn", ["Whh"]), ("lstm", ["Whi", "Whf", "Whg", "Who"]), ("gru", ["Whr", "Whz", "Whn"])],
)
def test_scale_multiplies_the_matrices_that_read_h_and_no_other(cell: str, names: list[str]) -> None:
    model = pose("banana", cell=cell).model
    changed = scaled(model, 3)
    for name, w in as_dict(model.weights).items():
        assert np.array_equal(getattr(changed.weights, name), w * 3 if name in names else w)


def test_the_open_forget_gate_keeps_an_error_that_the_closed_one_loses() -> None:
    text = "the man who ate my pizza has purple hair"
    left = {bias: flow(pose(text, by="word", cell="lstm", forget_bias=bias)).left.value for bias in (-5, 0, 5)}
    assert left[-5] < 1e-6 < left[0] < 0.02 < left[5]
    assert flow(pose(text, by="word", cell="lstm", forget_bias=5)).regime == "steady"


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_clipping_is_the_engines_on_the_gradient_of_the_last_loss(cell: str) -> None:
    """The gradient itself by central differences of every weight."""
    problem = pose("abca", cell=cell, hidden=2)
    model, xs = problem.model, problem.columns(problem.inputs)
    gradient = {}
    for name, w in as_dict(model.weights).items():
        grown = np.zeros_like(w)
        for at in np.ndindex(*w.shape):
            ends = []
            for sign in (1, -1):
                moved = w.copy()
                moved[at] += sign * NUDGE
                changed = problem._replace(model=replace(model, weights=model.weights._replace(**{name: moved})))
                ends.append(last_loss(changed, model.before, xs))
            grown[at] = (ends[0] - ends[1]) / (2 * NUDGE)
        gradient[name] = grown
    for limit in (0.05, 100.0):
        norm, factor, parts = clip(gradient, np.array([[limit]]))
        clipping = flow(problem).gradient.clipping(limit)
        assert clipping.whole.value == pytest.approx(norm.item(), rel=1e-6)
        assert clipping.factor.value == pytest.approx(factor.item(), rel=1e-6)
        for name, part in parts.items():
            found = clipping.clipped(clipping.raw[name]).value
            assert found == pytest.approx(float(np.linalg.norm(part)), rel=1e-6, abs=1e-9)


def test_a_word_is_repeated_and_a_text_without_one_is_drawn() -> None:
    assert stretched(pose("abc"), 8).word == "abcabcab"
    drawn = stretched(pose("hello"), 200, 0)
    assert (len(drawn.symbols), set(drawn.symbols)) == (200, set("helo"))
    assert drawn.symbols == stretched(pose("hello"), 200, 0).symbols != stretched(pose("hello"), 200, 1).symbols


@pytest.mark.parametrize(
    ("wrong", "phrase"),
    [
        (lambda: flow(pose("hello"), math.nan), "--scale is nan"),
        (lambda: flow(pose("hello"), 1e200), "--scale is 1e+200, expected at most 1e+100"),
        (lambda: flow(pose("hello")).gradient.clipping(0), "--clip is 0"),
        (lambda: flow(stretched(pose("hello", hidden=500, cell="lstm"), 100)), "minutes"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: object, phrase: str) -> None:
    with pytest.raises(InputError, match=phrase.replace("+", r"\+")):
        wrong()


def test_a_size_is_a_float_where_a_float_can_hold_it() -> None:
    assert [Size(2.0).value, Size(-1.0, -1).value, ZERO.value, Size(400.0).value] == [100.0, -0.1, 0.0, math.inf]
