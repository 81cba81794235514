"""The picture of the idea: the unrolled network is a deep one, whose layers share their weights."""

from collections.abc import Callable
from functools import partial

from rnnwalk.engine.notes import notes
from rnnwalk.marked import Marked, Part
from rnnwalk.model.model import Model
from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import width
from rnnwalk.text import SUBSCRIPTS
from rnnwalk.views.cell import matrices_called
from rnnwalk.views.network import story
from rnnwalk.views.page import Fitted, Page, Prose, Question, Table

KINDS = {
    "nk": "reading the {noun}",
    "nn": "remembering",
    "n1": "biases",
    "on": "the scores",
    "o1": "biases of the scores",
    "kv": "word vectors",
}

ROLES = ("input", "weight", "memory", "", "gradient")  # of the rows of the drawing


def as_deep_network(problem: Problem) -> Page:
    """The network as a perceptron with a layer for each symbol, and how many numbers are to be learned."""
    model, noun, layers = problem.model, problem.noun, len(problem.inputs)
    exact = (
        f"with weights of its own for each layer, this network could read exactly {layers} {noun}s, and would have {layers} "
        f"times as many numbers to learn{'' if model.task.at == 'every' else ' before the output'}"
        if layers > 1
        else f"with weights of its own for each layer, it would need new ones for every {noun} that is added"
    )
    return Page(
        "The unrolled network is a deep one",
        [
            *story(problem),
            Prose(
                f"Unrolled over “{problem.title}”, the network is a multilayer perceptron with {_layers(layers)}, one for each "
                f"{noun} that it reads. Each layer has an input of its own, but all layers share the same weights. Here the "
                "loss L of the last one alone is followed: forward it is computed to the right, its error goes back to the left."
            ),
            Fitted(partial(picture, problem)),
            _counts(model, noun, layers),
            Question(
                "Why share the weights?",
                f"What is learned at one place of a text works at every place, and a longer text needs no new weights: {exact}. "
                "The price: every layer multiplies the error by much the same "
                "matrix, so over many layers it shrinks or grows like a power.",
            ),
        ],
    )


def _counts(model: Model, noun: str, layers: int) -> Table:
    rows: dict[str, tuple[int, int]] = {}
    kinds = KINDS | ({"on": "the output", "o1": "biases of the output"} if model.task.linear else {})
    for name, note in notes(type(model.weights)).items():
        w = getattr(model.weights, name)
        if w is None or name in model.task.frozen:
            continue
        reads = note.axes[0] in "kn"  # used at each layer; the others make the output
        kind = kinds.get("on" if name == "Why" else note.axes, "dense layers")
        count, apart = rows.get(kind, (0, 0))
        rows[kind] = (count + w.size, apart + w.size * (layers if reads or model.task.at == "every" else 1))
    named = [[kind.format(noun=noun), str(count), str(apart)] for kind, (count, apart) in rows.items()]
    total = ["in all", str(model.parameters), str(sum(apart for _, apart in rows.values()))]
    return Table(["numbers to learn", "shared", f"a set for each of {layers}"], [*named, total], frozenset({1, 2}))


def picture(problem: Problem, columns: int, spell: Callable[[str], str]) -> list[str]:
    """The layers side by side, inputs above, the error under them; a long text loses its middle."""
    last = problem.length
    network = problem.model.network
    into, over = (spell(matrices_called(problem.model, axes)).rstrip("….") for axes in ("nk", "nn"))
    called = [into + spell("·E") * network.embedded, over, spell("dense─") * bool(network.head)]
    for drawn in range(min(last, columns // 12), 0, -1):
        steps = list(range(1, last + 1)) if drawn == last else [*range(1, drawn), None, last]
        lines = _picture(problem, steps, called, spell)
        if max(map(width, lines)) <= columns:
            return lines
    return lines


def _picture(problem: Problem, steps: list[int | None], called: list[str], spell: Callable[[str], str]) -> list[str]:
    into, over, dense = called
    layers = []
    for t in steps:
        if t is None:
            layers.append(["", "", spell("…"), "", spell("…")])
            continue
        sub = str(t).translate(SUBSCRIPTS)
        name, *rest = map(spell, (problem.named(problem.symbols[t - 1]), f"[ h{sub} ]", f"layer {t}", f"∂L/∂h{sub}"))
        layers.append([name, f"{spell('↓')} {into}", *rest])
    sub = str(problem.length).translate(SUBSCRIPTS)
    line, right, left, turned = map(spell, "─→←ᵀ")
    out, scores, loss, back, error = map(spell, ("Why→ ", f"y{sub}", " → L", "Whyᵀ─ ", f"∂L/∂y{sub}"))
    state, on = spell("h₀"), f" {line}{over}{right} "
    starts: list[list[Part]] = [[("reads", "")], [], [(state, "memory"), (on, "weight")], [], [("error", "")]]
    joints = ["", "", on, "", f" {left}{over}{turned}{line} "]
    ends: list[list[Part]] = [
        [],
        [],
        [(f" {line}{dense}{out}", "weight"), (scores, "result"), (loss, "")],
        [],
        [(f" {left}{dense}{back}", "weight"), (error, "gradient")],
    ]
    room, gap = max(len(Marked(start)) for start in starts), max(map(len, joints))
    lines: list[str] = []
    for row, role in enumerate(ROLES):
        parts = [*starts[row], (" " * (room - len(Marked(starts[row]))), "")]
        for layer in layers:
            parts += [(_padded(layer[row], max(map(width, layer))), role), (f"{joints[row]:^{gap}}", "weight")]
        parts = [*parts[:-1], *ends[row]]
        if not ends[row]:
            parts[-1] = (parts[-1][0].rstrip(), role)
        lines.append(Marked(parts))
    return lines


def _padded(text: str, wide: int) -> str:
    left = (wide - width(text)) // 2 if not text.startswith(("↓", "v ")) else (wide - 1) // 2
    left = min(left, wide - width(text))
    return " " * left + text + " " * (wide - left - width(text))


def _layers(count: int) -> str:
    return f"{count} layer{'s' * (count != 1)}"
