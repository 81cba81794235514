"""Which words moved the answer, and which way."""

from math import isfinite

import numpy as np

from rnnwalk.model.problem import LONG
from rnnwalk.model.symbols import shown
from rnnwalk.views.live import Live, chosen, reads, says, sentence
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
    end = problem.length
    named = says(answer, end)
    scored = Live(score, "symbol of said", end), Live(number(found.score, digits), "score of said", end, digits)
    blocks: list[Block] = [
        Prose(
            sentence(
                *("It says “", named, "”, whose score is ", scored[0], " = ", scored[1]),
                f". What becomes of that score if a {noun} is read a little more strongly? The way back from it, and not from "
                f"the loss, says so: the gradient ∂y/∂{read} of each {noun}.",
            )
        ),
        Prose(
            sentence(
                "The contribution is that gradient times what was read, number by number, added up: by so much the score "
                f"would fall, to first order, without the {noun}. + speaks for “",
                named,
                "”, − against it.",
            )
        ),
    ]
    steps = np.arange(problem.length)
    if problem.length > LONG:
        steps = np.sort(np.argsort(-sizes, kind="stable")[:LONG])
        blocks.append(Prose(f"Of {problem.length:,} {noun}s, these are the {LONG} that moved it most:", dated=True))
    rows, bars, roles = [], [], []
    for step in steps.tolist():
        moved, letter = float(found.contributions[step]), step + 1
        way = chosen(moved > 0, ("for", letter), "for", chosen(moved < 0, ("against", letter), "against"))
        most = chosen(bool(moved) and letter == found.strongest, ("strongest", letter), ", the strongest")
        rows.append(
            [
                str(letter),
                reads(problem.named(problem.inputs[step]), letter),
                Live(number(float(found.lengths[step]), digits), "length of slope", letter, digits),
                Live(_signed(moved, digits), "contribution", letter, digits),
                sentence(way, most),
            ]
        )
        bars.append(float(sizes[step] / sizes.max()) if moved and isfinite(sizes.max()) else 0.0)
        roles.append("probability" if moved > 0 else "gradient")
    headings = ["t", "reads", f"length of ∂y/∂{read}", "contribution", ""]
    looks = ("", "input", "gradient", "result", "")
    whole, told_of = len(steps) == problem.length, tuple(int(step) + 1 for step in steps)
    made = Table(headings, rows, frozenset({0, 2, 3}), bars, roles, roles=looks, shares=told_of, dated=not whole)
    return Page(f"Which {noun}s moved the answer", [*blocks, made, Prose(_told(walk, digits))])


def _told(walk: Walk, digits: int) -> Live:
    """What is to be learned from it, and how far it can be trusted."""
    problem, noun, found = walk.problem, walk.problem.noun, walk.influence
    strongest = found.strongest
    most = float(found.contributions[strongest - 1])
    moved = sentence(
        *(
            noun.capitalize(),
            " ",
            Live(str(strongest), "strongest"),
            " “",
            Live(problem.seen(strongest), "strongest read"),
        ),
        *("” moved it most, by ", Live(_signed(most, digits), "strongest contribution", digits)),
        ". First order means along a straight line: where a unit is saturated its slope is near 0, and "
        f"a {noun} may count for more.",
    )
    still = f"No {noun} moves this score: what was read is 0, or a slope is, on every way back."
    large = "A number is too large for a computer here, so nothing can be said of the others."
    told = chosen(bool(most), ("a step moves",), moved, still)
    return chosen(isfinite(most), ("influence is finite",), told, large)


def _signed(value: float, digits: int) -> str:
    """A number with its sign, + as well."""
    text = number(value, digits)
    return f"+{text}" if value > 0 else text
