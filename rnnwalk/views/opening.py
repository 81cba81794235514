"""The opening of a walk: the unrolled network, the letters as columns, the weights and their shapes."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np

from rnnwalk.engine.notes import notes
from rnnwalk.marked import Marked, joined
from rnnwalk.model.problem import BESIDE, LONG, Problem
from rnnwalk.model.symbols import shown, some, width
from rnnwalk.model.task import RANK
from rnnwalk.text import count, listed, size, subscript
from rnnwalk.trace.record import Node
from rnnwalk.views import live, questions
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.cell import equations, matrices_called
from rnnwalk.views.live import sentence
from rnnwalk.views.memory import memory
from rnnwalk.views.page import Block, Equation, Fitted, LazyPage, Matrices, Matrix, Page, Prose, Table
from rnnwalk.views.sentences import sentence as what
from rnnwalk.views.sentences import title
from rnnwalk.walks.numbers import decimals
from rnnwalk.walks.walk import Walk

WIDE, MOST_NAMES = 6, 12  # numbers of a step in a row, and names in a sentence
ROLES = ("target", "", "result", "weight", "memory", "weight", "input", "", "input")  # of the rows of the drawing


def opening(walk: Walk, digits: int) -> list[LazyPage]:
    """The pages before the first letter; the article's own steps need no page of equations."""
    stepwise = walk.problem.model.network.cell.ARTICLE_STEPS
    equations_page = [] if stepwise else [LazyPage("The cell", partial(equations, walk, digits))]
    return [
        LazyPage("The network, unrolled", partial(network, walk, digits)),
        LazyPage(
            f"The {walk.problem.noun}s as numbers" if walk.problem.model.task.inputs is None else "The numbers",
            partial(letters, walk),
        ),
        *equations_page,
        LazyPage("The weights and their shapes", partial(shapes, walk)),
        LazyPage("The weights", partial(weights, walk, digits)),
    ]


def network(walk: Walk, digits: int) -> Page:
    """The picture of the idea: one cell, used once for each letter."""
    problem, model = walk.problem, walk.problem.model
    noun = problem.noun
    carried = model.network.cell.CARRIES.format(numbers=count(model.hidden, "number"))
    blocks: list[Block] = [
        *story(problem),
        Prose(
            sentence(
                "A recurrent network reads “",
                joined(BESIDE, [live.title(problem, column) for column in range(len(problem.sequences))]),
                f"” {_one_by_one(problem)}. {purpose(problem)} What it has read so far it carries along as {carried}.",
            )
        ),
        Fitted(partial(unrolled, problem), dated=True),
        Prose(f"It is one cell, drawn once for each {noun}: the same weights are used every time. {model.origin}"),
        *memory(walk, digits),
    ]
    return Page("The network, unrolled", blocks)


def _one_by_one(problem: Problem) -> str:
    beside = f"({problem.together}) side by side, " if problem.beside else ""
    return beside + ("step by step" if problem.model.task.inputs is not None else f"one {problem.noun} at a time")


def _at_once(walk: Walk) -> list[Block]:
    """What it means that several words are read at once: the first input, with a column for each."""
    problem = walk.problem
    if not problem.beside:
        return []
    x = walk.at("x", 1)
    text = (
        f"The {problem.together} are read at once, as a mini-batch: at each {problem.noun} x is a {size(x.shape)} matrix with a "
        f"column for each {problem.whole}, in the order in which they were given, and so is all that is made of it. No "
        "column knows of another; only the gradients are summed over them."
    )
    return [Prose(text), Blocks(walk).given(x)]


def purpose(problem: Problem) -> str:
    """When it says something, and what."""
    task, noun = problem.model.task, problem.noun
    when = f"After each {noun}" if task.at == "every" else f"After the last {noun}"
    if task.names_next:
        return f"{when} it says which one comes next."
    names = _names(problem.model.answers, "and" if task.linear else "or")
    if task.linear:
        return f"{when} it gives {count(len(problem.model.answers), 'number')}: {names}."
    return f"{when} it says which of these it is: {names}."


def story(problem: Problem) -> list[Block]:
    """What a bundled example shows; nothing for any other model."""
    return [Prose(problem.model.story)] if problem.model.story else []


