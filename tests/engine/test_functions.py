"""The functions of the engine against their definitions, and at the ends of the number range."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnwalk.engine.functions import cross_entropy, plus, recurrent, sigmoid, squared_error, total


@given(st.floats(-30, 30))
def test_sigmoid_is_the_logistic_function(z: float) -> None:
    assert sigmoid(np.array([[z]]))[0, 0] == pytest.approx((1 + math.tanh(z / 2)) / 2, rel=1e-12, abs=1e-15)


def test_sigmoid_reaches_0_and_1_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sigmoid(np.array([[-1e308, -800.0, 0.0, 800.0, 1e308]])).tolist() == [[0, 0, 0.5, 1, 1]]


def test_cross_entropy_is_minus_ln_of_the_probability_of_the_target_column_by_column() -> None:
    p = np.array([[0.5, 0.1], [0.25, 0.2], [0.25, 0.7]])
    target = np.array([[0.0, 0], [1, 0], [0, 1]])
    assert cross_entropy(p, target) == pytest.approx(np.array([[math.log(4), math.log(1 / 0.7)]]))


def test_cross_entropy_of_an_impossible_target_is_infinite_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cross_entropy(np.array([[1.0], [0.0]]), np.array([[0.0], [1.0]])).tolist() == [[math.inf]]


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
