"""Lines in an order that a seed decides, in groups, and a share of them held back to check what was learned."""

import random
from collections.abc import Sequence
from itertools import compress
from typing import Any

import numpy as np

from rnnwalk.errors import check_number
from rnnwalk.tasks.corpus import Lines


def shuffled(count: int, generator: random.Random) -> Any:
    """The numbers 0 … count−1 in an order that ``generator.random()`` decides: the same in every version of Python."""
    return np.argsort(np.fromiter((generator.random() for _ in range(count)), float, count), kind="stable")


def groups(items: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """The items in groups of at most ``size``, in order."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def check_share(share: float) -> None:
    """Raise InputError for a share of the lines that cannot be held back."""
    check_number("--validation", share, 0, 0.9)


def hold_back(lines: Sequence[Any], share: float, seed: int) -> tuple[Any, Any]:
    """The lines to learn from and those held back to validate: a share of them (at least one of two), drawn."""
    check_share(share)
    count = min(max(round(share * len(lines)), 1), len(lines) - 1) if share > 0 else 0
    held = np.zeros(len(lines), bool)
    held[shuffled(len(lines), random.Random(seed))[:count]] = True
    if isinstance(lines, Lines):
        return lines[~held], lines[held]
    return list(compress(lines, ~held)), list(compress(lines, held))
