"""The opening of a walk: the unrolled network, the letters as columns, the weights and their shapes."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np

from rnnwalk.engine.notes import notes
from rnnwalk.marked import Marked
from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import shown, width
from rnnwalk.text import count, size, subscript
from rnnwalk.trace.record import Node
from rnnwalk.views import questions
from rnnwalk.views.cell import equations, matrices_called
from rnnwalk.views.memory import memory
from rnnwalk.views.page import Block, Equation, Fitted, LazyPage, Matrices, Matrix, Page, Prose, Table
from rnnwalk.views.sentences import sentence, title
from rnnwalk.walks.numbers import decimals
from rnnwalk.walks.walk import Walk

ROLES = ("target", "", "result", "weight", "memory", "weight", "input", "", "input")  # of the rows of the drawing


def opening(walk: Walk, digits: int) -> list[LazyPage]:
    """The pages before the first letter; the article's own steps need no page of equations."""
    stepwise = walk.problem.model.network.cell.ARTICLE_STEPS
    equations_page = [] if stepwise else [LazyPage("The cell", partial(equations, walk, digits))]
    return [
        LazyPage("The network, unrolled", partial(network, walk, digits)),
        LazyPage(f"The {walk.problem.noun}s as numbers", partial(letters, walk)),
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
            f"A recurrent network reads “{problem.title}” one {noun} at a time. After each {noun} it says which "
            f"one it expects next. What it has read so far it carries along as {carried}."
        ),
        Fitted(partial(unrolled, problem)),
        Prose(f"It is one cell, drawn once for each {noun}: the same weights are used every time. {model.origin}"),
        *memory(walk, digits),
    ]
    return Page("The network, unrolled", blocks)


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
    columns = []
    for i in steps:
        if i is None:
            columns.append([" ", " ", " ", " ", spell(" … "), " ", " ", " ", " "])
            continue
        t = subscript(i + 1)
        cells = [
            shown(problem.symbols[i + 1]),
            "↑",
            f"y{t}",
            "↑ Why",
            f"[ {' '.join(f'{name}{t}' for name in reversed(state))} ]",
            f"↑ {Wx}",
            f"x{t}",
            "↑",
            shown(problem.symbols[i]),
        ]
        columns.append([spell(cell) for cell in cells])
    start, arrow = spell(" ".join(f"{name}₀" for name in reversed(state))), spell(f" ─{Wh}→ ")
    margin = max(width(start + arrow), 11)
    widths = [max(map(width, column)) for column in columns]
    lines: list[str] = []
    for row, (before, role) in enumerate(
        zip(["says next: ", "", "", "", start, "", "", "", "reads:"], ROLES, strict=True)
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


def letters(walk: Walk) -> Page:
    """The vocabulary and its one-hot columns."""
    problem, model = walk.problem, walk.problem.model
    heads = [shown(symbol) for symbol in model.vocabulary]
    k = len(heads)
    pairs = ", ".join(f"{shown(a)} → {shown(b)}" for a, b in pairwise(problem.symbols[:9])) + (
        " …" if walk.length > 8 else ""
    )
    blocks: list[Block] = [
        Prose(
            f"The vocabulary has {count(k, 'symbol')}: {', '.join(heads[:40])}{' …' if k > 40 else ''}. "
            f"A network computes with numbers, so each {problem.noun} becomes a column of {count(k, 'number')} with a single 1, in "
            "its own row: one-hot."
        ),
        Equation([Matrix("one-hot columns", np.eye(k, dtype=np.int8), heads, heads, 0, "input")]),
        Prose(f"What it should say next, step by step: {pairs}."),
    ]
    return Page(f"The {problem.noun}s as numbers", blocks)


def shapes(walk: Walk) -> Page:
    """Each weight with its shape, why it has that shape, and its number of parameters."""
    model = walk.problem.model
    rows = []
    for node in _weights(walk):
        note = walk.names.labels[node].note
        why = f"{title(walk.names, node)}: {sentence(walk.names, node)}"
        rows.append([note.symbol, size(node.shape), str(node.value.size), why])
    rows.append(["", "", str(model.parameters), "numbers to be learned, whatever the length of the text"])
    blocks: list[Block] = [
        Prose(
            "A rows × columns matrix turns a column with as many numbers as it has columns into one with as many as it has rows."
        ),
        Table(["weight", "shape", "numbers", "why that shape"], rows, frozenset({1, 2}), roles=("weight", "", "", "")),
        *questions.shapes(model),
    ]
    return Page("The weights and their shapes", blocks)


def weights(walk: Walk, digits: int) -> Page:
    """The weights themselves: columns headed by letters, rows by hidden unit."""
    names, model = walk.names, walk.problem.model
    blocks: list[Block] = [
        Prose(f"{model.origin} Columns are headed by what they are multiplied with, rows by what they give."),
        Prose(
            f"Numbers are shown with {count(digits, 'decimal')} at most and computed with all of them: ≈ stands for = where the "
            "rounding shows."
        ),
    ]
    drawn = [
        Matrix(
            names.labels[node].symbol,
            node.value,
            names.heads(node, 0),
            names.heads(node, 1),
            decimals(node, digits),
            names.labels[node].role,
        )
        for node in _weights(walk)
    ]
    blocks.append(Matrices(drawn))
    return Page("The weights", blocks)


def _weights(walk: Walk) -> list[Node]:
    """The weights that the model has, in the order of its cell."""
    return [walk.names.node[name] for name, w in walk.problem.model.weights._asdict().items() if w is not None]
