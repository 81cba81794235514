"""A label: what a value is called, at which letter, and what is said of it."""

from typing import Any, NamedTuple

from rnnwalk.engine.layers import dense_notes
from rnnwalk.engine.network import Measure, Network, Output
from rnnwalk.engine.notes import Note
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
        if self.group == "scaled" or (self.group == "update" and self.weight):
            return "weight"
        return self.note.role or "result"


def dense_label(path: Path, network: Network, letter: int, group: str = "forward") -> Label:
    """The label of a value of a dense layer, on the way forward (z, a) or back (dz, da, slope)."""
    layer, field = int(path[-2]) + 1, str(path[-1])
    note = dense_notes(layer, network.head[layer - 1])[field]
    key = {"a": "", "z": "z", "da": "d", "dz": "dz", "slope": "slope"}[field]
    return timed(f"{key}dense{layer}", letter, group, note)


def timed(field: str, letter: int, group: str, note: Note, weight: str = "") -> Label:
    """The label of a field at a letter: its symbol has the time put in, hₜ to h₂."""
    symbol = note.symbol.replace("ₜ₋₁", subscript(letter - 1)).replace("ₜ", subscript(letter))
    return Label(f"{field}_{letter}", symbol, field, letter, group, note, weight)


def output_of(network: Network) -> Any:
    """The record of a network's output."""
    return Output if network.output == "softmax" else Measure
