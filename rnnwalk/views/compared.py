"""Cells of one size on the same text: how the error fares in each."""

import math
from collections.abc import Callable
from functools import partial

from rnnwalk.engine.notes import notes
from rnnwalk.model.symbols import graphemes, width
from rnnwalk.tasks.gradient_flow import Flow
from rnnwalk.text import in_words
from rnnwalk.views.gradient_flow import verdict
from rnnwalk.views.network import story
from rnnwalk.views.page import Block, Fitted, Page, Prose, Table
from rnnwalk.views.sizes import beneath, picked, size, span

WIDE = 20  # columns of the longest bar
MOST_NAME = 10  # columns of a symbol


def pages(flows: list[Flow], digits: int, say: Callable[[Flow, str], str] = lambda _, text: text) -> list[Page]:
    """The bars side by side, the numbers, and what becomes of each, which say puts into the notation of its cell."""
    problem = flows[0].problem
    noun, listed = problem.noun, picked(len(flows[0].arrivals))[::-1]
    cells = [flow.problem.model.cell for flow in flows]
    rows = []
    for row in listed:
        arrivals = [flow.arrivals[row] for flow in flows]
        sizes = [size(arrival.error["state"], digits) for arrival in arrivals]
        rows.append([str(arrivals[0].letter), problem.named(arrivals[0].symbol), *sizes])
    parameters = ", ".join(f"{flow.problem.model.cell} {flow.problem.model.parameters}" for flow in flows)
    best = max(flows, key=lambda flow: flow.left.log10)
    whole = [flow.arrivals[row].error["state"] for flow in flows for row in listed]
    blocks: list[Block] = [
        *story(problem),
        Prose(
            f"{in_words(len(flows)).capitalize()} networks with {problem.model.hidden} hidden units each read “{problem.title}”; their random weights come from "
            f"the same seed ({parameters} numbers). The error is that of the loss at the last {noun} alone; shown is its length for "
            f"the whole state that a step hands on: {_handed_on(flows, say)}."
        ),
        Fitted(partial(bars, flows, cells, [problem.named(symbol) for symbol in problem.inputs], listed)),
        *beneath(whole, listed, len(flows[0].arrivals), noun),
        Table(
            ["t", "reads", *cells],
            rows,
            frozenset({0, *range(2, 2 + len(cells))}),
            roles=("", "input", *["gradient"] * len(cells)),
        ),
        *[Prose(f"{cell}: {say(flow, verdict(flow, digits))}") for cell, flow in zip(cells, flows, strict=True)],
    ]
    steps = len(flows[0].arrivals) - 1
    if steps and best.left.log10 > -math.inf:
        blocks.append(
            Prose(
                f"Over {steps} step{'s' * (steps > 1)} the most is left in the {best.problem.model.cell}: "
                f"{size(best.left, digits)} of the error. A gated cell is not better by itself, it can learn to be: a gate that "
                "stays open passes the error on."
            )
        )
    return [Page(f"How the error fares in {in_words(len(flows))} cells: “{problem.title}”", blocks)]


def _handed_on(flows: list[Flow], say: Callable[[Flow, str], str]) -> str:
    """The parts of a state: h, and in the LSTM c too."""
    more = [
        f"in the {flow.problem.model.cell.upper()} {say(flow, part)} too"
        for flow in flows
        for part in notes(flow.problem.model.network.cell.State)
        if part != "h"
    ]
    return ", and ".join(["h", *more])


def bars(
    flows: list[Flow], names: list[str], reads: list[str], listed: list[int], columns: int, spell: Callable[[str], str]
) -> list[str]:
    """A row for each of the steps listed, a bar for each flow, all on one logarithmic scale.

    names: of the flows; where one has no room over its bar all are counted; reads: what is read at each step.
    """
    low, high = span([flow.arrivals[row].error["state"] for flow in flows for row in listed])
    letters, signs = [str(row + 1) for row in listed], [_name(reads[row], spell) for row in listed]
    count, first = max(map(width, letters)), max(map(width, signs))
    wide = min(WIDE, max(1, (columns - count - first - 3) // len(flows) - 2))
    heads = [spell(name) for name in names]
    if max(map(width, heads)) > wide:
        heads = [str(i) for i in range(1, len(flows) + 1)]
    lines = [" " * (count + first + 3) + "  ".join(f"{head}{' ' * (wide - width(head))}" for head in heads).rstrip()]
    for row, letter, sign in zip(listed, letters, signs, strict=True):
        drawn = []
        for flow in flows:
            share = max((flow.arrivals[row].error["state"].log10 - low) / (high - low), 0.0)
            drawn.append(f"{spell('█') * round(share * wide):<{wide}}")
        label = f"{letter:>{count}} {sign}{' ' * (first - width(sign))}  "
        lines.append((label + "  ".join(drawn)).rstrip())
    return lines


def _name(text: str, spell: Callable[[str], str]) -> str:
    """What is read as it is spelled: as many whole letters of it as there is room for, one at least."""
    letters = graphemes(text)
    while len(letters) > 1 and width(spell("".join(letters))) > MOST_NAME:
        letters.pop()
    return spell("".join(letters))
