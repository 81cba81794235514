"""What each recorded value is called: ``h₂`` to read, ``h_2`` to type, and what its rows and columns are."""

from types import ModuleType
from typing import NamedTuple

from rnnwalk.engine.backward import Clipped, Error, Learning
from rnnwalk.engine.gradient_flow import Arrived
from rnnwalk.engine.network import Measure, Network, Output
from rnnwalk.engine.notes import Note, notes
from rnnwalk.trace.record import Path

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


class Label(NamedTuple):
    """key: as it is typed (``h_2``); symbol: as it is read (``h₂``); field: without the time (``h``);
    letter: the time step, from 1 (0: before the first, None: no time); group: "weight", "input", "target",
    "initial", "forward", "backward", "gradient", "setting" (of learning) or "update"; note: its teaching note.
    """

    key: str
    symbol: str
    field: str
    letter: int | None
    group: str
    note: Note


INPUT = Note("xₜ", "k1", "The letter", "One-hot: a column of zeros with a single 1 at the letter's row.")
TARGET = Note("targetₜ", "o1", "The true next letter", "One-hot, as the inputs are.")


def subscript(number: int) -> str:
    """The number as it stands below the line: ₁₂."""
    return str(number).translate(SUBSCRIPTS)


def timed(symbol: str, letter: int) -> str:
    """The symbol with its time put in: hₜ to h₂."""
    return symbol.replace("ₜ₋₁", subscript(letter - 1)).replace("ₜ", subscript(letter))


def label_of(path: Path, network: Network, letters: int = 0) -> Label:
    """The name of a value that stands at a path of a recorded pass over so many letters."""
    cell, field = network.cell, str(path[-1])
    if path[0] == "w":
        return Label(field, notes(cell.Weights)[field].symbol, field, None, "weight", notes(cell.Weights)[field])
    if path[0] == "before":
        return _timed(field, 0, "initial", notes(cell.State)[field])
    if path[0] == "after":
        return _timed(f"d{field}_time", letters, "backward", {**notes(Error), **notes(cell.Back)}[f"d{field}_time"])
    if path[0] == "xs":
        return _timed("x", int(path[1]) + 1, "input", INPUT)
    if path[0] == "targets":
        return _timed("target", int(path[1]) + 1, "target", TARGET)
    if path[0] == "letters":
        record = cell.Step if path[2] == "step" else Output if network.output == "softmax" else Measure
        return _timed(field, int(path[1]) + 1, "forward", notes(record)[field])
    if path[0] == "backward" and path[2] != "shares":
        record = {"error": Error, "slopes": cell.Slopes, "back": cell.Back}[str(path[2])]
        return _timed(field, int(path[1]) + 1, "backward", notes(record)[field])
    if path == ("loss",):
        return Label(field, field, field, None, "forward", notes(Learning)[field])
    if path[0] in ("scale", "target", "scaled", "steps", "output", "dy", "arrived"):
        return _travelled(path, network, letters)
    return _learned(path, cell)


SCALE = Note("s", "11", "scale of the memory", "Every matrix that reads the hidden state is multiplied by it.")


def _travelled(path: Path, network: Network, letters: int) -> Label:
    """The name of a value of ``engine.flow.journey``."""
    cell, where, field = network.cell, path[0], str(path[-1])
    if where == "scale":
        return Label(field, SCALE.symbol, field, None, "setting", SCALE)
    if where == "target":
        return _timed(field, letters, "target", TARGET)
    if where == "scaled":
        note = notes(cell.Weights)[field]
        scaled = Note(f"s·{note.symbol}", note.axes, f"{note.title}, scaled", "What the network here remembers with.")
        return Label(f"{field}_scaled", scaled.symbol, field, None, "scaled", scaled)
    if where == "steps":
        return _timed(field, int(path[1]) + 1, "forward", notes(cell.Step)[field])
    if where in ("output", "dy"):
        known = notes(Output if network.output == "softmax" else Measure) if where == "output" else notes(Error)
        return _timed(field, letters, "forward" if where == "output" else "backward", known[field])
    letter = int(path[1]) + 1
    if path[2] == "error":  # of h it is the whole error: no letter but the last has one of its own
        field = "dh" if field == "h" else f"d{field}_time"
        return _timed(field, letter, "backward", {**notes(Error), **notes(cell.Back)}[field])
    record = {"slopes": cell.Slopes, "back": cell.Back}.get(str(path[2]), Arrived)
    return _timed(field, letter, "backward", notes(record)[field])


SHARE = "What this letter adds to the gradient of the weight, which the letters share."
GRADIENT = "How the loss of the word answers to the weight: the sum of what its letters add."
ALL_UNITS = " One number serves every hidden unit, so it collects one sum over all of them."


def _learned(path: Path, cell: ModuleType) -> Label:
    """The name of a value of learning: a weight's share, gradient, update, or what the optimiser remembers."""
    where, field = str(path[0]), str(path[-1])
    if where in ("rate", "limit"):
        symbol, title, text = {
            "rate": ("η", "learning rate", "How far each weight goes against its gradient."),
            "limit": ("limit", "longest gradient", "A longer gradient is made as short as this."),
        }[where]
        return Label(field, symbol, field, None, "setting", Note(symbol, "11", title, text))
    if where == "clipped" and path[1] != "gradients":
        note = notes(Clipped)[field]
        return Label(field, note.symbol, field, None, "gradient", note)
    known = notes(cell.Weights)
    symbol, axes, title, _ = known.get(field, Note(field, "11", field, ""))
    if where == "backward":
        letter = int(path[1]) + 1
        return _timed(f"d{field}", letter, "backward", Note(f"∂L/∂{symbol}ₜ", axes, f"Share of {title}", SHARE))
    if where == "gradients":
        note = Note(f"∂L/∂{symbol}", axes, f"Gradient of {title}", GRADIENT)
        return Label(f"d{field}", note.symbol, f"d{field}", None, "gradient", note)
    if where == "clipped":
        note = Note(
            f"∂L/∂{symbol}′", axes, f"Clipped gradient of {title}", "The gradient times the factor of clipping."
        )
        return Label(f"d{field}_clipped", note.symbol, f"d{field}", None, "gradient", note)
    if where == "updated":
        note = Note(
            f"{symbol}′", axes, f"New {title}", "A step against the gradient, as long as the learning rate says."
        )
        return Label(f"{field}_new", note.symbol, field, None, "update", note)
    memory = str(path[1])  # "state" and "next_state": velocity, squares, mean, power1, power2
    key = memory if memory == field else f"{memory}_{field}"
    written = memory if memory == field else f"{memory}({symbol})"
    note = Note(written, axes, f"The optimiser's {memory}", "What it remembers from one update to the next.")
    if where == "state":
        return Label(key, written, key, None, "setting", note)
    return Label(f"{key}_new", f"{written}′", key, None, "update", note._replace(symbol=f"{written}′"))


def _timed(field: str, letter: int, group: str, note: Note) -> Label:
    return Label(f"{field}_{letter}", timed(note.symbol, letter), field, letter, group, note)
