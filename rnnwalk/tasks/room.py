"""Whether weights that learn fit into memory, and into the precision that they learn in."""

from typing import Any

import numpy as np

from rnnwalk.errors import InputError
from rnnwalk.model.limits import MOST_MEMORY

COPIES = 5  # of the weights, while they learn: themselves, the gradient, Adam's two means, the best so far
BESIDE = 3 * 8  # bytes of a weight, in any precision: as it was at first, the best at the end, its copy for the file
BESIDE_FROZEN = 2 * 8  # as it was, and its copy for the file
ROOM = 1.15  # times what is counted: measured were 1.05 to 1.15


def check_weights(learned: int, frozen: int = 0, itemsize: int = 8) -> None:
    """Raise InputError for weights, so many numbers, that do not fit into memory as often as learning needs them."""
    size = ROOM * (learned * (COPIES * itemsize + BESIDE) + frozen * (itemsize + BESIDE_FROZEN))
    if size > MOST_MEMORY:
        raise InputError(
            f"to learn {learned + frozen:,} numbers takes about {size / 2**30:.1f} GiB, more than the limit of "
            f"{MOST_MEMORY >> 30} GiB; take fewer words (--num-words) or hidden units, or shorter word vectors"
        )


def check_precision(name: str, numbers: Any, dtype: Any) -> None:
    """Raise InputError for numbers that this precision does not hold."""
    most = float(np.finfo(dtype).max)
    if numbers.size and not (largest := float(np.abs(numbers).max())) <= most:
        raise InputError(
            f"{name} holds a number of size {largest:g}, and single precision none above {most:.2g}; take --precision double"
        )
