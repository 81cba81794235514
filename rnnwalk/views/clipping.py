"""The gradient of every weight clipped: as a whole, or number by number."""

import math

from rnnwalk.model.model import Model
from rnnwalk.tasks.clipping import Clipping, Cutting, Gradient
from rnnwalk.tasks.sizes import Size
from rnnwalk.views.page import Page, Prose, Table
from rnnwalk.views.sizes import size


def pages(model: Model, gradient: Gradient, digits: int, clip: float | None, clip_value: float | None) -> list[Page]:
    """A page for each way of clipping that was asked for."""
    found = []
    if clip is not None:
        found.append(clipped(model, gradient.clipping(clip), digits))
    if clip_value is not None:
        found.append(cut_off(model, gradient.cutting(clip_value), digits))
    return found


def clipped(model: Model, clipping: Clipping, digits: int) -> Page:
    """The gradient of every weight, raw and clipped."""
    weights = [(model.symbol(name), raw) for name, raw in clipping.raw.items()]
    pairs = [*weights, ("all together", clipping.whole)]
    rows = [[name, size(raw, digits), size(clipping.clipped(raw), digits)] for name, raw in pairs]
    limit = f"{clipping.limit:g}"
    told = (
        f"The gradient is {size(clipping.whole, digits)} long, so every number of it is multiplied by "
        f"{size(clipping.factor, digits)}: its direction stays, its length becomes {limit}."
        if clipping.factor.log10 < 0
        else f"The gradient is {size(clipping.whole, digits)} long, not above {limit}, so it passes as it is."
    )
    return Page(
        f"Clipped at {limit}",
        [
            Prose(
                "Clipping makes a gradient that is too long as long as the limit, all weights together (the global norm). Lengths "
                "of ∂L/∂W, for L of the last one alone:"
            ),
            Table(["weight", "raw", "clipped"], rows, frozenset({1, 2}), roles=("weight", "gradient", "gradient")),
            Prose(f"{told} It tames what explodes; what has vanished it cannot bring back."),
        ],
    )


def cut_off(model: Model, cutting: Cutting, digits: int) -> Page:
    """The largest number of each weight's gradient, raw and cut off, and how many were."""
    limit, most = f"{cutting.limit:g}", Size(math.log10(cutting.limit))
    rows = [
        [
            model.symbol(name),
            size(raw, digits),
            size(min(raw, most), digits),
            f"{cutting.cut[name]} of {cutting.counts[name]}",
        ]
        for name, raw in cutting.largest.items()
    ]
    cut, whole = sum(cutting.cut.values()), sum(cutting.counts.values())
    told = (
        f"{cut} of the {whole} numbers were larger, so the gradient may point another way now."
        if cut
        else f"None of the {whole} numbers is larger, so the gradient passes as it is."
    )
    return Page(
        f"Clipped at {limit}, number by number",
        [
            Prose(
                f"Element-wise clipping keeps each number of the gradient between −{limit} and {limit}, by itself (--clip shortens "
                "the gradient as a whole and keeps its direction). The largest number of each ∂L/∂W, for L of the last one alone:"
            ),
            Table(
                ["weight", "raw", "clipped", "cut off"],
                rows,
                frozenset({1, 2, 3}),
                roles=("weight", "gradient", "gradient", ""),
            ),
            Prose(f"{told} It tames what explodes; what has vanished it cannot bring back."),
        ],
    )
