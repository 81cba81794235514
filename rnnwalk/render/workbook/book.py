"""What the sheets of one workbook share: the walk, where everything stands, and how quantities are drawn."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from openpyxl import Workbook

from rnnwalk.engine.network import TIE
from rnnwalk.layout.addresses import CellRef
from rnnwalk.layout.sheets import Layout
from rnnwalk.model.symbols import shown
from rnnwalk.render.workbook.sheet import Sheet
from rnnwalk.render.workbook.style import DIGIT, HUGE, NUMBER, POWERS, ROLES, Look, Styles, cells
from rnnwalk.trace.record import Node
from rnnwalk.views.sentences import title
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.numbers import decimals
from rnnwalk.walks.walk import Walk


@dataclass
class Book:
    """One workbook while it is drawn. links: what Start leads to, sheet by sheet; settings: numbers that may be edited
    outside of Inputs, each with its first value; overflow: the cell that says where training leaves the numbers; errors: the cells of a sheet
    that must not be errors, where they are not all of it.
    """

    walk: Walk
    layout: Layout
    file: Workbook
    styles: Styles
    links: dict[str, list[tuple[str, CellRef]]]
    settings: dict[CellRef, float] = field(default_factory=dict)
    overflow: CellRef | None = None
    errors: dict[str, str] = field(default_factory=dict)

    def sheet(self, title: str, colour: str, locked: bool = False) -> Sheet:
        self.links.setdefault(title, [])
        return Sheet(self.file, self.styles, title, colour, locked, self.walk.names.say)

    @cached_property
    def derivations(self) -> Derivations:
        return self.walk.derivations

    @property
    def noun(self) -> str:
        return self.walk.problem.noun

    @property
    def text(self) -> str:
        """What the symbols make together."""
        return "sentence" if self.noun == "word" else "word"

    @cached_property
    def letters(self) -> list[str]:
        """The word's symbols as the cells show them."""
        return [shown(symbol) for symbol in self.walk.problem.symbols]

    def role(self, node: Node) -> str:
        """What a node does: its colour and its sign follow from it."""
        return self.walk.names.labels[node].role

    def look(self, node: Node) -> Look:
        """How the numbers of a node look."""
        one_hot = self.walk.names.labels[node].group in ("input", "target") and decimals(node, 6) == 0
        huge = bool(np.max(np.abs(node.value)) >= HUGE)
        return cells(self.role(node), DIGIT if one_hot else POWERS if huge else NUMBER)

    def caption(self, node: Node) -> str:
        """A title with the sign of the role: ✎ Wxh · input to hidden · 3×4."""
        rows, columns = node.shape
        return f"{ROLES[self.role(node)].sign} {title(self.walk.names, node)} · {rows}×{columns}"

    def predicted(self, letter: int) -> str:
        """The symbol whose probability is largest."""
        return shown(self.walk.prediction(letter))

    def says(self, p: str) -> str:
        """The formula of the symbol whose probability is largest in these cells, the first of equals, as ``largest`` has it."""
        first = self.layout.vocabulary
        names = f"{first.fixed}:{first.to((len(self.walk.names.letters) - 1, 0)).local}"
        return f"INDEX({names},SUMPRODUCT(MATCH(TRUE,{p}>=MAX({p})-{TIE:G},0)))"

    @property
    def predicts(self) -> bool:
        """Whether the network names symbols (and not numbers)."""
        return "p_1" in self.walk.names.node
