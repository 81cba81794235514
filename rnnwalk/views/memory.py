"""What the network remembers, over time: its states and gates as strips of shaded cells, so that memory is visible."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from rnnwalk.engine.notes import Array, notes
from rnnwalk.marked import Marked
from rnnwalk.model.problem import LONG
from rnnwalk.trace.record import Node
from rnnwalk.views.in_part import largest
from rnnwalk.views.live import Live, reads, recorded, sentence
from rnnwalk.views.padding import padding, with_rows
from rnnwalk.views.page import Block, Prose, Strip, Track, shade
from rnnwalk.walks.names import Names
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk

MOST_UNITS = 4  # of each quantity
DIGITS = 3  # at most


def timeless(symbol: str) -> str:
    """The symbol of a quantity without its time: h for h₁, a for a⟨1⟩."""
    return symbol.partition("⟨")[0].rstrip("₀₁₂₃₄₅₆₇₈₉")


def memory(
    walk: Walk, digits: int, *, whole: bool = False, apart: Array | None = None, only: Sequence[int] = ()
) -> list[Block]:
    """States and gates under the letters that the network reads, a row for each unit: of many those whose h changes most,
    of a long text the first letters.

    whole: in as many bands as it takes, where otherwise the middle is left out; apart: of each unit, how much it differs
    from that of another sequence, by which units are chosen then; only: these letters, of a walk of which all are recorded.
    """
    problem, hidden = walk.problem, walk.problem.model.hidden
    first = range(1, min(problem.length, LONG) + 1)
    if not only and walk.recorded[: len(first)] != first:  # of a long text only what is shown in full was recorded
        walk = Walk(problem, letters=first, notation=walk.notation)
    if not only and len(first) < problem.length and padding(problem):  # which would be all that is shown
        only = with_rows(problem)[:LONG]
    letters = only or first
    sizes = np.ptp([walk.at("h", t).value for t in letters], axis=0).max(axis=1) if apart is None else apart
    units = sorted(largest(sizes)[:MOST_UNITS])
    most = "change" if apart is None else "differ"
    cut = [f"the {len(units)} of {hidden} units that {most} most"] * (len(units) < hidden)
    cut += [f"the first {len(letters)} of {problem.length:,} {problem.noun}s"] * (
        not only and len(letters) < problem.length
    )
    noun = "step" if problem.model.task.inputs is not None else problem.noun
    told = sentence(f"What it remembers, {noun} by {noun}", *([recorded(f": {', '.join(cut)}")] if cut else []), ".")
    blocks: list[Block] = [Prose(sentence(told, " The stronger the shade, the larger the number, of either sign."))]
    for column, one in enumerate(problem.sequences):
        which = f", {problem.whole} {column + 1}" if problem.beside else ""
        if problem.beside:
            blocks.append(Prose(f"{problem.whole.capitalize()} {column + 1}:"))
        heads = [reads(one.named(one.inputs[t - 1]), t, column) for t in letters]
        blocks.append(
            Strip(
                heads,
                _tracks(walk, letters, column, units),
                min(digits, DIGITS),
                whole,
                f"What it remembers, {noun} by {noun}{which}",
            )
        )
    return blocks


def _tracks(walk: Walk, letters: Sequence[int], column: int, units: list[int]) -> list[Track]:
    """Some units of each state and gate, of the sequence in a column."""
    tracks = []
    for node in remembered(walk):
        label = walk.names.labels[node]
        values = [walk.at(label.field, t).value[units, column].tolist() for t in letters]
        most = max([1.0, *(abs(value) for each in values for value in each)])
        for row, unit in enumerate(units):
            name = f"{timeless(label.symbol)}[{unit + 1}]" if walk.problem.model.hidden > 1 else timeless(label.symbol)
            of = tuple((f"{label.field}_{t}", (unit, column)) for t in letters)
            tracks.append(Track(name, label.role, [each[row] for each in values], most, of))
    return tracks


def remembered(walk: Walk) -> list[Node]:
    """The states and then the gates of a step, at the first letter that is recorded: its cell says by their roles."""
    names = walk.names
    step = [node for node in walk.trace.result.letters[0].step if node is not None]
    order = list(notes(walk.problem.model.network.cell.State))
    states = [node for node in step if names.labels[node].field in order]
    return [
        *sorted(states, key=lambda node: order.index(names.labels[node].field)),
        *filter(partial(_gate, names), step),
    ]


def _gate(names: Names, node: Node) -> bool:
    """True for a gate itself: not for the sum that it is made from, nor for what is called by a formula (1 − z)."""
    label, parts = names.labels[node], names.parts(node)
    sums = any(names.labels[part].group == "weight" for part in parts)
    return label.role.endswith(" gate") and label.note.symbol != "=" and not sums


def shaded(values: list[float], digits: int, key: str = "", column: int = 0) -> Marked:
    """Numbers beside each other, with room for a sign, each with its shade. key, column: of which value they are the first ones."""
    most = max([1.0, *map(abs, values)])
    found = [number(value, digits) for value in values]
    padded = [text if text.startswith("-") else f" {text}" for text in found]
    texts = [Live(text, "signed", key, row, column, digits) for row, text in enumerate(padded)]
    parts = [(text, f"memory {shade(value, most)}") for text, value in zip(texts, values, strict=True)]
    return Marked([part for each in parts for part in (("  ", ""), each)][1:])
