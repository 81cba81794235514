"""What the sheet Gradient flow holds where a word may be shortened: each letter can then be the last one, whose error it is."""

from collections.abc import Sequence

from rnnwalk.layout.addresses import FIRST, column_letters
from rnnwalk.layout.gradient_flow import STEP, SUMMARY, FlowSheet
from rnnwalk.render.workbook.formulas import Unrolled, likeness
from rnnwalk.text import SUBSCRIPTS
from rnnwalk.trace.expression import Index
from rnnwalk.trace.record import Node

SUBSCRIPT_DIGITS = "".join(map(chr, SUBSCRIPTS.values()))


class LastLetter:
    """Formulas that ask which letter is the last one. A step is the last one where the next one has no number.

    number: of the last letter, and middle: of the one where the far half of the way begins, as parts of a formula.
    """

    def __init__(self, flow_sheet: FlowSheet) -> None:
        self.flow_sheet, self.names, self.length = flow_sheet, flow_sheet.names, flow_sheet.length
        self._moving = Unrolled(flow_sheet.names, flow_sheet.drawn.__getitem__, None)
        self._end = column_letters(FIRST + self.length - 1)
        first = column_letters(FIRST)
        self.number = f"MAX(${first}${STEP}:${self._end}${STEP})"
        self.middle = f"MAX(2,INT(({self.number}+1)/2))"
        self.norms = f"${first}${SUMMARY}:${self._end}${SUMMARY}"

    def norm(self, letter: str) -> str:
        """The length of the error at a letter that is computed."""
        return f"SUM(INDEX({self.norms},1,{letter}))"

    def gone(self, letter: int) -> str:
        """The condition that a letter is gone."""
        return f'{column_letters(FIRST + letter - 1)}${STEP}=""'

    def element(self, nodes: list[Node], letter: int, at: Index, own: str) -> str:
        """The formula of an element of a field at a letter, "" for none: there may be one only while the letter is the last one.

        nodes: the field's; own: the formula while it is not the last one, "" for none.
        """
        if letter == self.length:
            return own
        of = {self.names.labels[node].letter: node for node in nodes}
        mine, last = of.get(letter), of.get(self.length)
        written = own[1:] or '""'
        if mine is not None and last is not None and likeness(self.names, mine) == likeness(self.names, last):
            return own
        if last is None:
            ended = '""'
        elif last.op == "input":
            ended = f"{float(last.value[at]):g}"
        else:
            ended = self._at(last, at, letter)
            if mine is not None and ended == self._at(mine, at, letter):
                return own
        return f"=IF({self.gone(letter + 1)},{ended},{written})"

    def _at(self, node: Node, at: Index, letter: int) -> str:
        """The formula of an element, without its =, as if it were copied to another letter."""
        return self._moving.row(node, at)(FIRST + letter - 1)[1:]

    def while_so(self, nodes: list[Node], shown: Node, formula: str) -> str:
        """A text on a value, empty where its letter is gone, or has become the last one and is computed in another way."""
        letter = self.names.labels[shown].letter or 0
        other = letter < self.length and self.element(nodes, letter, (0, 0), "=") != "="
        return f'=IF({self.gone(letter + other)},"",{formula[1:]})' if letter + other > 1 else formula

    def equations(self, computed: list[Node], equations: Sequence[str]) -> str:
        """The formula of a field's equations, "" where they are always the same: the last one may be that of the last letter,
        and of a single letter it is the only one.
        """
        if self.names.labels[computed[-1]].letter != self.length:  # it asks for a next letter
            return f'=IF({self.gone(2)},"","{";   ".join(equations)}")'
        if len(computed) > 1 and likeness(self.names, computed[-1]) == likeness(self.names, computed[-2]):
            return ""
        last = self.said(equations[-1])
        if len(equations) == 1:
            return f"={last}"
        return f'=IF({self.gone(2)},"","{";   ".join(equations[:-1])};   ")&{last}'

    def said(self, equation: str) -> str:
        """An equation of the last letter as a part of a formula: with the number of the letter that is the last one now."""
        begin, end, digits = ("", "", SUBSCRIPT_DIGITS) if self.names.course is None else ("⟨", "⟩", "0123456789")
        units = [10**power for power in reversed(range(len(str(self.length))))]
        parts = [f'MID("{digits}",MOD(INT({self.number}/{unit}),10)+1,1)' for unit in units]
        parts = [
            f'IF({self.number}<{unit},"",{part})' if unit > 1 else part for unit, part in zip(units, parts, strict=True)
        ]
        before = f"{begin}{''.join(digits[int(digit)] for digit in str(self.length))}{end}"
        return f'SUBSTITUTE("{equation}","{before}","{begin}"&{"&".join(parts)}&"{end}")'
