"""Numbers by their power of ten, so that neither 10^400 nor 10^-400 is lost."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from rnnwalk.engine.notes import Array


class Size(NamedTuple):
    """A number by its power of ten, so that nothing overflows. log10: −∞ for 0; sign: of the number."""

    log10: float
    sign: int = 1

    @property
    def value(self) -> float:
        """The number as a float: ±∞ or 0 where floats end."""
        return self.sign * (math.inf if self.log10 > 308.25 else 10.0**self.log10 if self.log10 > -330 else 0.0)


ZERO = Size(-math.inf)


class Scaled(NamedTuple):
    """An array without its power: it stands for array·10^power."""

    array: Array
    power: float = 0.0

    def normal(self) -> "Scaled":
        """The same with 1 as its largest number."""
        top = float(np.abs(self.array).max(initial=0.0))
        return Scaled(self.array / top, self.power + math.log10(top)) if top else Scaled(self.array, -math.inf)

    def logs(self) -> Array:
        """log10 of each number's size."""
        with np.errstate(divide="ignore"):
            return np.asarray(np.log10(np.abs(self.array)) + self.power)

    def norm(self) -> Size:
        """The root of the sum of squares."""
        array, power = self.normal()
        return Size(power + math.log10(float(np.linalg.norm(array)))) if power > -math.inf else ZERO


def overall(sizes: Iterable[Size]) -> Size:
    """The root of the sum of squares."""
    logs = [size.log10 for size in sizes]
    top = max(logs)
    return Scaled(np.array([[10 ** (log - top)] for log in logs]), top).norm() if top > -math.inf else ZERO


def summed(parts: Sequence[Scaled]) -> Scaled:
    """The sum of arrays, of the largest of their powers."""
    top = max(part.power for part in parts)
    if top == -math.inf:
        return parts[0]
    first, *others = [part.array * 10.0 ** (part.power - top) for part in parts]
    return Scaled(sum(others, first), top)
