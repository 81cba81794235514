"""Equations in LaTeX, in the article's notation and in that of courses."""

import re
import unicodedata

from rnnwalk.engine.notes import as_dict
from rnnwalk.trace.expression import Expr
from rnnwalk.trace.notation import ATOM, LATEX, write
from rnnwalk.trace.record import Node
from rnnwalk.walks.names import Names

RAISED = str.maketrans("ᵒʷⁿᵗⁱᵐᵉ′", "owntime'")


def equation(node: Node, whole: Expr, joined: tuple[Expr, dict[Node, str]] | None, names: Names) -> str:
    """What a value is, and how it was made. whole: the expression of it; joined: the same with the one product of courses,
    and what they call its matrix.
    """

    def leaf(expr: Expr) -> tuple[str, int]:
        assert expr.node is not None
        label = names.labels[expr.node]
        if label.note.symbol == "=":
            return write(names.expr(expr.node), LATEX, leaf), names.binding(expr.node)
        return of_courses(label.symbol) if names.course is not None else of_article(expr.node, names), ATOM

    left, right = leaf(Expr("leaf", (), node))[0], write(whole, LATEX, leaf)
    if right == left:
        return right
    if joined is None:
        return f"{left} = {right}"
    expr, called = joined
    short = write(
        expr, LATEX, lambda part: (of_courses(called[part.node]), ATOM) if part.node in called else leaf(part)
    )
    return f"{left} = {short} = {right}"


def of_article(node: Node, names: Names) -> str:
    """The symbol of a value: h_{2}, W_{xh}, \\partial L/\\partial z_{f,2}."""
    label = names.labels[node]
    letters, of = label.field.rstrip("0123456789"), ""
    if label.note.symbol.startswith("∂L/∂"):
        letters, of = letters[1:], r"\partial L/\partial "
    base, *below = letters.split("_")  # LaTeX takes one subscript: dh_own at letter 2 has "own,2"
    below = [_upright(part) for part in below]
    if letters in as_dict(names.problem.model.weights):
        base, below = letters[0], [letters[1:]]
    if "′" in label.note.symbol:
        below.append(_upright("new"))
    if label.letter is not None:
        below.append(str(label.letter))
    foot = ",".join(filter(None, below))
    return of + _upright(base) + (f"_{{{foot}}}" if foot else "")


def _upright(name: str) -> str:
    """A name in LaTeX: more than one letter would be read as a product."""
    return rf"\text{{{name}}}" if len(name) > 1 else name


def of_courses(symbol: str) -> str:
    """A symbol of the course's notation in LaTeX: \\Gamma_{f}^{\\langle 2\\rangle}."""
    if "∂L/∂" in symbol:
        before, _, after = symbol.partition("∂L/∂")
        return before + r"\partial L/\partial " + of_courses(after)
    base, _, time = symbol.partition("⟨")
    inside, _, rest = time.partition("⟩")
    above = [rf"\langle {inside}\rangle"] if inside else []
    above += [rf"\text{{{rest.translate(RAISED)}}}"] if rest else []
    if base[1:2] == "\u0303" or base == "ã":
        text = rf"\tilde{{{unicodedata.normalize('NFD', base)[0]}}}"
    elif base.startswith("slope_"):
        text = rf"\text{{slope}}_{{{of_courses(base.removeprefix('slope_'))}}}"
    elif base == "ŷ":
        text = r"\hat{y}"
    elif re.fullmatch(r"[A-Za-zΓ][a-z]{0,2}", base):
        text = base[0].replace("Γ", r"\Gamma") + (f"_{{{base[1:]}}}" if base[1:] else "")
    else:
        text = rf"\text{{{base}}}".replace("_", r"\_")
    return text + (f"^{{{','.join(above)}}}" if above else "")
