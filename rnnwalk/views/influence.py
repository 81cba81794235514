"""Which words moved the answer, and which way."""

from math import isfinite

import numpy as np

from rnnwalk.model.problem import LONG
from rnnwalk.model.symbols import shown
from rnnwalk.views.page import Block, Page, Prose, Table
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk


def influence(walk: Walk, digits: int) -> Page:
    """What the score of the answer owes to each step; of a long text, to those that moved it most."""
    problem, noun, found = walk.problem, walk.problem.noun, walk.influence
    answer = shown(found.answer)
    score = walk.names.symbol(walk.at("y", walk.length), (problem.model.answers.index(found.answer), 0))
    read = "(E·x)" if problem.model.network.embedded else "x"
    sizes = np.abs(found.contributions)
    blocks: list[Block] = [
        Prose(
            f"It says “{answer}”, whose score is {score} = {number(found.score, digits)}. What becomes of that score if a "
            f"{noun} is read a little more strongly? The way back from it, and not from the loss, says so: the gradient ∂y/∂{read} "
            f"of each {noun}.",
            dated=True,
        ),
        Prose(
            f"The contribution is that gradient times what was read, number by number, added up: by so much the score would fall, "
            f"to first order, without the {noun}. + speaks for “{answer}”, − against it.",
            dated=True,
        ),
    ]
    steps = np.arange(problem.length)
    if problem.length > LONG:
        steps = np.sort(np.argsort(-sizes, kind="stable")[:LONG])
        blocks.append(Prose(f"Of {problem.length:,} {noun}s, these are the {LONG} that moved it most:", dated=True))
    rows, bars, roles = [], [], []
    for step in steps.tolist():
        moved = float(found.contributions[step])
        way = "for" if moved > 0 else "against" if moved < 0 else ""
        rows.append(
            [
                str(step + 1),
                problem.named(problem.inputs[step]),
                number(float(found.lengths[step]), digits),
                _signed(moved, digits),
                f"{way}, the strongest" if way and step + 1 == found.strongest else way,
            ]
        )
        bars.append(float(sizes[step] / sizes.max()) if moved and isfinite(sizes.max()) else 0.0)
        roles.append("probability" if moved > 0 else "gradient")
    headings = ["t", "reads", f"length of ∂y/∂{read}", "contribution", ""]
    blocks.append(
        Table(
            headings, rows, frozenset({0, 2, 3}), bars, roles, roles=("", "input", "gradient", "result", ""), dated=True
        )
    )
    blocks.append(Prose(_told(walk, digits), dated=True))
    return Page(f"Which {noun}s moved the answer", blocks)


def _told(walk: Walk, digits: int) -> str:
    """What is to be learned from it, and how far it can be trusted."""
    noun, found = walk.problem.noun, walk.influence
    most = float(found.contributions[found.strongest - 1])
    if not isfinite(most):
        return "A number is too large for a computer here, so nothing can be said of the others."
    if not most:
        return f"No {noun} moves this score: what was read is 0, or a slope is, on every way back."
    where = walk.problem.at(found.strongest)
    return (
        f"{where[:1].upper()}{where[1:]} moved it most, by {_signed(most, digits)}. "
        f"First order means along a straight line: where a unit is saturated its slope is near 0, and a {noun} may count for more."
    )


def _signed(value: float, digits: int) -> str:
    """A number with its sign, + as well."""
    text = number(value, digits)
    return f"+{text}" if value > 0 else text
