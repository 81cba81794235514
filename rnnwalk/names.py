"""What each recorded value is called: ``h₂`` to read, ``h_2`` to type, and what its rows and columns are."""

import unicodedata
from collections.abc import Iterable
from types import ModuleType
from typing import NamedTuple

import numpy as np

from rnnwalk.engine.backward import Clipped, Error, Learning
from rnnwalk.engine.flow import Arrived
from rnnwalk.engine.network import Measure, Network, Output
from rnnwalk.engine.notes import Note, notes
from rnnwalk.errors import InputError, near
from rnnwalk.notation import ATOM, CALL, MATHS, write
from rnnwalk.symbols import shown
from rnnwalk.terms import Index, Term, unfold
from rnnwalk.trace import Node, Path

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


class Name(NamedTuple):
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


def name_of(path: Path, network: Network, letters: int = 0) -> Name:
    """The name of a value that stands at a path of a recorded pass over so many letters."""
    cell, field = network.cell, str(path[-1])
    if path[0] == "w":
        return Name(field, notes(cell.Weights)[field].symbol, field, None, "weight", notes(cell.Weights)[field])
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
        return Name(field, field, field, None, "forward", notes(Learning)[field])
    if path[0] in ("scale", "target", "scaled", "steps", "output", "dy", "arrived"):
        return _travelled(path, network, letters)
    return _learned(path, cell)


SCALE = Note("s", "11", "scale of the memory", "Every matrix that reads the hidden state is multiplied by it.")


def _travelled(path: Path, network: Network, letters: int) -> Name:
    """The name of a value of ``engine.flow.journey``."""
    cell, where, field = network.cell, path[0], str(path[-1])
    if where == "scale":
        return Name(field, SCALE.symbol, field, None, "setting", SCALE)
    if where == "target":
        return _timed(field, letters, "target", TARGET)
    if where == "scaled":
        note = notes(cell.Weights)[field]
        scaled = Note(f"s·{note.symbol}", note.axes, f"{note.title}, scaled", "What the network here remembers with.")
        return Name(f"{field}_scaled", scaled.symbol, field, None, "scaled", scaled)
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


def _learned(path: Path, cell: ModuleType) -> Name:
    """The name of a value of learning: a weight's share, gradient, update, or what the optimiser remembers."""
    where, field = str(path[0]), str(path[-1])
    if where in ("rate", "limit"):
        symbol, title, text = {
            "rate": ("η", "learning rate", "How far each weight goes against its gradient."),
            "limit": ("limit", "longest gradient", "A longer gradient is made as short as this."),
        }[where]
        return Name(field, symbol, field, None, "setting", Note(symbol, "11", title, text))
    if where == "clipped" and path[1] != "gradients":
        note = notes(Clipped)[field]
        return Name(field, note.symbol, field, None, "gradient", note)
    known = notes(cell.Weights)
    symbol, axes, title, _ = known.get(field, Note(field, "11", field, ""))
    if where == "backward":
        letter = int(path[1]) + 1
        return _timed(f"d{field}", letter, "backward", Note(f"∂L/∂{symbol}ₜ", axes, f"Share of {title}", SHARE))
    if where == "gradients":
        note = Note(f"∂L/∂{symbol}", axes, f"Gradient of {title}", GRADIENT)
        return Name(f"d{field}", note.symbol, f"d{field}", None, "gradient", note)
    if where == "clipped":
        note = Note(
            f"∂L/∂{symbol}′", axes, f"Clipped gradient of {title}", "The gradient times the factor of clipping."
        )
        return Name(f"d{field}_clipped", note.symbol, f"d{field}", None, "gradient", note)
    if where == "updated":
        note = Note(
            f"{symbol}′", axes, f"New {title}", "A step against the gradient, as long as the learning rate says."
        )
        return Name(f"{field}_new", note.symbol, field, None, "update", note)
    memory = str(path[1])  # "state" and "next_state": velocity, squares, mean, power1, power2
    key = memory if memory == field else f"{memory}_{field}"
    written = memory if memory == field else f"{memory}({symbol})"
    note = Note(written, axes, f"The optimiser's {memory}", "What it remembers from one update to the next.")
    if where == "state":
        return Name(key, written, key, None, "setting", note)
    return Name(f"{key}_new", f"{written}′", key, None, "update", note._replace(symbol=f"{written}′"))


def _timed(field: str, letter: int, group: str, note: Note) -> Name:
    return Name(f"{field}_{letter}", timed(note.symbol, letter), field, letter, group, note)


