"""A page as lines of (text, role) pieces: what is printed, saved, and shown screen by screen."""

from functools import partial

from rnnwalk.model.symbols import width as cells
from rnnwalk.render.glyphs import Signs, respell, spell
from rnnwalk.render.terminal import matrices, strips, tables
from rnnwalk.render.terminal.matrix import Line
from rnnwalk.render.terminal.wrapping import coloured, wrap, wrap_command, wrap_equation, wrap_items
from rnnwalk.views.page import (
    Block,
    Commands,
    Drawing,
    Equation,
    Fitted,
    Formula,
    Lines,
    Matrices,
    Page,
    Picture,
    Prose,
    Question,
    Strip,
    Table,
    Tree,
)

READABLE = 100  # columns that prose takes at the most


class Paper:
    """Lays pages out. width: columns; encoding and signs: what the output can hold."""

    def __init__(self, width: int, encoding: str, signs: Signs) -> None:
        self.width = max(width, 12)
        self.encoding = encoding
        self.signs = signs

    def page(self, page: Page) -> list[Line]:
        """The lines of a page: its title, and its blocks with a blank line between."""
        page = respell(page, self.encoding)
        lines: list[Line] = [[(line, "title")] for line in wrap(page.title, self.width)]
        lines.append([(self.signs.rule * min(self.width, max(cells(line[0][0]) for line in lines)), "rule")])
        for i, block in enumerate(page.blocks):
            if i and not (isinstance(block, Formula) and isinstance(page.blocks[i - 1], Formula)):
                lines.append([("", "")])
            lines += self.block(block)
        return lines

    def block(self, block: Block) -> list[Line]:
        """The lines of one block."""
        if isinstance(block, Prose):
            return self._prose(block.text, "prose")
        if isinstance(block, Formula):
            return self._formula(block)
        if isinstance(block, Equation):
            return self._drawn(*matrices.draw(block, self.width - 2, self.signs))
        if isinstance(block, Matrices):
            return self._drawn(*matrices.draw_side_by_side(block, self.width - 2, self.signs))
        if isinstance(block, Lines):
            return [
                [("  ", ""), *line]
                for text in block.lines
                for line in coloured(text, wrap_equation(text, self.width - 2), how="lit")
            ]
        if isinstance(block, Commands):
            return [[("  " + line, "")] for text in block.lines for line in wrap_command(text, self.width - 2)]
        if isinstance(block, Table):
            return tables.draw(block, self.width, self.signs)
        if isinstance(block, Strip):
            return strips.draw(block, self.width, self.signs)
        if isinstance(block, Question):
            return self._prose(f"? {block.question}", "question") + [
                [("  ", ""), *line] for line in self._prose(block.answer, "answer", 2)
            ]
        if isinstance(block, Tree):
            return self._tree(block)
        if isinstance(block, Fitted):
            lines = block.draw(min(self.width, READABLE), partial(spell, encoding=self.encoding))
            return self.block(Drawing(lines))
        if isinstance(block, Picture):
            return [line for text in block.marked for line in coloured(text, [_cropped(text, self.width)], "drawing")]
        assert isinstance(block, Drawing)
        return [line for text in block.lines for line in coloured(text, [_cropped(text, self.width)])]

    def _tree(self, tree: Tree) -> list[Line]:
        lines: list[Line] = []
        stems = stems_of([depth for depth, _ in tree.lines])
        for (here, below), (depth, text) in zip(stems, tree.lines, strict=True):
            if self.signs.rule != "─":
                here, below = here.translate(PLAIN_STEMS), below.translate(PLAIN_STEMS)
            if len(here) > self.width // 2:  # too deep to be drawn: the level in figures
                here, below = f"{depth:>4} ", "     "
            room = max(self.width - len(here), 10)
            pieces = wrap_items(text, room) if ": " in text else wrap_equation(text, room)
            for i, line in enumerate(coloured(text, pieces)):
                lines.append([(here if i == 0 else below, "rule"), *line])
        return lines

    def _prose(self, text: str, role: str, indent: int = 0) -> list[Line]:
        return [[(line, role)] for line in wrap(text, min(self.width - indent, READABLE))]

    def _formula(self, formula: Formula) -> list[Line]:
        gap = "    "
        if cells(formula.text) + cells(formula.shapes) + 6 <= self.width:
            (text,) = coloured(formula.text, [formula.text], "formula")
            return [[("  ", ""), *text, (gap, ""), (formula.shapes, "shape")]]
        room = self.width - 2
        lines = coloured(formula.text, wrap_equation(formula.text, room), "formula")
        lines += coloured(formula.shapes, wrap_equation(formula.shapes, room), "shape")
        return [[("  ", ""), *line] for line in lines]

    def _drawn(self, drawn: list[Line], cut: bool) -> list[Line]:
        """Lines of matrices, and a word on what is left out of them."""
        lines = [[("  ", ""), *line] for line in drawn]
        if cut:
            text = "  Of what is too large for the screen a part is left out (--json has every number)."
            lines += [[(line, "shape")] for line in wrap(text, self.width)]
        return lines


PLAIN_STEMS = str.maketrans("├└│─", "|`|-")


def stems_of(depths: list[int]) -> list[tuple[str, str]]:
    """The branches drawn before each line of a tree, and before its continuation lines."""
    stems, open_below = [], set[int]()
    for depth in reversed(depths):
        above = "".join("│  " if level in open_below else "   " for level in range(1, depth))
        last = depth not in open_below
        stems.append(
            (
                "" if not depth else above + ("└─ " if last else "├─ "),
                "" if not depth else above + ("   " if last else "│  "),
            )
        )
        open_below = {level for level in open_below if level < depth} | {depth}
    return stems[::-1]


def _cropped(text: str, width: int) -> str:
    while cells(text) > width:
        text = text[:-1]
    return text
