"""What the values of the way back, of learning and of the gradient flow are called."""

from typing import Any

from rnnwalk.engine.backward import Clipped, Error
from rnnwalk.engine.cells.cell import Cell
from rnnwalk.engine.gradient_flow import GradientFlow, LetterError
from rnnwalk.engine.layers import Fed, FedBack
from rnnwalk.engine.network import Network
from rnnwalk.engine.notes import Note, notes
from rnnwalk.trace.record import Path
from rnnwalk.walks.label import Label, dense_label, output_of, timed

RATE = Note("η", "11", "learning rate", "How large a step is: what is taken from each weight is multiplied by it.")
LIMIT = Note("limit", "11", "longest gradient", "A longer gradient is shortened to this length.")
BOUND = Note("bound", "11", "largest number of the gradient", "Each number of it stays between −bound and bound.")
SCALE = Note("s", "11", "scale of the memory", "Every matrix that reads the hidden state is multiplied by it.")
ARRIVED = Note(
    "∂L/∂hₜ",
    "n1",
    "The error of the hidden state",
    "Only the last {letter} has a loss here; to each one before it the error comes through time.",
)
SETTINGS = {"rate": RATE, "limit": LIMIT, "bound": BOUND, "scale": SCALE}


def label_of(path: Path, network: Network, letters: int) -> Label:
    """The label of a value at a path. The inputs are called "after", "optimiser", and by the names of SETTINGS."""
    head, field, cell = str(path[0]), str(path[-1]), network.cell
    if head in SETTINGS:
        return Label(head, SETTINGS[head].symbol, head, None, "setting", SETTINGS[head])
    if head == "after":
        return timed(f"d{field}_time", letters, "backward", _error_notes(cell)[f"d{field}_time"])
    if head == "backward" and path[2] == "head":
        return dense_label(path, network, int(path[1]) + 1, "backward")
    if head == "backward" and path[2] != "weight_grads":
        records = {"error": Error, "local_grads": cell.LocalGrads, "gate_grads": cell.GateGrads, "fed": FedBack}
        return timed(field, int(path[1]) + 1, "backward", notes(records[str(path[2])])[field])
    if head in GradientFlow._fields:
        return _of_flow(path, network, letters)
    return _of_learning(path, network)


def _error_notes(cell: Cell) -> dict[str, Note]:
    return {**notes(Error), **notes(cell.GateGrads)}


def _of_flow(path: Path, network: Network, letters: int) -> Label:
    """The label of a value of ``engine.gradient_flow``."""
    cell, head, field = network.cell, path[0], str(path[-1])
    if head == "scaled":
        note = notes(network.Weights)[field]
        scaled = Note(f"s·{note.symbol}", note.axes, f"{note.title}, scaled", "What the network here remembers with.")
        return Label(f"{field}_scaled", scaled.symbol, field, None, "scaled", scaled)
    if head == "fed":
        return timed(field, int(path[1]) + 1, "forward", notes(Fed)[field])
    if head in ("layers", "back"):
        return dense_label(path, network, letters, "forward" if head == "layers" else "backward")
    if head == "steps":
        return timed(field, int(path[1]) + 1, "forward", notes(cell.Step)[field])
    if head == "output":
        return timed(field, letters, "forward", notes(output_of(network))[field])
    if head == "dy":
        return timed(field, letters, "backward", notes(Error)[field])
    letter = int(path[1]) + 1
    if path == ("arrived", path[1], "error", "h"):
        return timed("dh", letter, "backward", ARRIVED)
    if path[2] == "error":
        field = f"d{field}_time"
        return timed(field, letter, "backward", _error_notes(cell)[field])
    records: dict[str, Any] = {"local_grads": cell.LocalGrads, "gate_grads": cell.GateGrads}
    return timed(field, letter, "backward", notes(records.get(str(path[2]), LetterError))[field])


def _of_learning(path: Path, network: Network) -> Label:
    """The label of a value of learning: what a letter adds to a gradient, the gradient, an update, an optimiser's memory."""
    head, field = str(path[0]), str(path[-1])
    if head == "clipped" and path[1] != "gradients":
        note = notes(Clipped)[field]
        return Label(field, note.symbol, field, None, "gradient", note)
    symbol, axes, title, *_ = notes(network.Weights).get(field, Note(field, "11", field, ""))
    if head == "backward":
        text = "What this {letter} adds to the gradient of the weight, which the {letter}s share."
        note = Note(f"∂L/∂{symbol}ₜ", axes, f"Share of {title}", text)
        return timed(f"d{field}", int(path[1]) + 1, "backward", note, field)
    if head == "gradients":
        text = "How the loss of the {word} changes with the weight: the sum of what {its} {letter}s add."
        note = Note(f"∂L/∂{symbol}", axes, f"Gradient of {title}", text)
        return Label(f"d{field}", note.symbol, f"d{field}", None, "gradient", note, field)
    if head == "clipped":
        text = "The gradient after clipping."
        note = Note(f"∂L/∂{symbol}′", axes, f"Clipped gradient of {title}", text)
        return Label(f"d{field}_clipped", note.symbol, f"d{field}", None, "gradient", note)
    if head == "updated":
        text = "A step against the gradient, scaled by the learning rate."
        note = Note(f"{symbol}′", axes, f"New {title}", text)
        return Label(f"{field}_new", note.symbol, field, None, "update", note, field)
    memory = str(path[1])  # of "optimiser" and "next_state": velocity, squares, mean, power1, power2
    key = memory if memory == field else f"{memory}_{field}"
    written = memory if memory == field else f"{memory}({symbol})"
    note = Note(written, axes, f"The optimiser's {memory}", "What it remembers from one update to the next.")
    if head == "optimiser":
        return Label(key, written, key, None, "setting", note)
    return Label(f"{key}_new", f"{written}′", key, None, "update", note._replace(symbol=f"{written}′"))
