"""The sheet Gradient flow, before it is drawn: the recorded flow of the last letter's error, and each value's place."""

from functools import partial

import numpy as np

from rnnwalk.engine.backward import nothing_after
from rnnwalk.engine.gradient_flow import gradient_flow
from rnnwalk.errors import InputError
from rnnwalk.layout.addresses import FIRST, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, SPARE, CellRef
from rnnwalk.layout.sheets import Layout
from rnnwalk.trace.record import Node, record
from rnnwalk.walks.names import Names
from rnnwalk.walks.walk import Walk

FLOW = "Gradient flow"
SCALE = CellRef(FLOW, 4, FIRST)
VERDICT, STEP, READ, SUMMARY = 6, 7, 8, 9  # rows: of the letters, of the lengths
WORDS = 12  # of several words side by side: their numbers, the last letter of each, its factor, and its regime
QUOTIENTS = ("factor", "left")  # 0/0 where nothing is left of the error; shown as 0
HEIGHT = 18  # rows of the chart
TOLD = 6  # rows that say how the lengths were made


class FlowSheet:
    """What the sheet holds of a walk. drawn: the cell where a value of it begins; chart: the row where the chart does; told: that
    where it is said how the lengths were made; blocks: (title row, nodes) from the top.

    Raises InputError for what a sheet cannot hold.
    """

    def __init__(self, walk: Walk, layout: Layout) -> None:
        model, problem = walk.problem.model, walk.problem
        problem.check_answered("no error comes back")
        self.walk, self.length, self.wide = walk, walk.length, layout.wide
        self.chart = WORDS + (1 if self.wide == 1 else 5)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            self.trace = record(
                partial(gradient_flow, model.network),
                weight=model.weights,
                scale=np.array([[1.0]]),
                input=problem.reads(range(1, walk.length + 1)),
                target=problem.aims([walk.length])[0],
                initial=problem.start,
                after=nothing_after(problem.start),
            )
        self.names = Names(self.trace.named, problem, course=walk.names.course)
        for node, label in self.names.labels.items():
            if label.field not in QUOTIENTS and not np.all(np.isfinite(node.value)):
                raise InputError(
                    f"{label.key} of the sheet {FLOW} is too large for a workbook, which holds finite numbers only; "
                    f"take smaller weights or {problem.shorter} (rnnwalk gradients shows it)"
                )
        self.drawn: dict[Node, CellRef] = {}
        self.blocks: list[tuple[int, list[Node]]] = []
        self._given(layout)
        self._place()

    def _given(self, layout: Layout) -> None:
        """What Inputs already holds is read from there."""
        for node, label in self.names.labels.items():
            if label.group in ("weight", "input", "target", "initial"):
                self.drawn[node] = layout.home[self.walk.names.node[label.key]]
        self.drawn[self.names.node["scale"]] = SCALE

    def _place(self) -> None:
        for row, field in enumerate(("norm", *QUOTIENTS), start=SUMMARY):
            for node in self.nodes_of(field):
                self.drawn[node] = self._column(node, row)
        self.told = self.chart + HEIGHT
        row, seen = self.told + TOLD, set[str]()
        for node, label in self.names.labels.items():
            if node in self.drawn or label.field in seen or node.path == ("after", "h"):  # which is not used
                continue
            nodes = [node] if label.letter is None else self.nodes_of(label.field)
            if label.letter is not None:
                seen.add(label.field)
            self.blocks.append((row, nodes))
            for each in nodes:
                self.drawn[each] = self._column(each, row + 3)
            row += 4 + max(each.shape[0] for each in nodes)
        self.end = row
        widest = max(
            FIRST + self.length * self.wide, *(place.column + node.shape[1] for node, place in self.drawn.items())
        )
        cells = sum(node.value.size for node in self.drawn)
        if widest + SPARE > MOST_COLUMNS or row > MOST_ROWS or cells > MOST_CELLS:
            raise InputError(
                f"this text or network is too large for the sheet {FLOW}; take fewer letters or hidden units"
            )

    @property
    def middle(self) -> int:
        """The letter where the far half of the way begins, as in ``rnnwalk.tasks.gradient_flow``."""
        return max(2, (self.length + 1) // 2)

    def nodes_of(self, field: str) -> list[Node]:
        """The nodes of a field that has a letter, in order."""
        found = [
            (label.letter, node) for node, label in self.names.labels.items() if label.field == field and label.letter
        ]
        return [node for _, node in sorted(found, key=lambda pair: pair[0])]

    def _column(self, node: Node, row: int) -> CellRef:
        letter = self.names.labels[node].letter
        return CellRef(FLOW, row, FIRST + ((letter - 1) * self.wide if letter else 0))
