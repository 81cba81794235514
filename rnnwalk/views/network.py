"""The first page: the network, unrolled, one cell drawn once for each letter."""

from collections.abc import Callable
from functools import partial

from rnnwalk.engine.notes import notes, with_axes
from rnnwalk.marked import Marked, joined
from rnnwalk.model.model import Model
from rnnwalk.model.problem import BESIDE, Problem
from rnnwalk.model.symbols import width
from rnnwalk.text import count, listed, subscript
from rnnwalk.views import live
from rnnwalk.views.cell import matrices_called
from rnnwalk.views.inputs import told_names
from rnnwalk.views.live import recorded, sentence
from rnnwalk.views.memory import memory
from rnnwalk.views.page import Block, Fitted, Page, Prose
from rnnwalk.walks.walk import Walk

ROLES = ("target", "", "result", "weight", "memory", "weight", "input", "", "input")  # of the rows of the drawing


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
                f"” {_one_by_one(problem)}. {purpose(model)} What it has read so far it carries along as {carried}.",
            )
        ),
        Fitted(partial(unrolled, problem), dated=True, name=_heard(problem)),
        Prose(
            sentence(
                f"It is one cell, drawn once for each {noun}: the same weights are used every time. ",
                recorded(model.origin),
            )
        ),
        *_together(model),
        *memory(walk, digits),
    ]
    return Page("The network, unrolled", blocks)


def _heard(problem: Problem) -> str:
    """What the drawing shows."""
    said = (
        "after each, an output and what it should say"
        if problem.model.task.at == "every"
        else "an output after the last"
    )
    return f"The unrolled network: a cell for each of {count(problem.length, problem.noun)}, from each an arrow to the next; {said}"


def _together(model: Model) -> list[Block]:
    """Which matrices a name in the drawing stands for, where a cell has several of a kind."""
    parts = [
        f"{matrices_called(model, axes)} stands for {listed(found)}"
        for axes in ("nk", "nn")
        if len(found := with_axes(type(model.weights), axes)) > 1
    ]
    return [Prose(f"In the drawing {', and '.join(parts)}.")] if parts else []


def _one_by_one(problem: Problem) -> str:
    beside = f"({problem.together}) side by side, " if problem.beside else ""
    return beside + ("step by step" if problem.model.task.inputs is not None else f"one {problem.noun} at a time")


def purpose(model: Model) -> str:
    """When it says something, and what."""
    task, noun = model.task, model.noun
    when = f"After each {noun}" if task.at == "every" else f"After the last {noun}"
    if task.names_next:
        return f"{when} it says which one comes next."
    names = told_names(model.answers, "and" if task.linear else "or")
    if task.linear:
        return f"{when} it gives {count(len(model.answers), 'number')}: {names}."
    return f"{when} it says which of these it is: {names}."


def story(problem: Problem) -> list[Block]:
    """What a bundled example shows; nothing for any other model."""
    return [Prose(problem.model.story, dated=True)] if problem.model.story else []


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
    widths = [max(map(width, column)) for column in columns]
    margin = max(width(start + arrow), width("should say:") + (width(columns[0][0]) == widths[0]))
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
