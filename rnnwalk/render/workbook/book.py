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
from rnnwalk.render.workbook.style import DIGIT, GENERAL, HUGE, NUMBER, POWERS, ROLES, Look, Styles, cells
from rnnwalk.trace.record import Node
from rnnwalk.views.sentences import title
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.walk import Walk

MOST_TOGETHER, PLACES = 6, 4  # numbers of a step in one cell, and their decimals


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
        return {"word": "sentence", "time step": "sequence"}.get(self.noun, "word")

    @cached_property
    def letters(self) -> list[str]:
        """The word's symbols as the cells show them; of numbers, those of a step."""
        if self.layout.typed("input"):
            return [self.together(node)[1] for node in self.layout.nodes_of("input")]
        return [shown(symbol) for symbol in self.walk.problem.symbols]

    @cached_property
    def truths(self) -> dict[int, str]:
        """What is true after a step, as the cells show it, where that is known."""
        if self.layout.typed("target"):
            nodes = self.layout.nodes_of("target")
            return {self.walk.names.labels[node].letter or 0: self.together(node)[1] for node in nodes}
        found = {step: self.walk.problem.truth(step) for step in range(1, self.walk.length + 1)}
        return {step: shown(truth) for step, truth in found.items() if truth is not None}

    @property
    def read(self) -> str:
        """What is read at a step, in words."""
        return f"the {'numbers' if self.layout.typed('input') else self.noun} that it reads"

    @property
    def answer(self) -> str:
        """What an answer of the network is called, where it names one."""
        return self.noun if self.walk.problem.model.task.names is None else "answer"

    @property
    def truth(self) -> str:
        """What that is called."""
        return f"the true next {self.noun}" if self.walk.problem.given is None else "the target"

    def together(self, node: Node) -> tuple[str, str]:
        """The formula of a column's numbers in one cell, rounded, and the text that it gives."""
        first = self.layout.home[node]
        formula, text = self.rounded([first.to((r, 0)).cell for r in range(node.shape[0])], node.value[:, 0].tolist())
        return f"={formula}", text

    def rounded(self, cells: list[str], numbers: list[float]) -> tuple[str, str]:
        """The formula, without its =, that puts numbers in one cell, rounded, and the text that it gives."""
        more = "; …" if len(cells) > MOST_TOGETHER else ""
        parts = [f"ROUND({cell},{PLACES})" for cell in cells[:MOST_TOGETHER]]
        text = "; ".join(f"{round(number, PLACES):.15g}" for number in numbers[:MOST_TOGETHER]) + more
        return '&"; "&'.join(parts) + ('&"; …"' if more else '&""'), text

    @property
    def heads(self) -> list[str]:
        """The names that stand beside rows: of symbols, of the numbers that are read, and of answers."""
        names = self.walk.names
        return [*names.letters, *names.answers, *map(shown, self.walk.problem.model.task.inputs or ())]

    def role(self, node: Node) -> str:
        """What a node does: its colour and its sign follow from it."""
        return self.walk.names.labels[node].role

    def look(self, node: Node) -> Look:
        """How the numbers of a node look."""
        if self.walk.names.labels[node].group in ("input", "target"):
            return cells(self.role(node), DIGIT if self.walk.names.one_hot(node) else GENERAL)
        huge = bool(np.max(np.abs(node.value)) >= HUGE)
        return cells(self.role(node), POWERS if huge else NUMBER)

    def caption(self, node: Node) -> str:
        """A title with the sign of the role: ✎ Wxh · input to hidden · 3×4."""
        rows, columns = node.shape
        return f"{ROLES[self.role(node)].sign} {title(self.walk.names, node)} · {rows}×{columns}"

    def predicted(self, letter: int) -> str:
        """The symbol whose probability is largest."""
        return shown(self.walk.prediction(letter))

    def says(self, p: str) -> str:
        """The formula of the symbol whose probability is largest in these cells, the first of equals, as ``largest`` has it."""
        first = self.layout.answers
        assert first is not None
        names = f"{first.fixed}:{first.to((len(self.walk.names.answers) - 1, 0)).local}"
        return f"INDEX({names},SUMPRODUCT(MATCH(TRUE,{p}>=MAX({p})-{TIE:G},0)))"

    @property
    def predicts(self) -> bool:
        """Whether the network names symbols (and not numbers)."""
        return self.layout.answers is not None
