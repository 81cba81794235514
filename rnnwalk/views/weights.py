"""A model at a glance: each weight's shape, count and range of values."""

import re
from typing import TYPE_CHECKING

from rnnwalk.engine.notes import notes
from rnnwalk.model.model import Model
from rnnwalk.model.problem import LONG
from rnnwalk.model.symbols import revealed, shown, split
from rnnwalk.text import count, listed, size
from rnnwalk.views.network import purpose
from rnnwalk.views.page import Page, Prose, Table
from rnnwalk.walks.numbers import number

if TYPE_CHECKING:
    from rnnwalk.walks.course_notation import CourseNotation

NAME, SAME = re.compile(r"\b[Wb]\w+"), re.compile(r"; (\w+) is \1(?=[;.])")


def title_of(model: Model) -> str:
    """The word that a model comes with; a long one is cut."""
    word = model.word or ""
    parts = word[:LONG].split(" ") if model.joint else split(word[:LONG], model.by)
    return model.joint.join(map(shown, parts)) + "…" * (len(word) > LONG)


def frozen(model: Model) -> str:
    """What is not learned, to end a sentence with; nothing where everything is."""
    names = model.task.frozen
    return f"; {listed(names)} {'is' if len(names) == 1 else 'are'} frozen" if names else ""


def overview(model: Model, title: str, digits: int, course: "CourseNotation | None" = None) -> Page:
    """The weights of a model in a table, by their names in files or as the notation of courses calls them."""
    say = str if course is None else course.say
    rows = []
    for name, note in notes(type(model.weights)).items():
        w = getattr(model.weights, name)
        called = name if course is None else course.weight(note.symbol)
        if w is not None:
            ends = [number(float(v), digits) for v in (w.min(), w.mean(), w.max())]
            rows.append([called, size(w.shape), str(w.size), *ends, note.title])
        elif model.network.cell.FORM_ONLY_WEIGHTS.get(name, model.form) == model.form:
            rows.append([called, "", "0", "", "", "", f"{note.title}: not in the file, so 0"])
    whole = f"in all to be learned{frozen(model)}" if model.task.frozen else "in all"
    rows.append(["", "", str(model.parameters), "", "", "", whole])
    read, kind = (model.vocabulary, "symbol") if model.task.inputs is None else (model.task.inputs, "input")
    k = len(read)
    some = ", ".join(shown(symbol[:LONG]) for symbol in read[:40]) + (" …" if k > 40 else "")
    word = f" It comes with “{title_of(model)}”." if model.word else ""
    return Page(
        revealed(title),
        [
            Prose(
                f"Cell {model.cell} ({model.form}), {count(model.hidden, 'hidden unit')}, {count(k, kind)}: {some}.{word}"
            ),
            *([Prose(_layout(model.layout, course))] if model.layout else []),
            Prose(" ".join([purpose(model), *map(say, _besides(model))])),
            Table(
                ["weight", "shape", "numbers", "smallest", "mean", "largest", "what it is"],
                rows,
                frozenset({1, 2, 3, 4, 5}),
                roles=("weight", "", "", *["weight"] * 3, ""),
            ),
        ],
    )


def _layout(told: str, course: "CourseNotation | None") -> str:
    """How a file's names map, in the notation of courses without those that are the same there."""
    if course is None:
        return told
    return SAME.sub("", NAME.sub(lambda found: course.weight(found[0]), told))


def _besides(model: Model) -> list[str]:
    """What else a file says of its network, in sentences."""
    task, told = model.task, list[str]()
    if task.ranks:
        told.append(f"Of each {model.noun} its rank in the vocabulary is read, as a size.")
    if task.head:
        told.append(f"Between h and y stand dense layers: {listed(task.head)}.")
    if task.text is not None:
        told.append("Texts are cut into words by the rules in its 'text'.")
    return told
