"""The sizes of errors as they are shown: numbers, bars on a logarithmic scale, and of many steps the chosen ones."""

import math
from collections.abc import Sequence

from rnnwalk.tasks.sizes import Size
from rnnwalk.walks.numbers import magnitude

MOST = 24  # steps that a table shows


def size(number: Size, digits: int) -> str:
    """A Size as it is shown."""
    return magnitude(number.log10, digits, number.sign)


def picked(count: int, most: int = MOST) -> list[int]:
    """The rows that a table shows of so many: all, or evenly chosen ones with the first and the last."""
    return list(range(count)) if count <= most else [round(i * (count - 1) / (most - 1)) for i in range(most)]


def span(sizes: Sequence[Size]) -> tuple[int, int]:
    """The powers of ten that a logarithmic scale runs between, two at least."""
    logs = [number.log10 for number in sizes if number.log10 > -math.inf] or [0.0]
    high = math.ceil(max(logs))
    return min(math.floor(min(logs)), high - 2), high


def logarithmic(sizes: Sequence[Size]) -> tuple[list[float], str]:
    """The bars of sizes on a logarithmic scale, and a sentence that says which."""
    low, high = span(sizes)
    bars = [max((number.log10 - low) / (high - low), 0.0) for number in sizes]
    return (
        bars,
        f"The bars are logarithmic, from 10^{low} (no bar) to 10^{high} (full): each step of one power is as long.",
    )


def left_out(listed: Sequence[int], count: int, noun: str) -> str:
    """A sentence that says how many steps a table shows, where it is not all."""
    return "" if len(listed) == count else f" {len(listed)} of {count} {noun}s are shown (--json has them all)."
