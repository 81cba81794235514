"""The cell itself: its equations in order, each in words; and its forms side by side."""

from itertools import groupby

from rnnwalk.engine.cells import CELLS, cell_named
from rnnwalk.engine.cells.cell import Cell, stage_of
from rnnwalk.engine.notes import notes, with_axes
from rnnwalk.errors import InputError
from rnnwalk.model.model import Model, in_form
from rnnwalk.model.problem import LONG_TEXT, Problem
from rnnwalk.model.symbols import shown
from rnnwalk.text import beginning, in_words, subscript
from rnnwalk.views import questions, sentences
from rnnwalk.views.notation import said
from rnnwalk.views.page import Block, Page, Picture, Prose, Table
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.numbers import number
from rnnwalk.walks.walk import Walk


def matrices_called(model: Model, axes: str) -> str:
    """What the matrices of some axes ("nk": those that read x, "nn": those that read h) are called together: Whh, or Wh…"""
    found = with_axes(type(model.weights), axes)
    return found[0] if len(found) == 1 else beginning(found) + "…"


def equations(walk: Walk, digits: int) -> Page:
    """The equations of one step, in order and in words; and, where a cell has several forms, how the others differ."""
    names, cell, derivations = walk.names, walk.problem.model.network.cell, Derivations(walk.names, digits)
    nodes = [node for node in walk.trace.result.letters[0].step if node is not None]
    blocks: list[Block] = [
        Prose(
            f"The cell is {cell.A_TITLE}. Inside, one step is these equations, here for the first "
            f"{walk.problem.noun}; ⊙ multiplies number by number, σ(z) = 1/(1 + e^−z) gives a share between 0 and 1."
        ),
    ]
    drawn = picture(walk)
    blocks += [*([drawn] if drawn else []), *_halves(walk)]
    fields = {node: names.labels[node].field for node in nodes}
    for stage, among in groupby(nodes, lambda node: stage_of(cell, fields[node])):
        if stage is not None:
            blocks.append(Prose(f"{cell.STAGES.index(stage) + 1} · {stage.title}. {stage.text}"))
        rows = [
            [
                sentences.title(names, node),
                derivations[node].short or derivations[node].equation,
                sentences.sentence(names, node),
            ]
            for node in among
        ]
        blocks.append(
            Table(["", "equation", "in words"], rows, name=stage.title if stage else "The equations of a step")
        )
    blocks += questions.cell(walk)
    if differ(cell):
        blocks += _forms(walk, digits)
    return Page("The cell", blocks)


def _halves(walk: Walk) -> list[Prose]:
    """What the course's product with two columns on top of each other means here, where two products are computed."""
    names, kind = walk.names, type(walk.problem.model.weights)
    if names.course is None:
        return []
    Wx, Wh = (names.symbol(names.node[with_axes(kind, axes)[0]]) for axes in ("nk", "nn"))
    W = beginning([Wx, Wh])
    return [
        Prose(
            f"{W}·[a⟨t−1⟩, x⟨t⟩] is a product with a⟨t−1⟩ on top of x⟨t⟩. {W} is two matrices side by side, [{Wh} {Wx}], so the "
            f"product is {Wx}·x⟨t⟩ + {Wh}·a⟨t−1⟩: that is what is drawn and computed here."
        )
    ]


def picture(walk: Walk) -> Picture | None:
    """The cell drawn, in the notation of the walk, where it has a picture of its form."""
    model, course = walk.problem.model, walk.names.course
    drawn = model.network.cell.PICTURES.get(model.form)
    if drawn is None:
        return None
    written = str if course is None else course.redraw
    roles = {
        written(field): str(note.role)
        for field, note in notes(type(walk.trace.result.letters[0].step)).items()
        if note.role
    }
    name = f"{model.network.cell.A_TITLE} drawn: what its equations say"
    return Picture([written(line) for line in drawn.splitlines()], roles, name[:1].upper() + name[1:])


def differ(cell: Cell) -> bool:
    """True for a cell whose forms are told apart, and so can be compared."""
    return all(cell.FORMS.values())


