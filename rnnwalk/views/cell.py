"""The cell itself: its equations in order, each in words; and the GRU's three forms side by side."""

from dataclasses import replace

from rnnwalk.errors import InputError
from rnnwalk.model.model import Model
from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import shown
from rnnwalk.views import sentences
from rnnwalk.views.page import Block, Page, Prose, Table
from rnnwalk.walks.formulas import Formulas
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk

FORMS = {
    "chung2014": "n = tanh(Wxn·x + Whn·(r⊙h₋) + bn) and h = z⊙n + (1 − z)⊙h₋ (the source article's; z is the share of what is new)",
    "cho2014": "the same n, but h = (1 − z)⊙n + z⊙h₋ (Keras with reset_after=False; z is the share of what is kept)",
    "pytorch": "n = tanh(Wxn·x + bn + r⊙(Whn·h₋ + bhn)) and h = (1 − z)⊙n + z⊙h₋ (PyTorch, cuDNN, Keras by default: r comes after Whn)",
}


def equations(walk: Walk, digits: int) -> Page:
    """The equations of one step, in order and in words; for a GRU also the form and how the others differ."""
    model, write = walk.problem.model, Formulas(walk.names, digits)
    nodes = [node for node in walk.trace.result.letters[0].step if node is not None]
    rows = [[sentences.title(walk, node), write.equation(node), sentences.sentence(walk, node)] for node in nodes]
    blocks: list[Block] = [
        Prose(
            f"The cell is {'an' if model.cell == 'lstm' else 'a'} {model.network.cell.TITLE}. Inside, one step is these equations, here for the first "
            f"{walk.problem.noun}; ⊙ multiplies number by number, σ(z) = 1/(1 + e⁻ᶻ) gives a share between 0 and 1."
        ),
        Table(["", "equation", "in words"], rows),
    ]
    if model.cell == "gru":
        blocks += _forms(walk, digits)
    return Page("The cell", blocks)


def _forms(walk: Walk, digits: int) -> list[Block]:
    model = walk.problem.model
    others = [form for form in FORMS if form != model.form]
    rows = []
    for form in FORMS:
        h = Walk(Problem(in_form(model, form), walk.problem.symbols[:2])).at("h", 1).value[:, 0]
        rows.append([form + (" ← here" if form == model.form else ""), _numbers(h.tolist(), digits)])
    return [
        Prose(
            f"Three forms of the GRU are in use, and the same weights give different numbers. This is {model.form}: "
            f"{FORMS[model.form]}."
        ),
        *[Prose(f"{form}: {FORMS[form]}.") for form in others],
        Table(["form", "h₁ from the same weights"], rows),
        *([Prose("The bias bhn is the pytorch form's own: the other two do without it.")] if _lonely(model) else []),
    ]


def comparison(problem: Problem, digits: int) -> Page:
    """The whole word under each form of the GRU: hidden states, predictions and losses, side by side."""
    walks = in_every_form(problem)
    rows = []
    for t in range(1, len(problem.symbols)):
        for form, walk in walks.items():
            said, loss = walk.predictions[t - 1], float(walk.at("loss", t).value[0, 0])
            first = form == next(iter(FORMS))
            rows.append(
                [
                    str(t) if first else "",
                    shown(problem.inputs[t - 1]) if first else "",
                    form,
                    _numbers(walk.at("h", t).value[:, 0].tolist(), min(digits, 4)),
                    shown(said),
                    shown(problem.targets[t - 1]),
                    number(loss, digits),
                ]
            )
    rows += [["", "", form, "", "", "all", number(walk.loss, digits)] for form, walk in walks.items()]
    blocks: list[Block] = [Prose(f"{form}: {text}.") for form, text in FORMS.items()]
    if _lonely(problem.model):
        blocks.append(Prose("The bias bhn is the pytorch form's own: the other two do without it."))
    blocks.append(Table(["t", "reads", "form", "hidden state h", "says", "truth", "loss"], rows, frozenset({0, 6})))
    return Page(f"“{problem.title}” under the three forms of the GRU, from the same weights", blocks)


def in_every_form(problem: Problem) -> dict[str, Walk]:
    """The walk under each form of the GRU, from the same weights; raises InputError for another cell."""
    if problem.model.cell != "gru":
        raise InputError("--form all compares the forms of a GRU: add --cell gru, or give the weights of one")
    return {form: Walk(Problem(in_form(problem.model, form), problem.symbols)) for form in FORMS}


def in_form(model: Model, form: str) -> Model:
    """The same weights under another form; what only that form has is left out (or 0)."""
    only = model.network.cell.ONLY
    kept = {name: None for name, owner in only.items() if owner != form}
    return replace(model, form=form, weights=model.weights._replace(**kept))


def _lonely(model: Model) -> bool:
    return any(getattr(model.weights, name) is not None for name in model.network.cell.ONLY)


def _numbers(values: list[float], digits: int) -> str:
    texts = [number(value, digits) for value in values]
    return "  ".join(texts if len(texts) <= 4 else [*texts[:3], f"… ({len(texts)})"])
