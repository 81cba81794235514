"""The page of what is read: letters as one-hot columns, as ranks, or numbers as they are."""

from itertools import pairwise

import numpy as np

from rnnwalk.marked import Marked, joined
from rnnwalk.model.problem import BESIDE, LONG, Problem
from rnnwalk.model.symbols import shown, some
from rnnwalk.model.task import RANK
from rnnwalk.text import count, listed, size, with_article
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.in_part import from_both_ends, rows_read
from rnnwalk.views.live import Live, reads, sentence
from rnnwalk.views.live import truth as true
from rnnwalk.views.page import Block, Equation, Matrix, Page, Prose, Table
from rnnwalk.walks.walk import Walk

WIDE, MOST_NAMES = 6, 12  # numbers of a step in a row, and names in a sentence


def letters(walk: Walk) -> Page:
    """The vocabulary and its one-hot columns."""
    problem, model = walk.problem, walk.problem.model
    if model.task.inputs is not None:
        return numbers_read(walk)
    if model.task.ranks:
        return ranks_read(walk)
    heads, read = [shown(symbol) for symbol in model.vocabulary], from_both_ends(rows_read(problem))
    k = len(heads)
    blocks: list[Block] = [
        Prose(
            f"The vocabulary has {count(k, 'symbol')}: {', '.join(heads[:40])}{' …' if k > 40 else ''}. "
            f"A network computes with numbers, so each {problem.noun} becomes a column of {count(k, 'number')} with a single 1, in "
            "its own row: one-hot."
        ),
        Equation([Matrix("one-hot columns", np.eye(k, dtype=np.int8), heads, heads, 0, "input", picked=(read, read))]),
    ]
    if model.network.embedded:
        blocks.append(
            Prose(
                "E·x picks a column of E, the word vector: that is what the cell reads. "
                + (
                    "Words of like meaning may get like columns."
                    if problem.noun == "word"
                    else f"Here each {problem.noun} has one; those that are used alike may get like columns."
                )
            )
        )
    blocks += _at_once(walk)
    if problem.given is None and model.task.at == "every":
        told = joined(BESIDE, [_pairs(one, column) for column, one in enumerate(problem.sequences)])
        blocks.append(
            Prose(
                sentence(
                    f"What it should say next, {problem.noun} by {problem.noun}: ",
                    told,
                    "" if told.endswith("…") else ".",
                )
            )
        )
    else:
        blocks += _should(problem)
    return Page(f"The {problem.noun}s as numbers", blocks)


def numbers_read(walk: Walk) -> Page:
    """The numbers that go in at each step."""
    problem, inputs = walk.problem, walk.problem.model.task.inputs or ()
    names = [shown(name) for name in inputs]
    several = f"{count(len(names), 'number')}: {told_names(inputs)}"
    what = f"{several}. They go" if len(names) > 1 else "one number. It goes"
    rows = [
        [
            str(t),
            *(
                joined(BESIDE, [_given(one, t, row, c) for c, one in enumerate(problem.sequences)])
                for row in range(len(names))
            ),
        ]
        for t in range(1, min(problem.length, LONG) + 1)
    ]
    of = (
        {}
        if problem.beside
        else {(t, c + 1): (f"x_{t + 1}", (c, 0)) for t in range(len(rows)) for c in range(len(names))}
    )
    table = Table(["t", *names], rows, frozenset(range(len(names) + 1)), roles=("", *["input"] * len(names)), of=of)
    if len(names) > WIDE:  # a step is a column then
        turned = [[name, *row] for name, *row in zip(names, *[row[1:] for row in rows[:WIDE]], strict=True)]
        heads = ["t", *[row[0] for row in rows[:WIDE]]]
        roles = ("", *["input"] * (len(heads) - 1))
        turned_of = {(c - 1, t + 1): each for (t, c), each in of.items() if t < WIDE}
        table = Table(heads, turned, frozenset(range(1, len(heads))), roles=roles, of=turned_of)
    part = len(names) > WIDE and problem.length > WIDE
    blocks: list[Block] = [
        Prose(f"At each {problem.noun} it reads {what} into the column x unchanged: only symbols have to be one-hot."),
        table._replace(name=f"The numbers that are read at each {problem.noun}"),
        *([Prose(f"Shown are the first {WIDE} of {problem.length} steps.")] if part else []),
        *_at_once(walk),
        *_should(problem),
    ]
    return Page("The numbers", blocks)


def ranks_read(walk: Walk) -> Page:
    """The rank of each symbol that is read."""
    problem, model = walk.problem, walk.problem.model
    noun, read = problem.noun, problem.inputs[:LONG]
    blocks: list[Block] = [
        Prose(
            f"The vocabulary has {count(len(model.vocabulary), 'symbol')}, counted from 0. Of each {noun} its row, its rank, is read "
            "as if it were a size: rank 40 counts forty times as much as rank 1. "
            f"But a rank is only a name: that two {noun}s stand near each other in the vocabulary says nothing about what they mean. "
            "One-hot columns or word vectors keep them apart; this network must make do with the number."
        ),
        Table(
            ["t", "reads", RANK],
            [
                [str(t), reads(shown(symbol), t), str(row)]
                for t, (symbol, row) in enumerate(zip(read, problem.rows(read), strict=True), 1)
            ],
            frozenset({0, 2}),
            name=f"The rank of each {noun} that is read",
            roles=("", "input", "input"),
            of={(t, 2): (f"x_{t + 1}", (0, 0)) for t in range(len(read))},
        ),
        *_should(problem),
    ]
    return Page(f"The {noun}s as numbers", blocks)


def _at_once(walk: Walk) -> list[Block]:
    """What it means that several words are read at once: the first input, with a column for each."""
    problem = walk.problem
    if not problem.beside:
        return []
    x = walk.at("x", 1)
    text = (
        f"The {problem.together} are read at once, as a mini-batch: at each {problem.noun} x is {with_article(size(x.shape))} matrix with a "
        f"column for each {problem.whole}, in the order in which they were given, and so is all that is made of it. No "
        "column knows of another; only the gradients are summed over them."
    )
    return [Prose(text), Blocks(walk).given(x)]


def _should(problem: Problem) -> list[Block]:
    """What is true, where the text does not hold it."""
    if not problem.targets:
        return [Prose("What it should say was not given, so there is no loss (--target gives it).")]
    joint = "; " if any("," in text for text in problem.targets) else ", "
    steps = list(filter(problem.says, range(1, problem.length + 1)))[:LONG]
    told = [
        joined(joint, [true(shown(one.truth(t) or ""), t, column) for t in steps])
        for column, one in enumerate(problem.sequences)
    ]
    return [Prose(sentence("What it should say: ", joined(BESIDE, told), "."))]


def told_names(names: tuple[str, ...], joint: str = "and") -> str:
    """Names in a sentence: of many the first ones and the last."""
    return listed([shown(name) for name in names], joint) if len(names) <= MOST_NAMES else some(names)


def _given(problem: Problem, letter: int, row: int, column: int) -> Live:
    """A number that is read."""
    return Live(problem.inputs[letter - 1].split(",")[row], "given", f"x_{letter}", row, column)


def _pairs(problem: Problem, column: int) -> Marked:
    """What follows each symbol."""
    most = 8 if problem.length > 9 else 9  # to leave out one alone saves nothing
    pairs = [
        sentence(reads(shown(a), t, column), " → ", true(shown(b), t, column))
        for t, (a, b) in enumerate(pairwise(problem.symbols[: most + 1]), start=1)
    ]
    return sentence(joined(", ", pairs), " …" if problem.length > most else "")
