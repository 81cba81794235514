"""What each recorded value is called: ``h₂`` to read, ``h_2`` to type, and what its rows and columns are.

A value is labelled by its path: where it stands among the inputs, whose names the walk chose, or in the result.
"""

from typing import Any, NamedTuple

from rnnwalk.engine.backward import Clipped, Error, Learning
from rnnwalk.engine.cells.cell import Cell
from rnnwalk.engine.gradient_flow import LetterError
from rnnwalk.engine.network import Measure, Network, Output
from rnnwalk.engine.notes import Note, notes
from rnnwalk.text import subscript
from rnnwalk.trace.record import Path


class Label(NamedTuple):
    """key: as it is typed (``h_2``); symbol: as it is read (``h₂``); field: without the time (``h``);
    letter: the time step, from 1 (0: before the first, None: no time); group: "weight", "input", "target",
    "initial", "forward", "backward", "gradient", "setting" (of learning), "update" or "scaled"; note: what is said of it;
    weight: the weight that it belongs to, if it is a weight's gradient or what follows from it.
    """

    key: str
    symbol: str
    field: str
    letter: int | None
    group: str
    note: Note
    weight: str = ""

    @property
    def role(self) -> str:
        """What the value does: a role of the cell, or the kind of quantity that it is."""
        if self.group in ("weight", "input", "target", "gradient"):
            return self.group
        if self.group == "backward":
            return "gradient"
        if self.group == "initial":
            return "memory"
        if self.group == "update" and self.weight:
            return "weight"
        return self.note.role or "result"


INPUT = Note("xₜ", "k1", "The {letter}", "One-hot: a column of zeros with a single 1 at the {letter}'s row.")
TARGET = Note("targetₜ", "o1", "The true next {letter}", "One-hot, as the inputs are.")
RATE = Note("η", "11", "learning rate", "How far each weight goes against its gradient.")
LIMIT = Note("limit", "11", "longest gradient", "A longer gradient is made as short as this.")
SCALE = Note("s", "11", "scale of the memory", "Every matrix that reads the hidden state is multiplied by it.")
SETTINGS = {"rate": RATE, "limit": LIMIT, "scale": SCALE}


def label_of(path: Path, network: Network, letters: int = 0) -> Label:
    """The label of a value that stands at a path of a recorded pass over so many letters.

    The inputs are called "weight", "initial", "after", "input", "target", "optimiser", and by the names of SETTINGS.
    """
    head, field, cell = str(path[0]), str(path[-1]), network.cell
    if head in SETTINGS:
        return Label(head, SETTINGS[head].symbol, head, None, "setting", SETTINGS[head])
    if head == "weight":
        note = notes(cell.Weights)[field]
        return Label(field, note.symbol, field, None, "weight", note)
    if head == "initial":
        return timed(field, 0, "initial", notes(cell.State)[field])
    if head == "after":
        return timed(f"d{field}_time", letters, "backward", _error_notes(cell)[f"d{field}_time"])
    if head in ("input", "target"):  # of one letter, or a list of them
        letter = int(path[1]) + 1 if len(path) > 1 else letters
        return timed(*(("x", letter, head, INPUT) if head == "input" else ("target", letter, head, TARGET)))
    if head == "letters":
        record = cell.Step if path[2] == "step" else _output(network)
        return timed(field, int(path[1]) + 1, "forward", notes(record)[field])
    if head == "backward" and path[2] != "weight_grads":
        records = {"error": Error, "local_grads": cell.LocalGrads, "gate_grads": cell.GateGrads}
        return timed(field, int(path[1]) + 1, "backward", notes(records[str(path[2])])[field])
    if path == ("loss",):
        return Label(field, field, field, None, "forward", notes(Learning)[field])
    if head in ("scaled", "steps", "output", "dy", "arrived"):
        return _of_flow(path, network, letters)
    return _of_learning(path, cell)