def unrolled(problem: Problem, columns: int, spell: Callable[[str], str]) -> list[str]:
    """The unrolled network as text: next symbols above, cells in the middle, inputs below; long words lose their middle."""
    last = problem.length - 1
    for drawn in range(min(last + 1, columns // 8), 0, -1):
        steps = list(range(last + 1)) if drawn == last + 1 else [*range(drawn - 1), None, last]
        lines = _unrolled(problem, steps, spell)
        if max(map(width, lines)) <= columns:
            return lines
    return lines


def _unrolled(problem: Problem, steps: list[int | None], spell: Callable[[str], str]) -> list[str]:
    model = problem.model
    state = list(notes(type(model.before)))
    Wx, Wh = (matrices_called(model, axes) for axes in ("nk", "nn"))
    out = "↑ Wdense… Why" if model.task.head else "↑ Why"
    columns = []
    for i in steps:
        if i is None:
            columns.append([" ", " ", " ", " ", spell(" … "), " ", " ", " ", " "])
            continue
        t = subscript(i + 1)
        cells = [
            *((problem.expected(i + 1), "↑", f"y{t}", out) if problem.says(i + 1) else ("", "", "", "")),
            f"[ {' '.join(f'{name}{t}' for name in reversed(state))} ]",
            f"↑ {Wx}",
            f"E·x{t}" if model.network.embedded else f"x{t}",
            "↑",
            problem.seen(i + 1),
        ]
        columns.append([spell(cell) for cell in cells])
    start, arrow = spell(" ".join(f"{name}₀" for name in reversed(state))), spell(f" ─{Wh}→ ")
    margin = max(width(start + arrow), 11)
    widths = [max(map(width, column)) for column in columns]
    lines: list[str] = []
    for row, (before, role) in enumerate(
        zip(
            ["should say:", "", "", "", start, "", "", "", "reads:"],
            ROLES,
            strict=True,
        )
    ):
        joint = arrow if row == 4 else " " * width(arrow)
        cells = [_centre(column[row], wide, spell("↑")) for column, wide in zip(columns, widths, strict=True)]
        parts = [(before, role if row == 4 else ""), (joint.rstrip().ljust(margin - width(before)), "weight")]
        for cell, wide in zip(cells, widths, strict=True):  # a name beside an arrow may reach over
            parts += [(cell, role), (joint[max(0, width(cell) - wide) :], "weight")]
        lines.append(Marked([*parts[:-2], (cells[-1].rstrip(), role)]))
    return lines


def _centre(text: str, wide: int, arrow: str) -> str:
    """Centred on its first sign, so that an arrow with a name stands under the column."""
    left = wide // 2 if text.startswith(arrow) else (wide - width(text) + 1) // 2
    return " " * left + text + " " * (wide - left - width(text))


def numbers_read(walk: Walk) -> Page:
    """The numbers that go in at each step."""
    problem, inputs = walk.problem, walk.problem.model.task.inputs or ()
    names = [shown(name) for name in inputs]
    several = f"{count(len(names), 'number')}: {_names(inputs)}"
    what = f"{several}. They go" if len(names) > 1 else "one number. It goes"
    rows = [
        [str(t), *map(BESIDE.join, zip(*[one.inputs[t - 1].split(",") for one in problem.sequences], strict=True))]
        for t in range(1, min(problem.length, LONG) + 1)
    ]
    of = (
        {}
        if problem.beside
        else {(t, c + 1): (f"x_{t + 1}", (c, 0)) for t in range(len(rows)) for c in range(len(names))}
    )
    table = Table(
        ["t", *names],
        rows,
        frozenset(range(len(names) + 1)),
        roles=("", *["input"] * len(names)),
        of=of,
        dated=bool(problem.beside),
    )
    if len(names) > WIDE:  # a step is a column then
        turned = [[name, *row] for name, *row in zip(names, *[row[1:] for row in rows[:WIDE]], strict=True)]
        heads = ["t", *[row[0] for row in rows[:WIDE]]]
        roles = ("", *["input"] * (len(heads) - 1))
        turned_of = {(c - 1, t + 1): each for (t, c), each in of.items() if t < WIDE}
        table = Table(heads, turned, frozenset(range(1, len(heads))), roles=roles, of=turned_of, dated=table.dated)
    part = len(names) > WIDE and problem.length > WIDE
    blocks: list[Block] = [
        Prose(f"At each {problem.noun} it reads {what} into the column x unchanged: only symbols have to be one-hot."),
        table,
        *([Prose(f"Shown are the first {WIDE} of {problem.length} steps.")] if part else []),
        *_at_once(walk),
        *_should(problem),
    ]
    return Page("The numbers", blocks)


def _names(names: tuple[str, ...], joint: str = "and") -> str:
    """Names in a sentence: of many the first ones and the last."""
    return listed([shown(name) for name in names], joint) if len(names) <= MOST_NAMES else some(names)


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
                [str(t), shown(symbol), str(row)]
                for t, (symbol, row) in enumerate(zip(read, problem.rows(read), strict=True), 1)
            ],
            frozenset({0, 2}),
            roles=("", "input", "input"),
            dated=True,
        ),
        *_should(problem),
    ]
    return Page(f"The {noun}s as numbers", blocks)


