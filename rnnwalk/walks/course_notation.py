"""The notation of courses: a⟨t⟩ for the hidden state, x⟨t⟩, ŷ⟨t⟩, the gates Γ, the candidate with a tilde.

It follows from the letters that a cell's COURSE gives its gates, and from their roles. Ng's course "Sequence Models"
writes Wf·[a⟨t−1⟩, x⟨t⟩] for one product with two columns on top of each other. What is computed, drawn and differentiated
here are the two products Wfa·a⟨t−1⟩ + Wfx·x⟨t⟩ that it means, with Wf = [Wfa Wfx].
"""

import re
from collections.abc import Collection, Mapping

from rnnwalk.engine.cells.cell import Cell
from rnnwalk.engine.network import Output
from rnnwalk.engine.notes import notes, with_axes
from rnnwalk.model.model import Model
from rnnwalk.model.problem import BESIDE
from rnnwalk.model.symbols import shown, width
from rnnwalk.text import DIGITS, beginning
from rnnwalk.trace.expression import Expr
from rnnwalk.trace.record import Node
from rnnwalk.walks.label import Label
from rnnwalk.walks.labels import TARGET

COMMON = {"h": "a", "x": "x", "y": "zy", "p": "ŷ", "Why": "Wya", "by": "by"}
TILDE = {"a": "ã"}  # other letters take a combining one
MARKS = {"₋": "t−1", "ₜ₋₁": "t−1", "ₜ₊₁": "t+1", "ₜ": "t"}
TIME = r"(?P<time>₋|ₜ₋₁|ₜ₊₁|ₜ|[₀-₉]+)?"
# Left as it is: what a reader typed, stands in “…”, is an index, or is the argument of a function that is explained.
KEPT = r"“[^”]*”|(?:symbols:|which of these it is:|gives [0-9]+ numbers?:|gives the numbers?|names one of) [^.]*|\S+ → \S+|\[[^\] ₜ₀-₉][^\]ₜ₀-₉]*\]|σ\(z\)|e\^−z\b|n units|n×n|(?:^|(?<=[.?] ))Why(?=:| (?!times)[a-z⊙])"


def table(cell: Cell) -> dict[str, str]:
    """What each symbol of a cell is called in the course's notation, without its time."""
    weights, step, slopes = notes(cell.Weights), notes(cell.Step), notes(cell.LocalGrads)
    found = {name: note.symbol.removesuffix("ₜ") for name, note in {**weights, **step, **slopes}.items()}
    named: dict[str, str] = {**cell.COURSE.others}
    for letter, gate in reversed([*cell.COURSE.gates.items()]):  # of two letters for one gate the first is written
        role = step[gate].role or "" if gate in step else ""
        named |= {f"Wx{gate}": f"W{letter}x", f"Wh{gate}": f"W{letter}a", f"b{gate}": f"b{letter}"}
        named |= {f"bh{gate}": f"b{letter}a", f"z{gate}": f"z{letter}"}
        if role.endswith("gate"):
            named[gate] = f"Γ{letter}"
        elif role == "candidate":
            named[gate] = TILDE.get(letter, f"{letter}\u0303")
        named[f"slope_{gate}"] = f"slope_{named.get(gate, gate).removeprefix('Γ')}"
    here = {symbol: named[field] for field, symbol in found.items() if field in named}
    state = {part: part for part in notes(cell.State)}
    for axes in ("nk", "nn"):  # what several matrices are called together: Wx…
        together = with_axes(cell.Weights, axes)
        theirs = [here[name] for name in together if name in here]
        if len(theirs) == len(together) > 1:
            here[f"{beginning(together)}…"] = f"{beginning(theirs)}…{theirs[0][-1]}"
    same = [note.symbol.removesuffix("ₜ") for note in [*notes(Output).values(), TARGET]]
    return {**state, **{symbol: symbol for symbol in same}, **here, **COMMON}


def course_of(model: Model) -> "CourseNotation":
    """The notation of courses for what is said of a model."""
    named = [*model.vocabulary, *model.answers, *(model.task.inputs or ())]
    return CourseNotation(model.network.cell, [shown(symbol) for symbol in named])


