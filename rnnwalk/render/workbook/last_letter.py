"""Which letter is the last one on the sheet Gradient flow, whose error it is: where a word may be shortened, each can be it."""

from collections.abc import Sequence

from rnnwalk.layout.addresses import FIRST, STEPS, CellRef, column_letters
from rnnwalk.layout.gradient_flow import FLOW, QUOTIENTS, STEP, SUMMARY, WORDS, FlowSheet
from rnnwalk.render.workbook.book import Book
from rnnwalk.render.workbook.formulas import Address, Unrolled, likeness
from rnnwalk.render.workbook.left_out import instead, once
from rnnwalk.text import SUBSCRIPTS
from rnnwalk.trace.expression import Index
from rnnwalk.trace.record import Node

SUBSCRIPT_DIGITS = "".join(map(chr, SUBSCRIPTS.values()))


class LastLetter:
    """Formulas that ask which letter is the last one, where that can change; where it cannot, they are as they were given.

    A step is the last one where the next one has no number. Of words side by side each has its own; ``which`` is its column
    among them.
    """

    def __init__(self, book: Book, flow_sheet: FlowSheet) -> None:
        self.book, self.flow_sheet = book, flow_sheet
        layout = self.layout = book.layout
        self.names, self.length, self.wide = flow_sheet.names, flow_sheet.length, layout.wide
        self.changes = layout.shortens and self.length > 1
        self._moving = Unrolled(flow_sheet.names, flow_sheet.drawn.__getitem__, None)
        first, end = (column_letters(FIRST + place - 1) for place in (1, layout.places[-1]))
        self._steps, self._lengths = (f"${first}${row}:${end}${row}" for row in (STEP, SUMMARY))
        self._last = flow_sheet.nodes_of("norm")[-1]

    def number(self, which: int = 0) -> str:
        """The number of the last letter, as a part of a formula."""
        return f"MAX({self._steps})" if self.wide == 1 else f"${column_letters(FIRST + which)}${WORDS + 1}"

    def counted(self, which: int) -> str:
        """The formula of that number of one of several words, "" where it cannot change."""
        return f"={self.book.count(which, self._steps)}" if self.changes else ""

    def middle(self, which: int = 0) -> str:
        """The number of the letter where the far half of the way begins, likewise."""
        return f"MAX(2,INT(({self.number(which)}+1)/2))"

    def told(self, before: str, number: str, now: int, after: str) -> tuple[str, str]:
        """A sentence with a number in it: its formula, "" where it cannot change, and its text."""
        return f'="{before}"&{number}&"{after}"' if self.changes else "", f"{before}{now}{after}"

    def step(self, place: int) -> str:
        """The formula of a letter's number, empty where the letter is gone; "" where none can be."""
        number = self.layout.letter(place)._replace(row=STEPS)
        return f'=IF({self.layout.present(place)}="","",{number})' if self.changes else ""

    def while_read(self, place: int, part: str, gone: str = '""') -> str:
        """A part of a formula, or another one where the letter at a place is gone."""
        return f'IF({column_letters(FIRST + place - 1)}{STEP}="",{gone},{part})' if self.changes else part

    def while_several(self, part: str, single: str = '""', which: int = 0) -> str:
        """A part of a formula, or another one where a single letter is left."""
        return f"IF({self.gone(2, which)},{single},{part})" if self.changes else part

    def end(self, leaf: Node, cell: str, which: int = 0) -> str:
        """The cell of a value, or of the length of the error at the letter that is the last one now, if it is that length."""
        return self._length(self.number(which), which) if self.changes and leaf is self._last else cell

    def far_half(self, cell: str, which: int = 0) -> tuple[str, str]:
        """The length of the error where the far half of the way begins, and how many steps that is. cell: of that length."""
        if self.changes:
            middle = self.middle(which)
            return self._length(middle, which), f"({middle}-1)"
        return cell, str(self.flow_sheet.middle - 1)

    def _length(self, letter: str, which: int) -> str:
        """The length of the error at a letter that is computed."""
        return f"SUM(INDEX({self._lengths},1,{self._place(letter, which)}))"

    def _place(self, letter: str, which: int = 0) -> str:
        """The place of a letter whose number is computed."""
        return letter if self.wide == 1 else f"({letter}-1)*{self.wide}+{which + 1}"

    def gone(self, letter: int, which: int = 0) -> str:
        """The condition that a letter is gone."""
        return f'{column_letters(FIRST + self.layout.place(letter, which) - 1)}${STEP}=""'

    def element(self, nodes: list[Node], letter: int | None, at: Index, own: str) -> str:
        """The formula of an element of a field at a letter, "" for none: there may be one only while the letter is the last one.

        nodes: the field's; own: the formula while it is not the last one, "" for none.
        """
        if not self.changes or letter in (None, self.length):
            return own
        if self.layout.carries and self.names.labels[nodes[-1]].field not in QUOTIENTS:
            return own  # what is carried on needs no other formula
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
        return f"=IF({self.gone(letter + 1, at[1])},{ended},{written})"

    def _at(self, node: Node, at: Index, letter: int) -> str:
        """The formula of an element, without its =, as if it were copied to another letter."""
        return self._moving.row(node, (at[0], 0))(FIRST + self.layout.place(letter, at[1]) - 1)[1:]

    def only_at_the_end(self, nodes: list[Node]) -> list[int]:
        """The letters that have no value of a field, but will have one if they become the last one."""
        have = {self.names.labels[node].letter for node in nodes}
        changes = self.changes and not self.layout.carries
        return [letter for letter in range(1, self.length) if changes and not have & {letter, None}]

    def alone(self, nodes: list[Node]) -> bool:
        """Whether a field stands alone at the letter that is the last one now, whichever that is."""
        return bool(self.only_at_the_end(nodes)) and len(nodes) == 1

    def there(self, address: Address) -> Address:
        """The cells at the letter that is the last one now, for those of the text's last letter."""

        def moved(leaf: Node, at: CellRef) -> str:
            if self.names.labels[leaf].letter is None:
                return address(leaf, at)
            sheet = "" if at.sheet == FLOW else f"{at.sheet}!"
            first, last = column_letters(at.column - (self.length - 1) * self.wide), column_letters(at.column)
            return f"SUM(INDEX({sheet}${first}{at.row}:${last}{at.row},1,{self._place(self.number())}))"

        return moved

    def while_so(self, nodes: list[Node], shown: Node, formula: str, first: tuple[Node, str]) -> str:
        """A text on a value; where its letter is gone, that on the first letter's, which is given; nothing where a letter
        has become the last one and is computed in another way.
        """
        letter = self.names.labels[shown].letter
        if not self.changes or letter is None:
            return formula
        if self.alone(nodes):
            return f"={self._said(formula[1:], self.number())}"
        letters = {self.names.labels[node].letter or 0 for node in [first[0], *self.names.parts(first[0])]}
        by_itself = max(letters) == 1 and self.element(nodes, 1, (0, 0), "=") == "="
        alone = first[1][1:] if by_itself else '""'
        if self.layout.carries:
            if once(self.names, shown):
                return formula
            found = instead(self.names, shown)
            return f"=IF({self.gone(found.letter if found else letter)},{alone},{formula[1:]})"
        other = letter < self.length and self.element(nodes, letter, (0, 0), "=") != "="
        ended = '""' if other else alone
        return f"=IF({self.gone(letter + other)},{ended},{formula[1:]})" if letter + other > 1 else formula

    def equations(self, computed: list[Node], equations: Sequence[str]) -> str:
        """The formula of a field's equations, "" where they are always the same: the last one may be that of the last letter,
        and of a single letter it is the only one.
        """
        letter = self.names.labels[computed[-1]].letter
        if not self.changes or letter is None:
            return ""
        if letter != self.length:  # it asks for a next letter
            return f'=IF({self.gone(2)},"","{";   ".join(equations)}")'
        if len(computed) > 1 and likeness(self.names, computed[-1]) == likeness(self.names, computed[-2]):
            return ""
        last = self._said(f'"{equations[-1]}"', f"MAX({self._steps})")  # of several words, of the longest
        if len(equations) == 1:
            return f"={last}"
        return f'=IF({self.gone(2)},"","{";   ".join(equations[:-1])};   ")&{last}'

    def _said(self, text: str, number: str) -> str:
        """A text on the last letter, a part of a formula, with the number of the letter that is the last one now, another part."""
        begin, end, digits = ("", "", SUBSCRIPT_DIGITS) if self.names.course is None else ("⟨", "⟩", "0123456789")
        units = [10**power for power in reversed(range(len(str(self.length))))]
        parts = [f'MID("{digits}",MOD(INT({number}/{unit}),10)+1,1)' for unit in units]
        parts = [
            f'IF({number}<{unit},"",{part})' if unit > 1 else part for unit, part in zip(units, parts, strict=True)
        ]
        before = f"{begin}{''.join(digits[int(digit)] for digit in str(self.length))}{end}"
        return f'SUBSTITUTE({text},"{before}","{begin}"&{"&".join(parts)}&"{end}")'
