"""A quantity: one value of a walk, as a program meets it."""

import numpy as np

from rnnwalk.engine.notes import Array, Context
from rnnwalk.text import size
from rnnwalk.trace.expression import Index
from rnnwalk.trace.record import Node
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.label import Label
from rnnwalk.walks.numbers import number

FEW = 12  # numbers of a value that its repr shows all of


class Quantity:
    """A value of a walk, or one element of it: its name, its value, and how it was made."""

    def __init__(self, derivations: Derivations, node: Node, at: Index | None = None) -> None:
        self.node = node
        self.at = at
        self._derivations = derivations
        self._names = derivations.names

    @property
    def name(self) -> Label:
        return self._names.labels[self.node]

    @property
    def key(self) -> str:
        """What ``rnnwalk explain`` takes, such as h_2[3]."""
        return self._names.key(self.node, self.at)

    @property
    def symbol(self) -> str:
        """As the article writes it, such as h₂[3]."""
        return self._names.symbol(self.node, self.at)

    @property
    def value(self) -> Array:
        """The exact value: (rows, columns), or (1, 1) for an element."""
        if self.at is None:
            return self.node.value.copy()
        return self.node.value[self.at[0] : self.at[0] + 1, self.at[1] : self.at[1] + 1].copy()

    @property
    def formula(self) -> str:
        """The equation that made it, in symbols; empty for what was given."""
        return self._derivations[self.node].equation

    @property
    def numbers(self) -> str:
        """symbol = numbers put in = result, with six decimals; a line for each element."""
        rows, columns = self.node.shape
        places = [(r, c) for r in range(rows) for c in range(columns)] if self.at is None else [self.at]
        return "\n".join(self._derivations[self.node].line(at) for at in places)

    def __repr__(self) -> str:
        problem, value = self._names.problem, self.value
        title = self.name.note.heading(Context(problem.noun, problem.together))
        numbers = np.array2string(
            value,
            separator=", ",
            threshold=FEW,
            edgeitems=1,
            formatter={"float_kind": lambda each: number(float(each))},
        )
        return f"<Quantity {self.key} ({title}) {size(value.shape)}: {' '.join(numbers.split())}>"
