"""A model: a vocabulary, the equations, and weights that fit them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from rnnwalk.engine.cells import CELLS, cell_named
from rnnwalk.engine.cells.cell import Cell, State, Weights
from rnnwalk.engine.layers import EMBEDDING, HEIGHTS, weights_record
from rnnwalk.engine.network import Network
from rnnwalk.engine.notes import Array, notes, optional, replaced
from rnnwalk.errors import InputError, near
from rnnwalk.model.misread import check_shape, of_another_cell
from rnnwalk.model.symbols import revealed, some
from rnnwalk.model.task import NEXT_SYMBOL, Task, answer, check_task, numbers
from rnnwalk.text import begun, count, listed, size


@dataclass(frozen=True, eq=False, repr=False)  # arrays have no one answer to ==
class Model:
    """vocabulary: k symbols; cell and form: which equations; weights: the cell's Weights, float64, 2-D.

    before: the initial state, each part (n, 1); word: the one that it comes with, if any;
    origin: one sentence about where the numbers come from; by: what a symbol is ("letter" or "word");
    untrained: the weights are known not to have been learned; layout: a sentence on how their names in a file map;
    story: of a bundled example, what it shows; task: what goes in and what comes out; target: the answer that the
    word comes with, as it is written.
    """

    vocabulary: tuple[str, ...]
    cell: str
    form: str
    weights: Weights
    before: State
    origin: str
    word: str | None = None
    by: str = "letter"
    untrained: bool = False
    layout: str = ""
    story: str = ""
    task: Task = NEXT_SYMBOL
    target: str | None = None

    def __repr__(self) -> str:
        read = begun(some(self.task.inputs or self.vocabulary))
        large = f"{count(self.hidden, 'hidden unit')}, {count(self.parameters, 'number')} to be learned"
        return f"<Model of {self.network.cell.A_TITLE}: reads {read}; {large}; weights= takes it>"

    @cached_property
    def network(self) -> Network:
        task = self.task
        reads = "numbers" if task.inputs is not None else "vectors" if hasattr(self.weights, EMBEDDING) else "symbols"
        reads = "ranks" if task.ranks else reads
        return Network(cell_named(self.cell), self.form, task.kind, task.at, task.head, reads, task.frozen)

    def symbol(self, weight: str) -> str:
        """What equations call a weight: b, which the article's equation has, for what files call bh."""
        return notes(type(self.weights))[weight].symbol

    @property
    def answers(self) -> tuple[str, ...]:
        """What the rows of the output are called."""
        return self.task.names or self.vocabulary

    @property
    def joint(self) -> str:
        """What stands between two symbols."""
        return " " if self.by == "word" or self.task.inputs is not None else ""

    @property
    def noun(self) -> str:
        """What a symbol is called: "letter", "character" or "word"; of numbers, the "time step"."""
        return self.by if self.task.inputs is None else "time step"

    @property
    def hidden(self) -> int:
        """The number of hidden units, n."""
        return int(self.before.h.shape[0])

    @property
    def parameters(self) -> int:
        """How many numbers are learned."""
        weights = self.weights._asdict().items()
        return sum(w.size for name, w in weights if w is not None and name not in self.task.frozen)

    def one_hot(self, symbol: str) -> Array:
        """The column (k, 1) with a 1 at the symbol's row."""
        column = np.zeros((len(self.vocabulary), 1))
        column[self.vocabulary.index(symbol)] = 1
        return column

    @property
    def next_symbol(self) -> bool:
        """Whether it is of the default task: symbols in, the next one out after each."""
        return self.network.plain and self.task == NEXT_SYMBOL

    def check_feeds_back(self) -> None:
        """Raise InputError where the output cannot be the next input: of a network that only classifies, or measures."""
        task = self.task
        if task.inputs is None and task.names_next:
            return
        if task.inputs is not None and task.linear and len(self.answers) == len(task.inputs):
            return
        reads = "symbols" if task.inputs is None else f"{count(len(task.inputs), 'number')} at a step"
        like = "; classes, though they are called like symbols" * (set(self.answers) <= set(self.vocabulary))
        gives = (
            f"gives {count(len(self.answers), 'number')}"
            if task.linear
            else f"only classifies ({some(self.answers)}{like})"
        )
        raise InputError(
            f"generate feeds an answer back as what is read next; this network reads {reads} and {gives}, which is no next "
            "step to read"
        )

    def column(self, symbol: str) -> Array:
        """What is read at a step: the one-hot column of a symbol (v, 1), its rank (1, 1), or the numbers that it stands for (k, 1)."""
        if self.task.ranks:
            return np.array([[float(self.vocabulary.index(symbol))]])
        return self.one_hot(symbol) if self.task.inputs is None else numbers(symbol, self.task.inputs, "the input")

    def aim(self, text: str, where: str = "the target") -> Array:
        """The target (o, 1) that a text names; where: how a sentence calls it. Raises InputError."""
        return answer(text, self.task, self.vocabulary, where)

    def renamed(self, word: str, target: str | None = None) -> "Model":
        """The same model, to be saved with this word, and what is true of it where the word does not hold that."""
        return replace(self, word=word, target=target)