def timed(field: str, letter: int, group: str, note: Note, weight: str = "") -> Label:
    """The label of a field at a letter: its symbol has the time put in, hₜ to h₂."""
    symbol = note.symbol.replace("ₜ₋₁", subscript(letter - 1)).replace("ₜ", subscript(letter))
    return Label(f"{field}_{letter}", symbol, field, letter, group, note, weight)


def _output(network: Network) -> Any:
    return Output if network.output == "softmax" else Measure


def _error_notes(cell: Cell) -> dict[str, Note]:
    return {**notes(Error), **notes(cell.GateGrads)}


def _of_flow(path: Path, network: Network, letters: int) -> Label:
    """The label of a value of ``engine.gradient_flow``."""
    cell, head, field = network.cell, path[0], str(path[-1])
    if head == "scaled":
        note = notes(cell.Weights)[field]
        scaled = Note(f"s·{note.symbol}", note.axes, f"{note.title}, scaled", "What the network here remembers with.")
        return Label(f"{field}_scaled", scaled.symbol, field, None, "scaled", scaled)
    if head == "steps":
        return timed(field, int(path[1]) + 1, "forward", notes(cell.Step)[field])
    if head == "output":
        return timed(field, letters, "forward", notes(_output(network))[field])
    if head == "dy":
        return timed(field, letters, "backward", notes(Error)[field])
    letter = int(path[1]) + 1
    if path[2] == "error":  # of h it is the whole error: no letter but the last has one of its own
        field = "dh" if field == "h" else f"d{field}_time"
        return timed(field, letter, "backward", _error_notes(cell)[field])
    records: dict[str, Any] = {"local_grads": cell.LocalGrads, "gate_grads": cell.GateGrads}
    return timed(field, letter, "backward", notes(records.get(str(path[2]), LetterError))[field])


def _of_learning(path: Path, cell: Cell) -> Label:
    """The label of a value of learning: what a letter adds to a gradient, the gradient, an update, an optimiser's memory."""
    head, field = str(path[0]), str(path[-1])
    if head == "clipped" and path[1] != "gradients":
        note = notes(Clipped)[field]
        return Label(field, note.symbol, field, None, "gradient", note)
    symbol, axes, title, *_ = notes(cell.Weights).get(field, Note(field, "11", field, ""))
    if head == "backward":
        text = "What this {letter} adds to the gradient of the weight, which the {letter}s share."
        note = Note(f"∂L/∂{symbol}ₜ", axes, f"Share of {title}", text)
        return timed(f"d{field}", int(path[1]) + 1, "backward", note, field)
    if head == "gradients":
        text = "How the loss of the {word} answers to the weight: the sum of what its {letter}s add."
        note = Note(f"∂L/∂{symbol}", axes, f"Gradient of {title}", text)
        return Label(f"d{field}", note.symbol, f"d{field}", None, "gradient", note, field)
    if head == "clipped":
        text = "The gradient times the factor of clipping."
        note = Note(f"∂L/∂{symbol}′", axes, f"Clipped gradient of {title}", text)
        return Label(f"d{field}_clipped", note.symbol, f"d{field}", None, "gradient", note)
    if head == "updated":
        text = "A step against the gradient, as long as the learning rate says."
        note = Note(f"{symbol}′", axes, f"New {title}", text)
        return Label(f"{field}_new", note.symbol, field, None, "update", note, field)
    memory = str(path[1])  # of "optimiser" and "next_state": velocity, squares, mean, power1, power2
    key = memory if memory == field else f"{memory}_{field}"
    written = memory if memory == field else f"{memory}({symbol})"
    note = Note(written, axes, f"The optimiser's {memory}", "What it remembers from one update to the next.")
    if head == "optimiser":
        return Label(key, written, key, None, "setting", note)
    return Label(f"{key}_new", f"{written}′", key, None, "update", note._replace(symbol=f"{written}′"))
