"""A model at a glance: each weight's shape, count and range of values."""

from rnnwalk.engine.notes import notes
from rnnwalk.model.model import Model
from rnnwalk.model.problem import LONG
from rnnwalk.model.symbols import revealed, shown
from rnnwalk.text import count, size
from rnnwalk.views.page import Page, Prose, Table
from rnnwalk.walks.numbers import number


def title_of(model: Model) -> str:
    """The word that a model comes with; a long one is cut."""
    word = model.word or ""
    parted = model.by == "word" or model.task.inputs is not None
    parts = word[:LONG].split(" ") if parted else [word[:LONG]]
    return " ".join(map(shown, parts)) + "…" * (len(word) > LONG)


def overview(model: Model, title: str, digits: int) -> Page:
    """The weights of a model in a table."""
    rows = []
    for name, note in notes(type(model.weights)).items():
        w = getattr(model.weights, name)
        if w is None:
            rows.append([name, "", "0", "", "", "", f"{note.title}: not in the file, so 0"])
        else:
            ends = [number(float(v), digits) for v in (w.min(), w.mean(), w.max())]
            rows.append([name, size(w.shape), str(w.size), *ends, note.title])
    rows.append(["", "", str(model.parameters), "", "", "", "in all"])
    read, kind = (model.vocabulary, "symbol") if model.task.inputs is None else (model.task.inputs, "input")
    k = len(read)
    listed = ", ".join(shown(symbol[:LONG]) for symbol in read[:40]) + (" …" if k > 40 else "")
    word = f" It comes with “{title_of(model)}”." if model.word else ""
    return Page(
        revealed(title),
        [
            Prose(
                f"Cell {model.cell} ({model.form}), {count(model.hidden, 'hidden unit')}, {count(k, kind)}: {listed}.{word}"
            ),
            *([Prose(model.layout)] if model.layout else []),
            Table(
                ["weight", "shape", "numbers", "smallest", "mean", "largest", "what it is"],
                rows,
                frozenset({1, 2, 3, 4, 5}),
                roles=("weight", "", "", *["weight"] * 3, ""),
            ),
        ],
    )