def check_form(cell: str, form: str | None, where: str) -> tuple[Cell, str]:
    """The cell and the form, the first one for None. Raises InputError for an unknown one."""
    if cell not in CELLS:
        raise InputError(f"{where}: unknown cell '{cell}'; known: {', '.join(CELLS)}{near(cell, CELLS)}")
    module = cell_named(cell)
    form = form or next(iter(module.FORMS))
    if form not in module.FORMS:
        others = [other for other in CELLS if form in cell_named(other).FORMS]
        known = f"; known: {', '.join(module.FORMS)}" if len(module.FORMS) > 1 else ", which has only one; leave it out"
        hint = f"; it is a form of {others[0]}" if others else near(form, module.FORMS)
        raise InputError(f"{where}: unknown form '{form}' of {cell}{known}{hint}")
    return module, form


def in_form(model: Model, form: str) -> Model:
    """The same weights under another form; what only that form has is left out (or 0)."""
    alone = model.network.cell.FORM_ONLY_WEIGHTS
    without = {name: None for name, owner in alone.items() if owner != form}
    return replace(model, form=form, weights=replaced(model.weights, **without))


def build(
    cell: str,
    vocabulary: tuple[str, ...],
    matrices: dict[str, Array],
    where: str,
    *,
    form: str | None = None,
    initial: dict[str, Array] | None = None,
    origin: str = "",
    task: Task = NEXT_SYMBOL,
    called: Mapping[str, str] | None = None,
    **rest: Any,
) -> Model:
    """A model from named matrices, each checked against the others. called: what a file calls matrices, where it has names
    of its own.

    Raises InputError that says what was found, what was expected, and from which other matrix that follows.
    """
    module, form = check_form(cell, form, where)
    check_task(task, vocabulary, where)
    record = weights_record(module.Weights, EMBEDDING in matrices, len(task.head))
    known, may_miss = notes(record), optional(record)
    theirs = {name: (called or {}).get(name, name) for name in known}
    said = {name: _said(name, [*theirs.values()].count(their), their) for name, their in theirs.items()}
    written = [*dict.fromkeys(theirs.values())]
    for name in matrices:
        if name not in known:
            if re.fullmatch(r"[Wb]dense[0-9]+", name):
                raise InputError(
                    f"{where}: {name} is there, but 'head' names {count(len(task.head), 'dense layer') if task.head else 'no dense layer'}; "
                    'it names the activation of each, as in "head": ["relu"]'
                )
            if name.lower() in ["a0", *[f"{state}0" for state in notes(module.State)]]:
                raise InputError(f"{where}: {name} is no weight; write '{name.lower()}' beside 'weights', not in it")
            raise InputError(
                f"{where}: unknown matrix '{name}'; a cell '{cell}' has {', '.join(written)}{of_another_cell(matrices.keys() - known.keys(), cell) or near(name, written)}"
            )
        if module.FORM_ONLY_WEIGHTS.get(name, form) != form:
            raise InputError(
                f"{where}: {said[name]} belongs to the form '{module.FORM_ONLY_WEIGHTS[name]}' of {cell}, but the form is '{form}'; "
                f'take {theirs[name]} out, or set "form": "{module.FORM_ONLY_WEIGHTS[name]}"'
            )
    for name in known:
        if name not in matrices and name not in may_miss:
            needed = dict.fromkeys(theirs[each] for each in known if each not in may_miss)
            raise InputError(f"{where}: matrix '{theirs[name]}' is missing; a cell '{cell}' needs {', '.join(needed)}")
    first = next(iter(notes(module.Weights)))  # its rows count the hidden units
    hidden, k = matrices[first].shape[0], len(vocabulary)
    units = matrices[first].shape[1]
    if EMBEDDING in matrices and (task.ranks or task.inputs is not None):
        raise InputError(
            f"{where}: {EMBEDDING} holds word vectors, which a network that reads numbers does not read; take it out"
        )
    if task.frozen and EMBEDDING not in matrices:
        raise InputError(
            f"{where}: 'frozen' names {EMBEDDING}, which is not among the weights; take it out, or add {EMBEDDING}"
        )
    tall = k if task.inputs is None else len(task.inputs)  # as x is
    if not task.ranks and EMBEDDING not in matrices and hidden == tall != units:
        outputs = matrices["Why"].shape
        shapes = [(units, units), (units, 1), (1, units)]
        if not all(
            matrix.shape == outputs for name, matrix in matrices.items() if name[0] == "W"
        ):  # as of decimal commas
            shapes += [(outputs[0], units), (units, outputs[1])]
        if any(matrix.shape in shapes for name, matrix in matrices.items() if name != first):
            each = f"{count(k, 'symbol')} of the vocabulary" if task.inputs is None else count(tall, "input")
            raise InputError(
                f"{where}: {said[first]} is {size(matrices[first].shape)} and looks transposed: expected a row for each hidden "
                f"unit and a column for each of the {each}"
            )
    if EMBEDDING in matrices and matrices[EMBEDDING].shape == (k, units) and k != units:
        raise InputError(
            f"{where}: {EMBEDDING} is {size((k, units))} and looks transposed: expected a column for each of the "
            f"{count(k, 'symbol')} of the vocabulary, its word vector"
        )
    symbols = (k, f"the vocabulary has {count(k, 'symbol')}")
    reasons = {
        "n": (hidden, f"{said[first]} has {hidden} row{'s' * (hidden != 1)}, so there {_are(hidden, 'hidden unit')}"),
        "k": symbols,
        "v": symbols,
        "o": symbols if task.names is None else (len(task.names), f"there {_are(len(task.names), 'output')}"),
        "1": (1, ""),
    }
    if task.inputs is not None:
        reasons["k"] = (len(task.inputs), f"there {_are(len(task.inputs), 'number')} to read at a step")
    if task.ranks:
        reasons["k"] = (1, "of each symbol one number is read, its rank")
    if EMBEDDING in matrices:
        height = matrices[EMBEDDING].shape[0]
        reasons["k"] = (height, f"{EMBEDDING} has {count(height, 'row')}, so a word vector has so many numbers")
    for i, height in enumerate(HEIGHTS[: len(task.head)], start=1):
        rows = matrices[f"Wdense{i}"].shape[0]
        reasons[height] = (rows, f"Wdense{i} has {count(rows, 'row')}")
    for name, matrix in matrices.items():
        check_shape(said[name], matrix, known[name], reasons, where)
    given = initial or {}
    states = notes(module.State)
    for name in given:
        if name not in states:
            has = [(called or {}).get(f"{state}0", f"{state}0") for state in states]
            raise InputError(
                f"{where}: unknown initial state '{name}0'; a cell '{cell}' has {listed(has)}"
                f"{near(f'{name}0', [] if given.keys() & states else has)}"
            )
        key = f"{name}0"
        check_shape(_said(key, 1, (called or {}).get(key, key)), given[name], states[name], reasons, where)
    before = module.State(*[given.get(name, np.zeros((hidden, 1))) for name in states])
    weights = record(**{name: matrices.get(name) for name in known})
    return Model(vocabulary, cell, form, weights, before, revealed(origin), task=task, **rest)


def _are(number: int, noun: str) -> str:
    return f"{'is' if number == 1 else 'are'} {count(number, noun)}"


def _said(name: str, parts: int, theirs: str) -> str:
    """What a sentence calls a matrix that a file calls otherwise, and of several that the file has in one, its part."""
    return f"the part {name} of {theirs}" if parts > 1 else name if name == theirs else f"{theirs} ({name})"
