"""What the sheets of one workbook share: the walk, where everything stands, and how quantities are drawn."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from openpyxl import Workbook

from rnnwalk.engine.network import TIE
from rnnwalk.layout.addresses import EDITED, CellRef
from rnnwalk.layout.sheets import Layout
from rnnwalk.model.problem import BESIDE
from rnnwalk.model.symbols import shown
from rnnwalk.render.workbook.sheet import Sheet
from rnnwalk.render.workbook.style import DIGIT, GENERAL, HUGE, NUMBER, POWERS, ROLES, SHARE, Look, Styles, cells
from rnnwalk.trace.record import Node
from rnnwalk.views.sentences import title
from rnnwalk.walks.derivation import Derivations
from rnnwalk.walks.names import Names
from rnnwalk.walks.walk import Walk

GONE = "–"  # for a letter that a shortened word does not have
MOST_TOGETHER, PLACES = 6, 4  # numbers of a step in one cell, and their decimals
LARGE, ROUNDED = 1e6, 9.0  # from where on these are shown in powers of ten, and how wide each is: -12345.678


@dataclass
class Book:
    """One workbook while it is drawn. links: what Start leads to, sheet by sheet; settings: numbers that may be edited
    outside of Inputs, each with its first value; overflow: the cell that says where training leaves the numbers; errors: the cells of a sheet
    that must not be errors, where they are not all of it; roles: those of a record of its own, beside the walk's; tell: gets what is drawn now.
    """

    walk: Walk
    layout: Layout
    file: Workbook
    styles: Styles
    links: dict[str, list[tuple[str, CellRef]]]
    settings: dict[CellRef, float] = field(default_factory=dict)
    overflow: CellRef | None = None
    errors: dict[str, str] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)
    tell: Callable[[str], None] = lambda _: None

    def sheet(self, title: str, colour: str, locked: bool = False) -> Sheet:
        self.tell(f"drawing the sheet {title}")
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
        """The words' symbols as the cells show them, place by place; of numbers, those of a step."""
        if self.layout.typed("input"):
            return [self.together("input", place)[1] for place in self.layout.places]
        together = zip(*[one.symbols for one in self.walk.problem.sequences], strict=True)
        return [shown(symbol) for symbols in together for symbol in symbols]

    @cached_property
    def truths(self) -> dict[int, str]:
        """What is true after a place, as the cells show it, where that is known."""
        problem, layout = self.walk.problem, self.layout
        known = [place for place in layout.places if problem.targets and problem.says(layout.stands(place)[0])]
        if layout.typed("target"):
            return {place: self.together("target", place)[1] for place in known}
        found = {place: layout.stands(place) for place in known}
        return {place: shown(problem.sequences[c].truth(step) or "") for place, (step, c) in found.items()}

    def _side_by_side(
        self, step: int, cells: Callable[[int], CellRef], texts: Callable[[int], str], stays: bool = False
    ) -> tuple[str, str]:
        """What stands at the places of a step, as a part of a formula and as the text that it gives; of several words a dash for
        one that has ended before. stays: what never ends.
        """
        places = self.layout.places_of(step)
        found = [str(cells(place)) for place in places]
        if len(found) > 1 and self.layout.shortens and not stays:
            found = [f'IF({self.gone(step, which)},"{GONE}",{cell})' for which, cell in enumerate(found)]
        return f'&"{BESIDE}"&'.join(found), BESIDE.join(map(texts, places))

    def gone(self, step: int, which: int | None = None) -> str:
        """The condition that a shortened word does not have a step. which: of words side by side the one that it is of; without
        it all.
        """
        words = range(self.layout.wide) if which is None else [which]
        ends = [f'{self.layout.present(self.layout.place(step, each)).fixed}=""' for each in words]
        return ends[0] if len(ends) == 1 else f"AND({','.join(ends)})"

    def joined(self, cells: list[str], blank: str) -> str:
        """A part of a formula: texts with a blank between them, none before those that a shortened word leaves empty."""
        if not (blank and self.layout.shortens):
            return (f'&"{blank}"&' if blank else "&").join(cells)
        return "&".join([*cells[:1], *[f'IF({cell}="","","{blank}"&{cell})' for cell in cells[1:]]])

    def reads(self, step: int) -> tuple[str, str]:
        """What is read at a step: a part of a formula, and its text."""
        return self._side_by_side(step, self.layout.letter, lambda place: self.letters[place - 1])

    def expects(self, step: int) -> tuple[str, str]:
        """What is true after a step that has an answer, likewise."""
        return self._side_by_side(step, self.layout.truth, self.truths.__getitem__, self.layout.carries)

    def count(self, which: int, steps: str, place: int = 1) -> str:
        """How many steps one of several words has from a place on, as a part of a formula. steps: the cells of their numbers."""
        words = [self.layout.letter(each)._replace(row=EDITED + 1) for each in (place, self.layout.places[-1])]
        return f'COUNTIFS({words[0].fixed}:{words[1].local},{which + 1},{steps},">0")'

    def tops(self, node: Node) -> list[tuple[str, str]]:
        """What stands over a value's columns, a formula (or "") and its text: of sequences, the letters that they read."""
        letter, heads = self.walk.names.labels[node].letter, self.walk.names.heads(node, 1)
        if not letter or node.shape[1] == 1 or self.layout.typed("input"):
            return [("", head) for head in heads]
        return [(f"={self.layout.letter(place)}", self.letters[place - 1]) for place in self.layout.places_of(letter)]

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

    def together(self, group: str, place: int) -> tuple[str, str]:
        """The formula of the numbers of an input or target in one cell, rounded, and the text that it gives."""
        step, column = self.layout.stands(place)
        node = self.walk.at("x" if group == "input" else "target", step)
        cells = [self.layout.home[node].to((r, column)).cell for r in range(node.shape[0])]
        formula, text = self.rounded(cells, node.value[:, column].tolist())
        return f"={formula}", text

    def rounded(self, cells: list[str], numbers: list[float]) -> tuple[str, str]:
        """The formula, without its =, that puts numbers in one cell, rounded, and the text that it gives."""
        more = "; …" if len(cells) > MOST_TOGETHER else ""
        parts = [_rounded(cell) for cell in cells[:MOST_TOGETHER]]
        text = "; ".join(
            f"{round(number, PLACES):.15g}" if abs(number) < LARGE else f"{number:.2e}"
            for number in numbers[:MOST_TOGETHER]
        )
        return '&"; "&'.join(parts) + ('&"; …"' if more else ""), text + more

    @property
    def heads(self) -> list[str]:
        """The names that stand beside rows: of symbols, of the numbers that are read, and of answers."""
        names = self.walk.names
        return [*names.letters, *names.answers, *map(shown, self.walk.problem.model.task.inputs or ())]

    def role(self, node: Node, names: Names | None = None) -> str:
        """What a node does: its colour and its sign follow from it. names: of a record of its own, beside the walk's."""
        return (names or self.walk.names).labels[node].role

    def look(self, node: Node, names: Names | None = None) -> Look:
        """How the numbers of a node look."""
        names = names or self.walk.names
        if names.labels[node].group in ("input", "target"):
            return cells(self.role(node, names), DIGIT if names.one_hot(node) else GENERAL)
        # The squares that an optimiser remembers would mostly be shown as 0.
        powers = np.max(np.abs(node.value)) >= HUGE or node.path[1:2] == ("squares",)
        role = self.role(node, names)
        return cells(role, POWERS if powers else SHARE if role == "probability" else NUMBER)

    def caption(self, node: Node, names: Names | None = None) -> str:
        """A title with the sign of the role: ✎ Wxh · input to hidden · 3×4."""
        names, role, (rows, columns) = names or self.walk.names, self.role(node, names), node.shape
        if role == "weight" and node.op != "input":  # s·Whh: it is computed, so it is not to be changed
            role = "result"
        return f"{ROLES[role].sign} {title(names, node)} · {rows}×{columns}"

    def predicted(self, place: int) -> str:
        """The symbol whose probability is largest."""
        return shown(self.walk.prediction(*self.layout.stands(place)))

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


def _rounded(cell: str) -> str:
    """The formula, without its =, of a number as text, rounded; of a text, itself."""
    power = f"INT(LOG(ABS({cell})*1.00050025))"  # 9.995E9 is 1.00e+10
    large = f'FIXED({cell}/10^{power},2,TRUE)&"e"&TEXT({power},"+00")'
    return f'IF(COUNT({cell}),IF(ABS({cell})<{LARGE:.0E},ROUND({cell},{PLACES})&"",{large}),{cell}&"")'
