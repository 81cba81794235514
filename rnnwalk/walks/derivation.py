"""How a value was made, in symbols and in numbers: h₂[1] = tanh(0.846060 + 0.863014) = ... = 0.936534.

A value is unfolded once; its page, its line in the explain tree and its block in a workbook take what they show.
"""

from functools import cached_property
from itertools import pairwise

from rnnwalk.marked import Marked, joined, mark, read
from rnnwalk.trace.expression import Expr, Index, element, unfold
from rnnwalk.trace.notation import ATOM, COURSE, MATHS, SIGN, write
from rnnwalk.trace.record import Node, opened
from rnnwalk.walks import latex
from rnnwalk.walks.long_sums import ranked, shorten
from rnnwalk.walks.names import Names
from rnnwalk.walks.numbers import decimals, number
from rnnwalk.walks.rounding import comes_to

MARK = "\ue000"  # stands on both sides of a matrix's number while an equation is printed


class Derivations:
    """The derivations of the values of one trace: ``derivations[node]``. digits: decimals of the numbers put in."""

    def __init__(self, names: Names, digits: int = 6) -> None:
        self.names = names
        self.digits = digits
        self._of: dict[Node, Derivation] = {}

    def __getitem__(self, node: Node) -> "Derivation":
        if node not in self._of:
            self._of[node] = Derivation(self, node)
        return self._of[node]


