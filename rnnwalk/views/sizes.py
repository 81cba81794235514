"""The sizes of errors as they are shown: numbers, bars on a logarithmic scale, and of many steps the chosen ones."""

import math
from collections.abc import Sequence

from rnnwalk.tasks.sizes import ZERO, Size
from rnnwalk.views.page import Prose
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


def logarithmic(sizes: Sequence[Size]) -> list[float]:
    """The bars of sizes on a logarithmic scale."""
    low, high = span(sizes)
    return [max((number.log10 - low) / (high - low), 0.0) for number in sizes]


def beneath(sizes: Sequence[Size], listed: Sequence[int], count: int, noun: str) -> list[Prose]:
    """What is said below bars: their scale, where there are any, and how many steps are shown, where it is not all."""
    low, high = span(sizes)
    bars = f"The bars are logarithmic, from 10^{low} (no bar) to 10^{high} (full): each step of one power is as long."
    few = f"{len(listed)} of {count} {noun}s are shown (--json has them all)."
    said = [bars] * any(number != ZERO for number in sizes) + [few] * (len(listed) < count)
    return [Prose(" ".join(said))] if said else []
