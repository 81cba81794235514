"""A value's equation for any time step, as it stands over a row of them: hₜ = tanh(Wxh·xₜ + Whh·hₜ₋₁ + b)."""

from rnnwalk.render.workbook.book import Book
from rnnwalk.trace.expression import Expr
from rnnwalk.trace.notation import COURSE, MATHS, write
from rnnwalk.trace.record import Node


def generic(book: Book, node: Node) -> str:
    """A value's equation for any time step: hₜ = tanh(Wxh·xₜ + Whh·hₜ₋₁ + b); in the notation of courses with the one product
    that they write, Wf·[a⟨t−1⟩, x⟨t⟩].
    """
    names = book.walk.names
    expr, notation, products = names.expr(node), MATHS, dict[Node, str]()
    if names.course is not None:
        from rnnwalk.walks.course_notation import joined, joints

        expr, notation = joined(expr, names.labels), COURSE
        products = joints(expr, names.labels)
    letter = names.labels[node].letter or 0

    def leaf(expr: Expr) -> tuple[str, int]:
        assert expr.node is not None
        return symbol(expr.node, (names.labels[expr.node].letter or 0) - letter), names.binding(expr.node)

    def symbol(part: Node, distance: int) -> str:
        if part in products:
            return products[part]
        label = names.labels[part]
        if label.note.symbol == "=":
            return write(names.expr(part), MATHS, leaf)
        text = label.note.symbol.replace("ₜ", "ₜ₋₁" if distance < 0 else "ₜ₊₁" if distance > 0 else "ₜ")
        return names.say(text)

    right = write(expr, notation, leaf)
    left = symbol(node, 0)
    return right if left == right or names.labels[node].group not in ("forward", "backward") else f"{left} = {right}"


def equations(book: Book, timed: list[Node]) -> str:
    """A field's equation for any time step, and that of the last one, or of the one before, where that is another: an answer
    at the end alone sends its error there alone.
    """
    found: dict[str, int] = {}
    for node in timed:
        if (letter := book.walk.names.labels[node].letter) and (node.op != "input" or not found):
            found.setdefault(generic(book, node), letter)
    first, *others = found
    last = book.walk.length
    where = {last: f"at the last {book.noun}", last - 1: f"before the last {book.noun}"}
    return ";   ".join([first, *[f"{where.get(found[text], f'from {found[text]} on')}: {text}" for text in others]])


def called(book: Book, node: Node) -> str:
    """What a value is called at any time step: hₜ, or its formula where it has no other name."""
    symbol = book.walk.names.labels[node].note.symbol
    return generic(book, node) if symbol == "=" else symbol