class Derivation:
    """How one value was made from the nearest values that have names."""

    def __init__(self, derivations: Derivations, node: Node) -> None:
        self.node = node
        self._all = derivations
        self._names = derivations.names
        self._elements: dict[Index, Expr] = {}

    @cached_property
    def whole(self) -> Expr:
        """The expression of the whole value, long sums cut."""
        return shorten(self._names.expr(self.node))

    @cached_property
    def equation(self) -> Marked:
        """``h₂ = tanh(...)``, in symbols; "" for what was given, and the bare formula where it is the name."""
        if self.node.op == "input":
            return Marked(())
        left, right = self._called(), read(write(self.whole, MATHS, self._symbol))
        return right if right == left else joined(" = ", [self.short or left, right])

    @cached_property
    def short(self) -> Marked:
        """In the notation of courses, a sum of products as the one product that they write: zf = Wf·[a, x] + bf; else ""."""
        if self.joined is None:
            return Marked(())
        expr, called = self.joined

        def leaf(part: Expr) -> tuple[str, int]:
            assert part.node is not None
            name = called.get(part.node)
            return self._symbol(part) if name is None else (mark(name, self._names.labels[part.node].role), ATOM)

        return joined(" = ", [self._called(), read(write(expr, COURSE, leaf))])

    @cached_property
    def joined(self) -> tuple[Expr, dict[Node, str]] | None:
        """The expression of the whole value with the one product of courses in it, and what they call its matrix; None where
        there is none.
        """
        if self.node.op == "input" or self._names.course is None:
            return None
        from rnnwalk.walks.course_notation import joined, joints

        expr = joined(self.whole, self._names.labels)
        return (expr, joints(expr, self._names.labels)) if expr != self.whole else None

    @cached_property
    def latex(self) -> str:
        """The same equation in LaTeX."""
        return "" if self.node.op == "input" else latex.equation(self.node, self.whole, self.joined, self._names)

    @cached_property
    def shapes(self) -> str:
        """The same equation in shapes: (3×4)·(4×1) = (3×1)."""
        written = write(self.whole, MATHS, _shape)
        if self.whole.op == "leaf":  # what a leaf stands in puts the brackets, and this one stands alone
            written = f"({written})"
        return f"{written} = {shape(self.node)}"

    @cached_property
    def drawing(self) -> list[Node | str]:
        """The same equation as it is drawn, values and the signs between them: W, "·", x, " = ", the result."""
        drawn: list[Node] = []

        def leaf(expr: Expr) -> tuple[str, int]:
            assert expr.node is not None
            drawn.append(expr.node)  # the printer may ask twice, so the mark says which one it is
            return f"{MARK}{len(drawn) - 1}{MARK}", ATOM

        pieces = f"{write(self.whole, MATHS, leaf)} = ".split(MARK)
        parts = [drawn[int(piece)] if i % 2 else piece for i, piece in enumerate(pieces) if piece]
        return [*parts, self.node]

    @cached_property
    def decimals(self) -> int:
        """How many decimals the value is shown with."""
        return decimals(self.node, self._all.digits)

    def element(self, at: Index) -> Expr:
        """The expression of one element, nothing left out."""
        if at not in self._elements:
            self._elements[at] = self._names.expr(self.node, at)
        return self._elements[at]

    def sources(self, at: Index) -> list[tuple[Node, Index]]:
        """The elements that an element is made of, of a long sum those of its largest terms first; those that are multiplied
        by a one-hot 0 are left out."""
        labels, found = self._names.labels, dict[tuple[Node, Index], None]()
        stack = [self.element(at)]
        while stack:
            expr = stack.pop()
            if expr.op == "leaf" and expr.node is not None:
                found[expr.node, expr.at or (0, 0)] = None
            hot = [arg.value for arg in expr.args if arg.op == "leaf" and labels[arg.node].group == "input"]  # type: ignore[index]
            if expr.op != "multiply" or 0 not in hot:
                stack += reversed(ranked(expr))
        return list(found)

    def traced(self, at: Index) -> dict[Node, frozenset[Index]]:
        """Where an element is followed: itself, all that it is made of, and the column that a one-hot picks."""
        found: dict[Node, set[Index]] = {self.node: {at}}
        stack = [self.element(at)]
        while stack:
            expr = stack.pop()
            stack += expr.args
            if expr.op == "leaf" and expr.node is not None:
                found.setdefault(expr.node, set()).add(expr.at or (0, 0))
        for node, column in self.picked(at).items():
            found[node] |= {(row, column) for row in range(node.shape[0])}
        return {node: frozenset(places) for node, places in found.items()}

    def largest(self, at: Index) -> dict[Node, frozenset[Index]]:
        """Where the terms stand of which a long sum is mostly made, those that are written: all of a short one."""
        found: dict[Node, set[Index]] = {}
        stack = [shorten(self.element(at))]
        while stack:
            expr = stack.pop()
            stack += expr.args
            if expr.op == "leaf" and expr.node is not None:
                found.setdefault(expr.node, set()).add(expr.at or (0, 0))
        return {node: frozenset(places) for node, places in found.items()}

    def picked(self, at: Index) -> dict[Node, int]:
        """The column of each matrix that a one-hot column picks on the way to an element."""
        found = dict[Node, int]()
        stack = [self.element(at)]
        while stack:
            expr = stack.pop()
            stack += expr.args
            if expr.op == "multiply" and len(expr.args) == 2:
                matrix, hot = expr.args
                if hot.value == 1 and self._read(hot) and matrix.node and matrix.at and matrix.node.shape[1] > 1:
                    found[matrix.node] = matrix.at[1]
        return found

    def _read(self, expr: Expr) -> bool:
        """Whether it is a number of a one-hot column that is read: among numbers that are read, a 1 is one of them."""
        node = expr.node if expr.op == "leaf" else None
        return node is not None and self._names.labels[node].group == "input" and self._names.one_hot(node)

    def numbers(self, at: Index) -> list[Marked]:
        """How an element was made, in numbers: as put in, then with the inner results, then the result."""
        stages = [read(write(shorten(stage), MATHS, self._number)) for stage in self._stages(at)]
        return [*stages, Marked([(self.result(at), self._names.labels[self.node].role)])]

    def _stages(self, at: Index) -> list[Expr]:
        """The expressions of an element on the way to its result: as put in, then with the inner results."""
        expr = self.element(at)
        if expr.op == "leaf":
            return []
        if expr.op == "sigmoid":
            return [expr, unfold(opened(self.node), at, self._names.labels)]
        if (
            any(_made(arg) for arg in expr.args)
            and expr.op != "negative"
            and not _picks(expr)
            and self.node.op != "cross_entropy"
        ):
            return [expr, expr._replace(args=tuple(_closed(arg) if _made(arg) else arg for arg in expr.args))]
        return [expr]

    def _joints(self, at: Index) -> list[str]:
        """What stands before each stage after the first: " = ", or " ≈ " where the numbers as shown do not come to it."""
        stages, found = self._stages(at), []
        for before, after in pairwise(stages):
            parts = zip(before.args, after.args, strict=True) if len(before.args) == len(after.args) else []
            made = [(old, new) for old, new in parts if old.args and not new.args]
            found.append(all(comes_to(old, self._shown, self._shown(new)) for old, new in made))
        if stages:
            found.append(comes_to(stages[-1], self._shown, self.result(at)))
        if all(found) and stages and not comes_to(stages[0], self._shown, self.result(at)):
            found[0] = False  # small steps, each of which is still right, have added up
        return [" = " if true else " ≈ " for true in found]

    def result(self, at: Index) -> str:
        """One element as it is shown."""
        return number(element(self.node, at), self.decimals)

    def line(self, at: Index, show: str = "numbers") -> Marked:
        """One element written out on one line: symbol = numbers put in = result (and symbols first, for "both").

        ≈ stands for = where rounding shows."""
        stages, joints = self.numbers(at), self._joints(at)
        if show != "numbers" and len(stages) > 1:
            symbols = read(write(shorten(self.element(at)), MATHS, self._symbol))
            both = show == "both"
            stages, joints = [symbols, *(stages if both else stages[-1:])], [" = ", *(joints if both else [])]
        told: list[tuple[str, Marked]] = []
        for joint, stage in zip([" = ", *joints], stages, strict=True):
            if told and _says(told[-1][1], stage):  # a sum of one term, or a slope of 1: once is enough
                before, _ = told.pop()
                joint = " ≈ " if " ≈ " in (before, joint) else " = "
            told.append((joint, stage))
        return Marked(
            [*self._called(at).parts, *[part for joint, stage in told for part in ((joint, ""), *stage.parts)]]
        )

    def given(self, at: Index) -> Marked:
        """One element with its result alone: symbol = result."""
        return joined(" = ", [self._called(at), self.numbers(at)[-1]])

    def _called(self, at: Index | None = None) -> Marked:
        """The value's own symbol."""
        return read(self._names.marked(self.node, at))

    def _symbol(self, leaf: Expr) -> tuple[str, int]:
        assert leaf.node is not None
        indexed = self._names.symbol(leaf.node, leaf.at).endswith("]")
        return self._names.marked(leaf.node, leaf.at), ATOM if indexed else self._names.binding(leaf.node)

    def _shown(self, leaf: Expr) -> str:
        return number(leaf.value, self._all.digits if leaf.node is None else self._all[leaf.node].decimals)

    def _number(self, leaf: Expr) -> tuple[str, int]:
        text = self._shown(leaf)  # of what has no node: an inner result
        role = "" if leaf.node is None else self._names.labels[leaf.node].role
        return mark(text, role), SIGN if text.startswith("-") else ATOM


def _says(text: str, other: str) -> bool:
    """Whether two texts are the same, or the same number."""
    try:
        return text == other or float(text) == float(other)
    except ValueError:
        return False


def shape(node: Node) -> str:
    """(3×4); a single number is (1×1)."""
    rows, columns = node.shape or (1, 1)
    return f"({rows}×{columns})"


def _shape(leaf: Expr) -> tuple[str, int]:
    assert leaf.node is not None
    return shape(leaf.node).strip("()"), 0


def _picks(expr: Expr) -> bool:
    """True for a product with a one-hot column, whose inner results would only repeat zeros."""
    return expr.op == "dot" and all(any(part.value in (0, 1) for part in arg.args) for arg in expr.args)


def _made(expr: Expr) -> bool:
    """True for what is itself computed inside an expression."""
    return bool(expr.args)


def _closed(expr: Expr) -> Expr:
    return Expr("leaf", (), expr.node if expr.node and expr.node.op == "input" else None, expr.at, expr.value)
