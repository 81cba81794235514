"""The functions of the engine against their definitions, and at the ends of the number range."""

import math
import warnings
from decimal import Decimal, localcontext
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnwalk.engine.cells import rnn
from rnnwalk.engine.functions import cross_entropy, plus, recurrent, sigmoid, squared_error, total
from rnnwalk.engine.network import Network, output


@given(st.floats(-30, 30))
def test_sigmoid_is_the_logistic_function(z: float) -> None:
    assert sigmoid(np.array([[z]]))[0, 0] == pytest.approx((1 + math.tanh(z / 2)) / 2, rel=1e-12, abs=1e-15)


def test_sigmoid_reaches_0_and_1_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sigmoid(np.array([[-1e308, -800.0, 0.0, 800.0, 1e308]])).tolist() == [[0, 0, 0.5, 1, 1]]


def loss_of(scores: list[float], truth: int) -> float:
    """The engine's own loss of a column of scores."""
    w, target = SimpleNamespace(Why=np.array([scores]).T, by=None), np.eye(len(scores))[:, [truth]]
    return float(output(Network(rnn, "tanh"), w, np.eye(1), target).loss[0, 0])


def test_cross_entropy_is_minus_ln_of_the_probability_of_the_target_column_by_column() -> None:
    p = np.array([[0.5, 0.1], [0.25, 0.2], [0.25, 0.7]])
    target = np.array([[0.0, 0], [1, 0], [0, 1]])
    y = np.log(p)
    m = y.max(axis=0, keepdims=True)
    loss = cross_entropy(np.exp(y - m).sum(axis=0, keepdims=True), m, y, target)
    assert loss == pytest.approx(np.array([[math.log(4), math.log(1 / 0.7)]]))


@given(st.lists(st.floats(-1e4, 1e4) | st.floats(-3, 3), min_size=1, max_size=6), st.data())
def test_the_loss_is_the_log_of_the_summed_powers_less_the_score_in_fifty_digits(scores: list[float], data) -> None:
    truth = data.draw(st.integers(0, len(scores) - 1))
    with localcontext() as context, warnings.catch_warnings():
        warnings.simplefilter("error")
        context.prec, context.Emin = 50, -(10**6)
        exact = sum(Decimal(y).exp() for y in scores).ln() - Decimal(scores[truth])
        assert loss_of(scores, truth) == pytest.approx(float(exact), rel=1e-14, abs=1e-15)


@pytest.mark.parametrize(("lead", "loss"), [(740.3014, 740.3014), (900.0, 900.0), (1e100, 1e100)])
def test_the_loss_is_right_where_the_probability_underflows(lead: float, loss: float) -> None:
    """−ln p gave 740.2969 for 740.3014, and infinity from 746 on."""
    assert loss_of([lead, 0.0], 1) == pytest.approx(loss, rel=1e-15)


def test_squared_error_is_half_the_sum_of_squares_column_by_column() -> None:
    y, target = np.array([[1.0, 4], [5, 2]]), np.array([[0.0, 1], [3, 2]])
    assert squared_error(y, target).tolist() == [[(1 + 4) / 2, 9 / 2]]


def test_total_adds_term_by_term() -> None:
    assert total(*[np.array([[n, 10.0 * n]]) for n in (1, 2, 3)]).tolist() == [[6, 60]]


def test_a_1x1_memory_weight_multiplies_every_unit_by_the_same_number() -> None:
    h = np.array([[1.0, 4], [2, 5], [3, 6]])
    assert recurrent(np.array([[0.5]]), h).tolist() == recurrent(0.5 * np.eye(3), h).tolist()


def test_a_missing_bias_adds_nothing() -> None:
    a = np.array([[1.0], [2.0]])
    assert plus(a, None) is a
    assert plus(a, np.array([[10.0]])).tolist() == [[11], [12]]
