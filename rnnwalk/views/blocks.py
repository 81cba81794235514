"""How a value was made, as blocks of a page: its equation, its matrices side by side, one element in numbers."""

from collections.abc import Mapping, Sequence

import numpy as np

from rnnwalk.marked import read
from rnnwalk.trace.expression import Index
from rnnwalk.trace.record import Node
from rnnwalk.views.in_part import FEW, MANY, Picked, largest, matters, peak, symbol_axis
from rnnwalk.views.live import reads
from rnnwalk.views.page import Block, Equation, Formula, Lines, Matrix
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.long_sums import LONG
from rnnwalk.walks.walk import Walk


class Blocks:
    """Makes the blocks for the values of one walk. show: "symbols", "numbers" or "both"."""

    def __init__(self, walk: Walk, digits: int = 6, show: str = "both") -> None:
        self.walk = walk
        self.digits = digits
        self.show = show
        self.derivations = Derivations(walk.names, digits)

    def derived(self, node: Node, at: Index | None = None, *, by: Node | None = None) -> list[Block]:
        """How a value was made: symbols, matrices side by side, one element (the first unless ``at``) in numbers.

        by: a value of the same shape; the element is the one where its largest number stands.
        """
        label = self.walk.names.labels[node]
        at, chosen = (at, ()) if at else self._first(node, by)
        blocks: list[Block] = []
        if self.show != "numbers":
            blocks.append(self.formula(node))
        blocks.append(self.equation(node, at if self.show != "symbols" else None))
        if self.show != "symbols":
            blocks.append(Lines([self.derivations[node].line(at)], ((label.key, at),), chosen))
        return blocks

    def _first(self, node: Node, by: Node | None) -> tuple[Index, tuple[str | int, ...]]:
        """The element that is followed, and how it was chosen: of the scores, and of what has too many rows to be drawn,
        the largest."""
        label = self.walk.names.labels[node]
        if by is not None:
            return peak(np.abs(by.value)), ("largest", self.walk.names.labels[by].key)
        if label.field == "y":
            return peak(node.value[:, :1]), ("largest score", label.key)
        if node.shape[0] > MANY:
            return peak(np.abs(node.value[:, :1])), ("largest of a column", label.key)
        return (0, 0), ()

    def formula(self, node: Node) -> Formula:
        """The equation of a node in symbols and in shapes."""
        made = self.derivations[node]
        return Formula(made.equation, made.latex, made.shapes, self.walk.names.labels[node].key)

    def equation(self, node: Node, at: Index | None = None) -> Equation:
        """The equation of a node with its matrices drawn: [W]·[x] = [result]; at: the element that is followed."""
        made = self.derivations[node]
        traced, picked, terms = (made.traced(at), made.picked(at), made.largest(at)) if at else ({}, {}, {})
        parts = [
            part if isinstance(part, str) else self._followed(part, traced.get(part), picked.get(part))
            for part in made.drawing
        ]
        large = max(max(part.shape) for part in made.drawing if not isinstance(part, str)) > LONG
        if at and (large or symbol_axis(self.walk, node, 1)):
            parts = [
                drawn if isinstance(part, str) or isinstance(drawn, str) else self._shown(drawn, node, terms.get(part))
                for part, drawn in zip(made.drawing, parts, strict=True)
            ]
        if at and self.walk.problem.beside:
            each = [made.picked((at[0], column)) for column in range(node.shape[1])]
            parts = [
                drawn if isinstance(part, str) or isinstance(drawn, str) else self._picked(drawn, part, each)
                for part, drawn in zip(made.drawing, parts, strict=True)
            ]
        return Equation(parts)

    def _shown(self, drawn: Matrix, result: Node, places: frozenset[Index] | None) -> Matrix:
        """A large value as it is drawn with what matters in any case: where the largest terms stand, the result's
        largest rows and, where it has a column for each symbol, those that are read."""
        rows, columns = ({place[axis] for place in places or ()} for axis in (0, 1))
        if drawn.values.shape[0] == result.shape[0] > 1:
            rows |= set(largest(np.abs(result.value).max(axis=1))[:FEW])
        per_symbol = symbol_axis(self.walk, result, 1) and drawn.values.shape[1] == result.shape[1]
        read = matters(self.walk, result)[1] if per_symbol else ()
        return drawn._replace(picked=(tuple(sorted(rows)), tuple(dict.fromkeys([*sorted(columns), *read]))))

    def _picked(self, drawn: Matrix, node: Node, each: Sequence[Mapping[Node, int]]) -> Matrix:
        """A value as it is drawn with what each sequence reads of it. each: of a column, the matrices' columns it picks."""
        rows = tuple(np.flatnonzero(node.value.any(axis=1)).tolist() if self.walk.names.one_hot(node) else ())
        columns = tuple(sorted({own[node] for own in each if node in own}))
        return drawn._replace(picked=(rows, columns or drawn.picked[1]))

    def _followed(self, node: Node, lit: frozenset[Index] | None, picked: int | None) -> Matrix:
        """A value as it is drawn where an element is followed through some of its places."""
        drawn = self.matrix(node)
        if not lit:
            return drawn
        if self.walk.names.one_hot(node) and len(lit) > 1:  # it is the 1 that counts
            lit = frozenset(place for place in lit if node.value[place])
        rows, columns = ({place[axis] for place in lit if place[1] != picked} for axis in (0, 1))
        row = min(rows) if len(rows) == 1 and node.shape[0] > 1 else None
        column = min(columns) if len(columns) == 1 and node.shape[1] > 1 else None
        return drawn._replace(lit=lit, row=row, column=column if picked is None else picked)

    def given(self, node: Node, picked: Picked = ((), ())) -> Equation:
        """A value alone, drawn. picked: its rows and columns that matter most."""
        return Equation([self.matrix(node)._replace(picked=picked)])

    def matrix(self, node: Node) -> Matrix:
        """A value as it is drawn, with its name and the headings of rows and columns."""
        names = self.walk.names
        label, digits = names.labels[node], self.derivations[node].decimals
        tops = names.tops(node)
        if label.letter and tops != names.heads(node, 1):  # what each sequence reads
            tops = [reads(text, label.letter, column) for column, text in enumerate(tops)]
        heads = names.heads(node, 0), tops
        return Matrix(read(names.marked(node)), node.value, *heads, digits, label.role, key=label.key)