def _should(problem: Problem) -> list[Block]:
    """What is true, where the text does not hold it."""
    if not problem.targets:
        return [Prose("What it should say was not given, so there is no loss (--target gives it).")]
    joint = ", " if len(problem.targets) > 1 else ""
    told = problem.each(lambda one: joint.join(map(shown, one.targets[:LONG])))
    return [Prose(f"What it should say: {told}.", dated=True)]


def letters(walk: Walk) -> Page:
    """The vocabulary and its one-hot columns."""
    problem, model = walk.problem, walk.problem.model
    if model.task.inputs is not None:
        return numbers_read(walk)
    if model.task.ranks:
        return ranks_read(walk)
    heads, read = [shown(symbol) for symbol in model.vocabulary], _rows_read(problem)
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
                "E·x picks a column of E, the word vector: that is what the cell reads. Words of like meaning may get like columns."
            )
        )
    blocks += _at_once(walk)
    if problem.given is None and model.task.at == "every":
        told = problem.each(_pairs)
        blocks.append(Prose(f"What it should say next, {problem.noun} by {problem.noun}: {told}.", dated=True))
    else:
        blocks += _should(problem)
    return Page(f"The {problem.noun}s as numbers", blocks)


def _rows_read(problem: Problem) -> frozenset[int]:
    """Where the symbols that are read stand in the vocabulary, so that a large one is drawn with them."""
    return frozenset(int(row) for one in problem.sequences for row in one.rows(one.inputs[:LONG]))


def _pairs(problem: Problem) -> str:
    """What follows each symbol."""
    most = 8 if problem.length > 9 else 9  # to leave out one alone saves nothing
    pairs = ", ".join(f"{shown(a)} → {shown(b)}" for a, b in pairwise(problem.symbols[: most + 1]))
    return pairs + (" …" if problem.length > most else "")


def shapes(walk: Walk) -> Page:
    """Each weight with its shape, why it has that shape, and its number of parameters."""
    model = walk.problem.model
    rows = []
    for node in _weights(walk):
        note = walk.names.labels[node].note
        why = f"{title(walk.names, node)}: {what(walk.names, node)}"
        rows.append([note.symbol, size(node.shape), str(node.value.size), why])
    rows.append(["", "", str(model.parameters), "numbers to be learned, whatever the length of the text"])
    blocks: list[Block] = [
        Prose(
            "A matrix turns one column of numbers into another: a 3×4 matrix (3 rows, 4 columns) makes 3 numbers out of 4."
        ),
        Table(["weight", "shape", "numbers", "why that shape"], rows, frozenset({1, 2}), roles=("weight", "", "", "")),
        *questions.shapes(model),
    ]
    return Page("The weights and their shapes", blocks)


def weights(walk: Walk, digits: int) -> Page:
    """The weights themselves: columns headed by letters, rows by hidden unit."""
    names, model = walk.names, walk.problem.model
    blocks: list[Block] = [
        Prose(f"{model.origin} Above each column stands what it is multiplied by, before each row what it gives."),
        Prose(
            f"Numbers are shown with at most {count(digits, 'decimal')}, but computed in full: ≈ stands for = where the rounding "
            "shows."
        ),
    ]
    symbols = model.task.inputs is None and not model.task.ranks
    read = _rows_read(walk.problem) if symbols else frozenset()
    one_hot = "v" if model.network.embedded else "k"  # what its columns are, of the matrix that a symbol picks one of
    drawn = [
        Matrix(
            names.labels[node].symbol,
            node.value,
            names.heads(node, 0),
            names.heads(node, 1),
            decimals(node, digits),
            names.labels[node].role,
            key=names.labels[node].key,
            picked=(frozenset(), read if names.labels[node].note.axes[1] == one_hot else frozenset()),
        )
        for node in _weights(walk)
    ]
    blocks.append(Matrices(drawn))
    return Page("The weights", blocks)


def _weights(walk: Walk) -> list[Node]:
    """The weights that the model has, in the order of its cell."""
    return [walk.names.node[name] for name, w in walk.problem.model.weights._asdict().items() if w is not None]