def _forms(walk: Walk, digits: int) -> list[Block]:
    model, cell = walk.problem.model, walk.problem.model.network.cell
    rows = []
    # At the first letter there may be no memory yet that they could treat differently.
    last = min(2, walk.problem.length)
    whose = f" of {walk.problem.whole} 1" if walk.problem.beside else ""
    for form in cell.FORMS:
        h = Walk(walk.problem._replace(model=in_form(model, form)).begun(last)).at("h", last).value[:, 0]
        rows.append([form + (" ← here" if form == model.form else ""), _numbers(h.tolist(), digits)])
    return [
        Prose(
            f"{in_words(len(cell.FORMS)).capitalize()} forms of the {cell.NAME.upper()} are in use, and the same weights "
            f"may give different numbers. This is {model.form}: {cell.FORMS[model.form]}."
        ),
        *[Prose(f"{form}: {text}.") for form, text in cell.FORMS.items() if form != model.form],
        Table(
            ["form", f"h{subscript(last)}{whose} from the same weights"], rows, dated=True, name="The forms of the cell"
        ),
        *_alone(model),
    ]


def comparison(problem: Problem, digits: int, letter: int | None = None, notation: str = "article") -> Page:
    """The whole word, or one letter, under each form of the cell: hidden states, predictions and losses, side by side."""
    if letter is not None:
        problem.check_letter(letter)
    elif problem.length > LONG_TEXT:
        raise InputError(
            f"--form all shows every {problem.noun}, of at most {LONG_TEXT:,}, and the text has {problem.length:,}; add --letter, "
            "or take a part of it"
        )
    walks, cell = in_every_form(problem, notation), problem.model.network.cell
    rows = []
    for t in [letter] if letter is not None else range(1, problem.length + 1):
        for i, (form, walk) in enumerate(walks.items()):
            truth = problem.truth(t)
            rows.append(
                [
                    "" if i else str(t),
                    "" if i else shown(problem.inputs[t - 1]),
                    form,
                    _numbers(walk.at("h", t).value[:, 0].tolist(), min(digits, 4) if letter is None else digits),
                    shown(walk.prediction(t)) if problem.says(t) else "",
                    shown(truth or ""),
                    "" if truth is None else number(float(walk.at("loss", t).value[0, 0]), digits),
                ]
            )
    if letter is None and problem.targets:
        rows += [["", "", form, "", "", "all", number(walk.loss, digits)] for form, walk in walks.items()]
    blocks: list[Block] = [Prose(f"{form}: {text}.") for form, text in cell.FORMS.items()]
    blocks += _alone(problem.model)
    blocks.append(Table(["t", "reads", "form", "hidden state h", "says", "truth", "loss"], rows, frozenset({0, 6})))
    forms = f"the {in_words(len(walks))} forms of the {cell.NAME.upper()}"
    names = next(iter(walks.values())).names
    return said(Page(f"“{problem.title}” under {forms}, from the same weights", blocks), names.course)


def in_every_form(problem: Problem, notation: str = "article") -> dict[str, Walk]:
    """The walk under each form of the cell, from the same weights; raises InputError for a cell whose forms do not differ."""
    cell = problem.model.network.cell
    if not differ(cell):
        able = [name for name in CELLS if differ(cell_named(name))]
        kinds, choices = " or ".join(map(str.upper, able)), " or ".join(f"--cell {name}" for name in able)
        raise InputError(f"--form all compares the forms of a {kinds}: add {choices}, or give the weights of one")
    return {form: Walk(problem._replace(model=in_form(problem.model, form)), notation=notation) for form in cell.FORMS}


def _alone(model: Model) -> list[Block]:
    """What is to be said of weights that one form alone has."""
    cell = model.network.cell
    others = in_words(len(cell.FORMS) - 1)
    return [
        Prose(f"The bias {name} is the {form} form's own: the other {others} do without it.")
        for name, form in cell.FORM_ONLY_WEIGHTS.items()
        if getattr(model.weights, name) is not None
    ]


def _numbers(values: list[float], digits: int) -> str:
    texts = [f"{number(value, digits):>{digits + 3}}" for value in values]  # of a state, from −1 to 1
    return "  ".join(texts if len(texts) <= 4 else [*texts[:3], f"… ({len(texts)})"])
