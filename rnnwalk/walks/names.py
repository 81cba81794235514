"""The names of a trace, both ways: from a value to its name, and from what a person typed to the value."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from rnnwalk.errors import InputError
from rnnwalk.marked import marked_in_full, read
from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import brief, shown
from rnnwalk.model.task import RANK
from rnnwalk.text import DIGITS
from rnnwalk.trace.expression import Expr, Index, leaves, unfold
from rnnwalk.trace.notation import ATOM, CALL, MATHS, write
from rnnwalk.trace.record import Node, Path
from rnnwalk.walks.label import Label
from rnnwalk.walks.labels import ANSWER, label_of
from rnnwalk.walks.near_names import instead, near, spans

if TYPE_CHECKING:
    from rnnwalk.walks.course_notation import CourseNotation


class Names:
    """The names of a trace of a problem, both ways; and of the rows and columns of each value.

    labels: of each value that has a name; node: such a value by its key; first: the first letter of the trace;
    course: the notation of courses, where symbols are to be written in it.
    """

    def __init__(
        self, named: dict[Path, Node], problem: Problem, first: int = 1, course: "CourseNotation | None" = None
    ) -> None:
        self.problem = problem
        self.letters = [shown(symbol) for symbol in problem.model.vocabulary]
        self.answers = [shown(name) for name in problem.model.answers]
        task = problem.model.task
        inputs = (
            [RANK] if task.ranks else self.letters if task.inputs is None else [shown(name) for name in task.inputs]
        )
        self._heads = {"o": self.answers, "v": self.letters, "k": inputs}
        network, count = problem.model.network, sum(path[0] == "input" for path in named)
        self.labels: dict[Node, Label] = {node: label_of(path, network, count, first) for path, node in named.items()}
        if problem.given is not None:  # what is true is not the next symbol
            for node, label in self.labels.items():
                if label.group == "target":
                    self.labels[node] = label._replace(note=ANSWER)
        self.course = course
        if course is not None:
            for node, label in self.labels.items():
                self.labels[node] = label._replace(symbol=course.symbol(label))
        # the formulas that values are called by, marked, and how strongly they bind
        self._formulas: dict[Node, tuple[str, int]] = {}
        for node, label in self.labels.items():
            if label.symbol == "=":
                expr = self.expr(node)
                marked = marked_in_full(write(expr, MATHS, self._leaf), label.role)
                self.labels[node] = label._replace(symbol=str(read(marked)))
                self._formulas[node] = marked, MATHS[expr.op].binding
        self.node: dict[str, Node] = {label.key: node for node, label in self.labels.items()}

    def say(self, text: str) -> str:
        """A text with its symbols in the notation of these names."""
        return text if self.course is None else self.course.say(text)

    def expr(self, node: Node, at: Index | None = None, *, live: bool = False) -> Expr:
        """How a value (or an element of it) was made from the nearest values that have names; live: see ``unfold``."""
        return unfold(node, at, self.labels, live=live)

    def parts(self, node: Node) -> list[Node]:
        """The named values that a value is made of."""
        return leaves(self.expr(node))

    def binding(self, node: Node) -> int:
        """How strongly the symbol of a value binds: a value without a letter of its own is called by its formula."""
        return self._formulas[node][1] if node in self._formulas else ATOM

    def _leaf(self, leaf: Expr) -> tuple[str, int]:
        assert leaf.node is not None
        return self.marked(leaf.node), self.binding(leaf.node)

    def heads(self, node: Node, axis: int) -> list[str]:
        """The headings of a value's rows (axis 0) or columns (axis 1); none for a single one.

        By them an element is typed. Columns beside each other, one for each sequence, are counted.
        """
        count = node.shape[axis] if node.shape else 1
        kind = self.labels[node].note.axes[axis] if node in self.labels else "n"
        if (kind == "1" and count == 1) or (node.shape == (1, 1) and kind == "n"):
            return []
        names = self._heads.get(kind, [])
        return names if len(names) == count and not self._vectors(kind) else [str(i + 1) for i in range(count)]

    def tops(self, node: Node) -> list[str]:
        """What stands over a value's columns: of those of sequences, what each reads at that time."""
        letter, sequences = self.labels[node].letter, self.problem.sequences
        several = self.labels[node].note.axes[1] == "1" and node.shape[1] > 1
        if not (several and letter) or self.problem.model.task.inputs is not None:
            return self.heads(node, 1)
        return [brief(one.inputs[letter - 1]) for one in sequences]

    def _vectors(self, kind: str) -> bool:
        """Whether an axis counts the numbers of word vectors, which have no names."""
        return kind == "k" and self.problem.model.network.embedded

    def one_hot(self, node: Node) -> bool:
        """Whether a column that is read or aimed at has a single 1; else it holds numbers."""
        network, group = self.problem.model.network, self.labels[node].group
        return (group == "input" and network.reads in ("symbols", "vectors")) or (
            group == "target" and not network.linear
        )

    def symbol(self, node: Node, at: Index | None = None) -> str:
        """h₂, or for an element h₂[1], p₂[h], Wxh[1,e]."""
        return self._with_index(self.labels[node].symbol, node, at)

    def marked(self, node: Node, at: Index | None = None) -> str:
        """The same with marks of its role; of a value that is called by its formula each part has a role of its own."""
        name = self._formulas[node][0] if node in self._formulas else self.labels[node].symbol
        return marked_in_full(self._with_index(name, node, at), self.labels[node].role)

    def key(self, node: Node, at: Index | None = None) -> str:
        """What ``rnnwalk explain`` takes: h_2, h_2[1], p_2[h], Wxh[1,e]."""
        return self._with_index(self.labels[node].key, node, at)

    def _with_index(self, name: str, node: Node, at: Index | None) -> str:
        heads = [self.heads(node, axis) for axis in (0, 1)]
        parts = [head[i] for head, i in zip(heads, at or (), strict=False) if head]
        if not parts:
            return name
        formula = name != self.labels[node].key and self.binding(node) < CALL
        return f"({name})[{','.join(parts)}]" if formula else f"{name}[{','.join(parts)}]"

    def follows(self, nodes: Iterable[Node], group: str) -> bool:
        """Whether any of these values was made from what is given of a group, such as "target"."""
        seen, left = set[Node](), [*nodes]
        while left:
            node = left.pop()
            if node in self.labels and self.labels[node].group == group:
                return True
            left += [each for each in node.operands if each not in seen]
            seen.update(node.operands)
        return False

    def knows(self, text: str) -> bool:
        """Whether a typed name means a quantity that was recorded."""
        return self._key(text.partition("[")[0].strip()) in self.node

    def means(self, text: str) -> bool:
        """Whether a typed name means a quantity, if need be at another time."""
        key = self._key(text.partition("[")[0].strip())
        return key in self.node or key.rstrip("0123456789") in spans(self.labels.values())

    def near(self, key: str, more: Mapping[Node, Label]) -> str:
        """The names that one which means nothing may stand for, to be asked for; empty where there are none. more: labels that
        count, too.
        """
        return near({**self.labels, **more}, key, self.problem.model.cell)

    def find(self, text: str) -> tuple[Node, Index | None]:
        """The node and element that a typed (or read) name means: h_2[3], p₂[h], Wxh[1,e], loss.

        Raises InputError with the near names.
        """
        base, bracket, rest = text.strip().partition("[")
        key = self._key(unicodedata.normalize("NFC", base.strip()))
        if key not in self.node:
            for name in self.problem.model.task.frozen:
                if re.fullmatch(rf"d{name}(_?\d+)?|{name}_new", key):
                    raise InputError(
                        f"no quantity '{text}': {name} is frozen, so it has no gradient and is not updated"
                    )
            raise InputError(f"no quantity '{text}'{self._instead(key)}")
        node = self.node[key]
        if not bracket:
            return node, (0, 0) if np.size(node.value) == 1 else None
        return node, self._index(text, node, rest.removesuffix("]"))

    def _key(self, base: str) -> str:
        for node, label in self.labels.items():
            if base in (label.key, label.symbol, f"({label.symbol})"):
                return self.labels[node].key
        plain = base.translate(DIGITS)
        if plain in self.node:
            return plain
        stem = plain.rstrip("0123456789")
        return f"{stem}_{plain[len(stem) :]}" if stem != plain and not stem.endswith("_") else plain

    def _index(self, text: str, node: Node, inside: str) -> Index:
        heads = [self.heads(node, axis) for axis in (0, 1)]
        wanted = [axis for axis in (0, 1) if heads[axis]]
        commas = [i for i, c in enumerate(inside) if c == ","]
        splits = [[inside[:i], inside[i + 1 :]] for i in commas] if len(wanted) == 2 else [[inside]]
        for parts in splits:
            at = [0, 0]
            found = [
                self._position(part.strip() or part, heads[axis]) for part, axis in zip(parts, wanted, strict=False)
            ]
            if wanted and len(found) == len(wanted) and None not in found:
                for axis, position in zip(wanted, found, strict=True):
                    at[axis] = position or 0
                return (at[0], at[1])
        example = self._with_index(self.labels[node].key, node, (0, 0))
        choices = " and ".join(f"the {'rows' if axis == 0 else 'columns'} {_span(heads[axis])}" for axis in wanted)
        raise InputError(
            f"no element '{text}': {self.labels[node].key} has {choices or 'a single number'}, as in {example}"
        )

    @staticmethod
    def _position(part: str, heads: list[str]) -> int | None:
        composed = unicodedata.normalize("NFC", part)  # as letters are; characters stay as they are
        for head in (part, shown(part), composed, shown(composed)):
            if head in heads:
                return heads.index(head)
        number = int(part) if part.isascii() and part.isdigit() and len(part) < 10 else 0
        return number - 1 if 0 < number <= len(heads) else None

    def _instead(self, key: str) -> str:
        """What is said of a name that means nothing, to end a sentence with."""
        parts = {}  # of what courses write as one matrix, [Wua Wux]
        for node in self.labels if self.course is not None else ():
            symbol = self.symbol(node)
            if self.labels[node].group == "weight" and symbol in (f"{key}a", f"{key}x"):
                parts[symbol] = self.labels[node].key
            if _typed(symbol) == _typed(key):
                return f"; ask for {symbol} as '{self.labels[node].key}'"
        if parts:
            asked = " and ".join(f"for {symbol} as '{part}'" for symbol, part in sorted(parts.items()))
            return f"; it is [{' '.join(sorted(parts))}]: ask {asked}"
        return instead(self.labels, key, self.problem.model.cell)


def _typed(symbol: str) -> str:
    """A symbol of the course's notation as one would type it: a_2 for a⟨2⟩, dWaa for ∂L/∂Waa."""
    return symbol.replace("∂L/∂", "d").replace("⟨", "_").replace("⟩", "")


def _span(heads: Iterable[str]) -> str:
    heads = list(heads)
    return ", ".join(heads) if len(heads) <= 8 else f"{heads[0]} … {heads[-1]}"
