"""The gradient of one loss by every weight, and what clipping makes of it."""

import math
from typing import NamedTuple

from rnnwalk.errors import check_number
from rnnwalk.model.limits import LARGEST
from rnnwalk.tasks.sizes import Scaled, Size, overall


class Clipping(NamedTuple):
    """The gradient of the loss at the last letter by every weight: its length, and that after clipping as a whole."""

    limit: float
    raw: dict[str, Size]
    whole: Size

    @property
    def factor(self) -> Size:
        """What clipping multiplies with: 1, or what makes the gradient as long as the limit (torch's rule)."""
        whole = self.whole.log10
        whole = math.log10(10**whole + 1e-6) if whole < 100 else whole
        return Size(min(0.0, math.log10(self.limit) - whole))

    def clipped(self, size: Size) -> Size:
        """A length after clipping."""
        return Size(size.log10 + self.factor.log10)


class Cutting(NamedTuple):
    """The same where each number is cut off at a size: by weight, its largest number and how many were cut; of its size."""

    limit: float
    largest: dict[str, Size]
    cut: dict[str, int]
    counts: dict[str, int]


class Gradient(NamedTuple):
    """Of the loss at the last letter by every weight, by name; each keeps its power of ten apart."""

    numbers: dict[str, Scaled]

    @property
    def lengths(self) -> dict[str, Size]:
        """The length of each weight's gradient."""
        return {name: part.norm() for name, part in self.numbers.items()}

    def clipping(self, limit: float) -> Clipping:
        """What clipping at a global norm makes of it; raises InputError for a limit that is none."""
        check_number("--clip", limit, 0, LARGEST, above=True)
        raw = self.lengths
        return Clipping(limit, raw, overall(raw.values()))

    def cutting(self, limit: float) -> Cutting:
        """What clipping each number by itself makes of it; raises InputError for a limit that is none."""
        check_number("--clip-value", limit, 0, LARGEST, above=True)
        logs = {name: part.logs() for name, part in self.numbers.items()}
        return Cutting(
            limit,
            {name: Size(float(log.max())) for name, log in logs.items()},
            {name: int((log > math.log10(limit)).sum()) for name, log in logs.items()},
            {name: log.size for name, log in logs.items()},
        )
