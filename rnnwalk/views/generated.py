"""A text that was drawn symbol by symbol, each with the distribution that it was drawn from."""

from collections.abc import Sequence

from rnnwalk.model.symbols import shown
from rnnwalk.views.page import Page, Table
from rnnwalk.walks.numbers import number


def generated(choices: Sequence[tuple[str, Sequence[float]]], vocabulary: Sequence[str], digits: int) -> Page:
    """Each generated symbol with the distribution it was drawn from: the likeliest few."""
    rows, bars = [], []
    for i, (symbol, p) in enumerate(choices, start=1):
        order = sorted(range(len(p)), key=lambda row: -p[row])[:4]
        listed = "  ".join(f"{shown(vocabulary[row])} {100 * p[row]:.{max(digits - 2, 0)}f} %" for row in order)
        share = p[list(vocabulary).index(symbol)]
        rows.append([str(i), shown(symbol), number(share, digits), listed])
        bars.append(float(share))
    return Page(
        "Drawn, symbol by symbol", [Table(["", "drawn", "probability", "the likeliest"], rows, frozenset({0, 2}), bars)]
    )
