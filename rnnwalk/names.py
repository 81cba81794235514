"""What each recorded value is called: ``h₂`` to read, ``h_2`` to type, and what its rows and columns are."""

import unicodedata
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from rnnwalk.engine.network import Forward, Measure, Network, Output
from rnnwalk.engine.notes import Note, notes
from rnnwalk.errors import InputError, near
from rnnwalk.notation import ATOM, MATHS, write
from rnnwalk.symbols import shown
from rnnwalk.terms import Index, unfold
from rnnwalk.trace import Node, Path

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


class Name(NamedTuple):
    """key: as it is typed (``h_2``); symbol: as it is read (``h₂``); field: without the time (``h``);
    letter: the time step, from 1 (0: before the first, None: no time); group: "weight", "input", "target",
    "initial" or "forward"; note: its teaching note.
    """

    key: str
    symbol: str
    field: str
    letter: int | None
    group: str
    note: Note


INPUT = Note("xₜ", "k1", "The letter", "One-hot: a column of zeros with a single 1 at the letter's row.")
TARGET = Note("targetₜ", "o1", "The true next letter", "One-hot, as the inputs are.")


def timed(symbol: str, letter: int) -> str:
    """The symbol with its time put in: hₜ to h₂."""
    return symbol.replace("ₜ₋₁", str(letter - 1).translate(SUBSCRIPTS)).replace("ₜ", str(letter).translate(SUBSCRIPTS))


def name_of(path: Path, network: Network) -> Name:
    """The name of a value that stands at a path of a recorded forward pass."""
    cell, field = network.cell, str(path[-1])
    if path[0] == "w":
        return Name(field, notes(cell.Weights)[field].symbol, field, None, "weight", notes(cell.Weights)[field])
    if path[0] == "before":
        return _timed(field, 0, "initial", notes(cell.State)[field])
    if path[0] == "xs":
        return _timed("x", int(path[1]) + 1, "input", INPUT)
    if path[0] == "targets":
        return _timed("target", int(path[1]) + 1, "target", TARGET)
    if path[0] == "letters":
        records: dict[str, Any] = {"drive": cell.Drive, "step": cell.Step}
        record = records.get(str(path[2]), Output if network.output == "softmax" else Measure)
        return _timed(field, int(path[1]) + 1, "forward", notes(record)[field])
    return Name(field, field, field, None, "forward", notes(Forward)[field])


def _timed(field: str, letter: int, group: str, note: Note) -> Name:
    return Name(f"{field}_{letter}", timed(note.symbol, letter), field, letter, group, note)


class Names:
    """The names of a trace, both ways; and of the rows and columns of each value."""

    def __init__(self, named: dict[Path, Node], network: Network, vocabulary: tuple[str, ...]) -> None:
        self.vocabulary = vocabulary
        self.letters = [shown(symbol) for symbol in vocabulary]
        self.of: dict[Node, Name] = {node: name_of(path, network) for path, node in named.items()}
        for node, name in self.of.items():
            if name.symbol == "=":
                self.of[node] = name._replace(symbol=self._formula(node))
        self.node: dict[str, Node] = {name.key: node for node, name in self.of.items()}

    def _formula(self, node: Node) -> str:
        term = unfold(node, None, lambda other: other in self.of)
        return write(term, MATHS, lambda leaf: (self.of[leaf.node].symbol if leaf.node else f"{leaf.value:g}", ATOM))

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
        return f"({name})[{','.join(parts)}]" if set(name) & set("·+ ") else f"{name}[{','.join(parts)}]"

    def find(self, text: str) -> tuple[Node, Index | None]:
        """The node and element that a typed (or read) name means: h_2[3], p₂[h], Wxh[1,e], loss.

        Raises InputError with the near names.
        """
        base, bracket, rest = unicodedata.normalize("NFC", text).strip().partition("[")
        key = self._key(base.strip())
        if key not in self.node:
            raise InputError(f"no quantity '{text}'{near(key, self.node)}; there are {self.summary()}")
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