class CourseNotation:
    """Texts and symbols in the notation of courses. letters: the vocabulary and the names of inputs and answers, never taken for symbols."""

    def __init__(self, cell: Cell, letters: Collection[str] = ()) -> None:
        self.table = table(cell)
        self.letters = frozenset(letters)
        made = [*notes(cell.Step).values(), *notes(cell.LocalGrads).values()]
        self.timed = {"x", "y", "p", *[note.symbol.removesuffix("ₜ") for note in made]}
        names = "|".join(sorted(map(re.escape, self.table), key=len, reverse=True))
        self._symbol = re.compile(rf"(?<![A-Za-z0-9_Γ\-])(?P<name>{names}){TIME}(?![A-Za-z0-9_⟨\u0303]|\.[a-z])")
        self._text = re.compile(f"(?P<kept>{KEPT})|(?P<alone>ₜ₋₁|ₜ₊₁|ₜ)|{self._symbol.pattern}")

    def symbol(self, label: Label) -> str:
        """The symbol of a value: ∂L/∂a⟨2⟩ for ∂L/∂h₂."""
        time = "" if label.letter is None else f"⟨{label.letter}⟩"
        written = self._symbol.sub(lambda found: self.table[found["name"]] + (found["time"] or ""), label.note.symbol)
        return written.replace("ₜ", time)

    def weight(self, symbol: str) -> str:
        """What a weight is called, though a letter of the vocabulary may be written like it: ba for b."""
        return self.table.get(symbol, symbol)

    def say(self, text: str, letter: int | None = None) -> str:
        """A text with its symbols in the course's notation; letter: the time step that it is about, ⟨t⟩ where it is none."""
        if all(part.rstrip(" ✓✗") in self.letters for part in text.split(BESIDE)):
            return text
        if all(part in self.letters or part.isdigit() for part in text.split(",")):  # a row and a column: 1,h
            return text
        times = (
            MARKS
            if letter is None
            else {mark: str(letter + int(time[1:].replace("−", "-") or 0)) for mark, time in MARKS.items()}
        )

        def said(found: "re.Match[str]") -> str:
            if found["alone"]:
                return f"⟨{times[found['alone']]}⟩"
            return found[0] if found["kept"] is not None else self._said(found, f"⟨{times['ₜ']}⟩", times)

        return self._text.sub(said, text)

    def redraw(self, line: str) -> str:
        """A line of a picture; what grows takes the blanks or the line after it, so that columns stay."""
        done = ""
        while found := self._symbol.search(line):
            new = self._said(found)
            done, line = done + line[: found.start()] + new, line[found.end() :]
            grown = width(new) - width(found[0])
            room = re.search(rf"([ ─═])\1{{{grown}}}", line) if grown > 0 else None
            if room is not None:
                line = line[: room.start()] + line[room.start() + grown :]
        return done + line

    def _said(self, found: "re.Match[str]", usual: str = "", times: Mapping[str, str] = MARKS) -> str:
        """A symbol that was found; usual: the time of one that changes with time and has none here; times: of marks."""
        time, name = found["time"], found["name"]
        if time is not None:
            return f"{self.table[name]}⟨{times.get(time) or time.translate(DIGITS)}⟩"
        return self.table[name] + (usual if name in self.timed else "")


def joined(expr: Expr, labels: Mapping[Node, Label]) -> Expr:
    """W·[a, x] for Wx·x + Wh·a, wherever a sum begins so and the two are called alike."""
    args = tuple(joined(arg, labels) for arg in expr.args)
    if expr.op == "add" and [_reads(arg, labels) for arg in args] == ["nk", "nn"]:
        (Wx, x), (Wh, a) = args[0].args, args[1].args
        if _alike(Wh, Wx, labels):  # a matrix that is scaled is not
            return Expr("matmul", (Expr("joint", (Wh, Wx)), Expr("stacked", (a, x))))
    return expr._replace(args=args)


def joints(expr: Expr, labels: Mapping[Node, Label]) -> dict[Node, str]:
    """What each product of an expression is called that ``joined`` has made, by the first of its two matrices: Wf."""
    if expr.op == "joint":
        Wh, Wx = expr.args
        assert Wh.node is not None
        return {Wh.node: _alike(Wh, Wx, labels)}
    return {node: called for arg in expr.args for node, called in joints(arg, labels).items()}


def _alike(Wh: Expr, Wx: Expr, labels: Mapping[Node, Label]) -> str:
    """What the symbols of two matrices begin with."""
    return beginning([labels[each.node].symbol for each in (Wh, Wx) if each.node is not None])


def _reads(expr: Expr, labels: Mapping[Node, Label]) -> str:
    """The axes of the weight that an expression begins with, if it is a product."""
    weight = expr.args[0].node if expr.op == "matmul" else None
    return labels[weight].note.axes if weight is not None and weight in labels else ""
