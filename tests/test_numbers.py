"""Numbers as they are shown."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnwalk.trace.record import Node
from rnnwalk.walks.numbers import decimals, magnitude, number


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (0.9365337728582275, 6, "0.936534"),
        (-0.5, 2, "-0.50"),
        (0.0, 6, "0.000000"),
        (-0.0, 6, "0.000000"),
        (-0.0, 0, "0"),
        (1e-9, 6, "1.00000e-09"),
        (-1e-9, 6, "-1.00000e-09"),
        (123456789.5, 2, "123456789.50"),
        (1e9, 2, "1.0e+09"),
        (-1e300, 3, "-1.00e+300"),
        (math.inf, 6, "∞"),
        (-math.inf, 6, "-∞"),
        (math.nan, 6, "undefined"),
    ],
)
def test_a_number_is_shown(value: float, digits: int, shown: str) -> None:
    assert number(value, digits) == shown


@given(st.floats(-1.7e308, 1.7e308), st.integers(0, 15))  # 1.75e308 may read 1.8e308, which is no float any more
def test_what_is_shown_is_the_number_rounded_and_never_minus_zero(value: float, digits: int) -> None:
    text = number(value, digits)
    scientific = "e" in text
    tolerance = abs(value) * 10.0 ** -max(digits - 1, 1) if scientific else 0.5000001 * 10.0**-digits
    assert abs(float(text) - value) <= tolerance
    assert not (text.startswith("-") and float(text) == 0)
    assert (float(text) == 0) == (value == 0)
    assert np.sign(float(text)) == np.sign(value)


@pytest.mark.parametrize(
    ("log10", "text"),
    [
        (math.log10(0.0123), "0.01230"),
        (math.log10(123.4), "123.4"),
        (math.log10(9.99996), "10.00"),
        (math.log10(99999), "1.000e+05"),
        (math.log10(5.67e-12), "5.670e-12"),
        (400.0, "1.000e+400"),
        (-1000.0 + math.log10(2), "2.000e-1000"),
        (-math.inf, "0"),
    ],
)
def test_a_magnitude_has_significant_digits_whatever_its_power(log10: float, text: str) -> None:
    assert magnitude(log10) == text


def test_given_numbers_beyond_plain_decimals_keep_their_digits() -> None:
    assert decimals(Node("input", np.array([[1234567890123.0]])), 6) == 6
