"""Which words moved the answer, and which way."""

from math import isfinite

import numpy as np

from rnnwalk.model.problem import LONG
from rnnwalk.model.symbols import shown
from rnnwalk.views.live import Live, chosen, reads, says, sentence
from rnnwalk.views.padding import padding, runs
from rnnwalk.views.page import Block, Page, Prose, Table
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk


def influence(walk: Walk, digits: int, *, whole: bool = True) -> Page:
    """What the score of the answer owes to each step; of a long text, to those that moved it most.

    whole: with a row for each step of padding, which are otherwise summed up in one.
    """
    problem, noun, found = walk.problem, walk.problem.noun, walk.influence
    answer = shown(found.answer)
    score = walk.names.symbol(walk.at("y", walk.length), (problem.model.answers.index(found.answer), 0))
    read = "(E·x)" if problem.model.network.embedded else "x"
    sizes, runs_of_pads = np.abs(found.contributions), [] if whole else runs(padding(problem))
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
    steps = np.array([step for step in range(problem.length) if not any(step + 1 in run for run in runs_of_pads)])
    if (many := len(steps)) > LONG:
        steps = np.sort(steps[np.argsort(-sizes[steps], kind="stable")[:LONG]])
        blocks.append(Prose(f"Of {many:,} {noun}s, these are the {LONG} that moved it most:", dated=True))
    strongest = int(steps[sizes[steps].argmax()]) + 1
    pads = [(run, float(sum(found.contributions[t - 1] for t in run))) for run in runs_of_pads]
    largest = float(np.max(np.abs([*found.contributions[steps], *(moved for _, moved in pads)])))
    rows, bars, roles = [], [], []

    def draw(moved: float) -> None:
        bars.append(abs(moved) / largest if moved and isfinite(largest) else 0.0)
        roles.append("probability" if moved > 0 else "gradient")

    for step in steps.tolist():
        moved, letter = float(found.contributions[step]), step + 1
        way = chosen(moved > 0, ("for", letter), "for", chosen(moved < 0, ("against", letter), "against"))
        most = chosen(bool(moved) and letter == strongest, ("strongest", letter), ", the strongest")
        rows.append(
            [
                str(letter),
                reads(problem.named(problem.inputs[step]), letter),
                Live(number(float(found.lengths[step]), digits), "length of slope", letter, digits),
                Live(_signed(moved, digits), "contribution", letter, digits),
                sentence(way, most),
            ]
        )
        draw(moved)
    for run, moved in pads:  # at the end at which it stands
        at = 0 if run[0] == 1 else len(rows)
        told = "for" if moved > 0 else "against" if moved < 0 else ""
        padded = f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0])
        rows.insert(at, [padded, problem.seen(run[0]), "", _signed(moved, digits), told])
        draw(moved)
        bars.insert(at, bars.pop())
        roles.insert(at, roles.pop())
    headings = ["t", "reads", f"length of ∂y/∂{read}", "contribution", ""]
    looks = ("", "input", "gradient", "result", "")
    whole, told_of = len(steps) == problem.length, tuple(int(step) + 1 for step in steps)
    made = Table(
        headings,
        rows,
        frozenset({0, 2, 3}),
        bars,
        roles,
        roles=looks,
        shares=told_of,
        dated=not whole,
        name=f"What each {noun} did to the answer",
    )
    return Page(
        f"Which {noun}s moved the answer", [*blocks, made, Prose(_told(walk, strongest, digits, padded=bool(pads)))]
    )


def _told(walk: Walk, strongest: int, digits: int, *, padded: bool) -> Live:
    """What is to be learned from it, and how far it can be trusted. strongest: of the steps that have a row each."""
    problem, noun, found = walk.problem, walk.problem.noun, walk.influence
    most = float(found.contributions[strongest - 1])
    moved = sentence(
        *(
            f"But for the padding, {noun}" if padded else noun.capitalize(),
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
