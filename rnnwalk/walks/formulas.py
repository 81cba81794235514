"""How a quantity was made, in symbols and in numbers: h₂[1] = tanh(0.846060 + 0.863014) = ... = 0.936534."""

from dataclasses import replace

from rnnwalk.trace.expression import Expr, Index, element, unfold
from rnnwalk.trace.notation import ATOM, LATEX, MATHS, SIGN, Notation, write
from rnnwalk.trace.record import Node, opened
from rnnwalk.walks.names import Names
from rnnwalk.walks.numbers import decimals, number

LONG = 6  # a sum of more terms is shown with its middle left out
GAP = Expr("leaf")  # what is left out


class Formulas:
    """Writes the values of one trace. digits: decimals of the numbers put in."""

    def __init__(self, names: Names, digits: int = 6) -> None:
        self.names = names
        self.digits = digits
        self._digits: dict[Node, int] = {}

    def expr(self, node: Node, at: Index | None = None) -> Expr:
        """How a value was made from the nearest values that have names."""
        return unfold(node, at, lambda other: other in self.names.labels)

    def equation(self, node: Node, notation: Notation = MATHS) -> str:
        """``h₂ = tanh(...)``, in symbols; "" for what was given, and the bare formula where it is the name."""
        if node.op == "input":
            return ""
        right = write(shorten(self.expr(node)), notation, self._latex if notation is LATEX else self._symbol)
        name = self._latex(Expr("leaf", (), node))[0] if notation is LATEX else self.names.symbol(node)
        return right if right == name else f"{name} = {right}"

    def shapes(self, node: Node) -> str:
        """The same equation in shapes: (3×4)·(4×1) = (3×1)."""
        right = write(shorten(self.expr(node)), MATHS, _shape)
        return f"{right} = {shape(node)}"

    def symbols(self, node: Node, at: Index) -> str:
        """How an element was made, in symbols."""
        return write(shorten(self.expr(node, at)), MATHS, self._symbol)

    def numbers(self, node: Node, at: Index) -> list[str]:
        """How an element was made, in numbers: as put in, then with the inner results, then the result."""
        expr = self.expr(node, at)
        stages = [] if expr.op == "leaf" else [write(shorten(expr), MATHS, self._number)]
        if expr.op == "sigmoid":
            stages.append(
                write(unfold(opened(node), at, lambda other: other in self.names.labels), MATHS, self._number)
            )
        elif any(arg.op != "leaf" for arg in expr.args) and expr.op != "negative" and not _picks(expr):
            inner = replace(expr, args=tuple(arg if arg.op == "leaf" else _closed(arg) for arg in expr.args))
            stages.append(write(shorten(inner), MATHS, self._number))
        return [*stages, self.result(node, at)]

    def result(self, node: Node, at: Index) -> str:
        """One element as it is shown."""
        return number(element(node, at), self.digits_of(node))

    def digits_of(self, node: Node) -> int:
        """How many decimals a value is shown with."""
        if node not in self._digits:
            self._digits[node] = decimals(node, self.digits)
        return self._digits[node]

    def line(self, node: Node, at: Index, formulas: str = "numbers") -> str:
        """One element written out on one line: symbol = numbers put in = result (and symbols first, for "both")."""
        stages = self.numbers(node, at)
        if formulas != "numbers" and len(stages) > 1:
            symbols = self.symbols(node, at)
            stages = [symbols, *stages] if formulas == "both" else [symbols, stages[-1]]
        return " = ".join([self.names.symbol(node, at), *stages])

    def _symbol(self, leaf: Expr) -> tuple[str, int]:
        if leaf is GAP:
            return "…", ATOM
        if leaf.node is None or leaf.node.op == "constant":
            return f"{leaf.value:g}", ATOM
        text = self.names.symbol(leaf.node, leaf.at)
        return text, ATOM if text.endswith("]") else self.names.binding(leaf.node)

    def _number(self, leaf: Expr) -> tuple[str, int]:
        if leaf is GAP:
            return "…", ATOM
        if leaf.node is not None and leaf.node.op == "constant":
            return f"{leaf.value:g}", ATOM
        text = number(leaf.value, self.digits if leaf.node is None else self.digits_of(leaf.node))
        return text, SIGN if text.startswith("-") else ATOM

    def _latex(self, leaf: Expr) -> tuple[str, int]:
        if leaf is GAP:
            return r"\dots", ATOM
        if leaf.node is None or leaf.node.op == "constant":
            return f"{leaf.value:g}", ATOM
        name = self.names.labels[leaf.node]
        if name.note.symbol == "=":
            return write(self.expr(leaf.node), LATEX, self._latex), self.names.binding(leaf.node)
        letters = name.field.rstrip("0123456789")
        time = "" if name.letter is None else f"_{{{name.letter}}}"
        base = f"{letters[0]}_{{{letters[1:]}}}" if name.group == "weight" and len(letters) > 1 else letters
        return (rf"\text{{{base}}}{time}" if len(base) > 1 and "_" not in base else f"{base}{time}"), ATOM


def shape(node: Node | None) -> str:
    """(3×4); a single number is (1×1)."""
    rows, columns = (node.shape if node is not None else ()) or (1, 1)
    return f"({rows}×{columns})"


def _shape(leaf: Expr) -> tuple[str, int]:
    if leaf is GAP:
        return "…", ATOM
    if leaf.node is None or leaf.node.op == "constant":
        return f"{leaf.value:g}", ATOM
    return shape(leaf.node).strip("()"), 0


def shorten(expr: Expr, most: int = LONG) -> Expr:
    """The expr with long sums cut in the middle; products with an exact 0 go first."""
    args = tuple(shorten(arg, most) for arg in expr.args)
    if expr.op in ("dot", "series", "max", "total") and len(args) > most:
        kept = [arg for arg in args if not (arg.op == "multiply" and 0 in [part.value for part in arg.args])]
        if not kept or len(kept) > most - 2:
            kept = [*args[:3], GAP, args[-1]]
        elif len(kept) < len(args):
            kept = [*kept, GAP]
        args = tuple(kept)
    return replace(expr, args=args)


def _picks(expr: Expr) -> bool:
    """True for a product with a one-hot column, whose inner results would only repeat zeros."""
    return expr.op == "dot" and all(any(part.value in (0, 1) for part in arg.args) for arg in expr.args)


def _closed(expr: Expr) -> Expr:
    return Expr("leaf", (), expr.node if expr.node and expr.node.op == "input" else None, expr.at, expr.value)