class Names:
    """The names of a trace, both ways; and of the rows and columns of each value."""

    def __init__(self, named: dict[Path, Node], network: Network, vocabulary: tuple[str, ...]) -> None:
        self.vocabulary = vocabulary
        self.letters = [shown(symbol) for symbol in vocabulary]
        count = sum(path[0] == "xs" for path in named)
        units = named["before", "h"].shape[0]
        self.of: dict[Node, Name] = {node: name_of(path, network, count) for path, node in named.items()}
        self._formulas: dict[Node, int] = {}  # how strongly the formulas bind that values are called by
        for node, name in self.of.items():
            if units > 1 and node.shape == (1, 1) and "n" in name.note.axes and name.note.text in (SHARE, GRADIENT):
                self.of[node] = name._replace(note=name.note._replace(text=name.note.text + ALL_UNITS))
            if name.symbol == "=":
                term = unfold(node, None, lambda other: other in self.of)
                self.of[node] = name._replace(symbol=write(term, MATHS, self._leaf))
                self._formulas[node] = MATHS[term.op].binding
        self.node: dict[str, Node] = {name.key: node for node, name in self.of.items()}

    def binding(self, node: Node) -> int:
        """How strongly the symbol of a value binds: a value without a letter of its own is called by its formula."""
        return self._formulas.get(node, ATOM)

    def _leaf(self, leaf: Term) -> tuple[str, int]:
        if leaf.node is None or leaf.node.op == "constant":
            return f"{leaf.value:g}", ATOM
        return self.of[leaf.node].symbol, self.binding(leaf.node)

    def heads(self, node: Node, axis: int) -> list[str]:
        """The headings of a value's rows (axis 0) or columns (axis 1); none for a single one."""
        count = node.shape[axis] if node.shape else 1
        kind = self.of[node].note.axes[axis] if node in self.of else "n"
        if kind == "1" or (node.shape == (1, 1) and kind == "n"):
            return []
        return self.letters if kind in "ko" and count == len(self.letters) else [str(i + 1) for i in range(count)]

    def symbol(self, node: Node, at: Index | None = None) -> str:
        """h₂, or for an element h₂[1], p₂[h], Wxh[1,e]."""
        return self._with_index(self.of[node].symbol, node, at)

    def key(self, node: Node, at: Index | None = None) -> str:
        """What ``rnnwalk explain`` takes: h_2, h_2[1], p_2[h], Wxh[1,e]."""
        return self._with_index(self.of[node].key, node, at)

    def _with_index(self, name: str, node: Node, at: Index | None) -> str:
        heads = [self.heads(node, axis) for axis in (0, 1)]
        parts = [head[i] for head, i in zip(heads, at or (), strict=False) if head]
        if not parts:
            return name
        formula = name == self.of[node].symbol and self.binding(node) < CALL
        return f"({name})[{','.join(parts)}]" if formula else f"{name}[{','.join(parts)}]"

    def knows(self, text: str) -> bool:
        """Whether a typed name means a quantity that was recorded."""
        return self._key(text.partition("[")[0].strip()) in self.node

    def find(self, text: str) -> tuple[Node, Index | None]:
        """The node and element that a typed (or read) name means: h_2[3], p₂[h], Wxh[1,e], loss.

        Raises InputError with the near names.
        """
        base, bracket, rest = unicodedata.normalize("NFC", text).strip().partition("[")
        key = self._key(base.strip())
        if key not in self.node:
            timed = f"{key}_1"
            hint = f"; did you mean '{timed}'?" if timed in self.node else near(key, self.node)
            raise InputError(f"no quantity '{text}'{hint}; there are {self.summary()}")
        node = self.node[key]
        if not bracket:
            return node, (0, 0) if np.size(node.value) == 1 else None
        return node, self._index(text, node, rest.removesuffix("]"))

    def _key(self, base: str) -> str:
        for node, name in self.of.items():
            if base in (name.key, name.symbol, f"({name.symbol})"):
                return self.of[node].key
        plain = base.translate(DIGITS)
        if plain in self.node:
            return plain
        stem = plain.rstrip("0123456789")
        return f"{stem}_{plain[len(stem) :]}" if stem != plain and not stem.endswith("_") else plain

    def _index(self, text: str, node: Node, inside: str) -> Index:
        heads = [self.heads(node, axis) for axis in (0, 1)]
        wanted = [axis for axis in (0, 1) if heads[axis]]
        commas = [i for i, c in enumerate(inside) if c == ","]
        splits = [[inside[:i], inside[i + 1 :]] for i in commas] if len(wanted) == 2 else [[inside]]
        for parts in splits:
            at = [0, 0]
            found = [
                self._position(part.strip() or part, heads[axis]) for part, axis in zip(parts, wanted, strict=False)
            ]
            if wanted and len(found) == len(wanted) and None not in found:
                for axis, position in zip(wanted, found, strict=True):
                    at[axis] = position or 0
                return (at[0], at[1])
        example = self._with_index(self.of[node].key, node, (0, 0))
        choices = " and ".join(f"{'row' if axis == 0 else 'column'} {_span(heads[axis])}" for axis in wanted)
        raise InputError(
            f"no element '{text}': {self.of[node].key} has {choices or 'a single number'}, as in {example}"
        )

    @staticmethod
    def _position(part: str, heads: list[str]) -> int | None:
        for head in (part, shown(part)):
            if head in heads:
                return heads.index(head)
        return int(part) - 1 if part.isascii() and part.isdigit() and 0 < int(part) <= len(heads) else None

    def summary(self) -> str:
        """The quantities in one line: fields with their span of time."""
        spans: dict[str, list[int]] = {}
        for name in self.of.values():
            spans.setdefault(name.field, []).extend([] if name.letter is None else [name.letter])
        return ", ".join(
            field
            if not times
            else f"{field}_{min(times)}…{field}_{max(times)}"
            if len(times) > 1
            else f"{field}_{times[0]}"
            for field, times in spans.items()
        )


def _span(heads: Iterable[str]) -> str:
    heads = list(heads)
    return ", ".join(heads) if len(heads) <= 8 else f"{heads[0]} … {heads[-1]}"
