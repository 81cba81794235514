"""An element with its numbers put in, h₁[1] = tanh(0.287027 + 0.567001) = 0.693168, as a text that a formula makes.

So it follows every edit. FIXED, not TEXT, writes the numbers: it knows the reader's decimal comma without a format.
Its minus is the true one (U+2212): after a hyphen a program breaks the line.
"""

from decimal import ROUND_HALF_UP, Context, Decimal
from unicodedata import bidirectional

from rnnwalk.render.workbook.formulas import MOST_CHARACTERS, Address, Where
from rnnwalk.trace.expression import GAP, Expr, Index
from rnnwalk.trace.notation import ATOM, MATHS, Rule, write
from rnnwalk.trace.record import Node
from rnnwalk.walks.names import Names
from rnnwalk.walks.numbers import HUGE

DIGITS = 6
TOLD = "Numbers put in are rounded, those of the cells are not: so a last decimal may seem off."
HALF = 5e-7  # what is smaller would be shown as 0
NONE = 1e-300  # what is smaller is: LibreOffice cannot divide by its power of ten
SMALL = 1e-3  # what is smaller is shown in powers of ten where a root is taken of it
EXACT = Context(prec=400)
PLACES = Decimal(10) ** -DIGITS
LONG = 4  # a sum of more terms is shown with its middle left out
MOST = MOST_CHARACTERS // 2 - 100  # of the formula, which may stand in another one beside that of another letter
MOST_PICKED = 12  # terms of a sum that is looked up in the formula of its text
MARK = "\ue000"
FROM_LEFT = "\u200e"  # after a letter of Hebrew or Arabic: the numbers that follow are read from the left
UNCOUNTED = MATHS | {"gap": Rule(ATOM, (), "…")}  # how many losses are left out follows from the word


def put_in(names: Names, node: Node, at: Index, where: Where, address: Address, symbol: str = "") -> tuple[str, str]:
    """The formula and the text that it gives; of sums that would make it too long fewer terms. where, address: of the cells,
    as for the element's own formula; symbol: what the element is called where its own name would not do.
    """
    found = _put_in(names, node, at, where, address, symbol, LONG)
    return found if len(found[0]) <= MOST else _put_in(names, node, at, where, address, symbol, LONG - 1)


def _put_in(
    names: Names, node: Node, at: Index, where: Where, address: Address, symbol: str, most: int
) -> tuple[str, str]:
    """Likewise, with the middle of sums of more terms than ``most`` left out."""
    whole, expr = names.one_hot(node), names.expr(node, at, live=True)
    rooted = _rooted(expr)
    found: list[tuple[str, float, bool]] = []

    def cell_of(expr: Expr) -> str:
        assert expr.node is not None
        return address(expr.node, where(expr.node).to(expr.at or (0, 0)))

    def leaf(expr: Expr) -> tuple[str, int]:
        if expr.node is None and not expr.args:
            return f"… {expr.value:g} more …", ATOM
        if expr.args:  # a sum of products with a one-hot target: the one number that counts, whichever it is
            products = ["*".join(map(cell_of, each.args)) for each in expr.args]
            found.append((f"({'+'.join(products)})", expr.value, False))
        else:
            given = expr.node is not None and names.one_hot(expr.node)
            found.append((cell_of(expr), expr.value, given))
        return f"{MARK}{len(found) - 1}{MARK}", ATOM

    result = (address(node, where(node).to(at)), float(node.value[at]), whole)
    text = write(_cut(_picked(expr, names), most), UNCOUNTED, leaf)
    alone = text == f"{MARK}0{MARK}" or MARK not in text  # a sum of one number is that number, and so is a constant
    made = "" if alone else f"{text} {'≈' if rooted else '='} "
    called = symbol or names.symbol(node, at)
    if any(map(_leftwards, called)):
        called += FROM_LEFT
    pieces = f"{called} = {made}{MARK}{len(found)}{MARK}".split(MARK)
    found.append(result)
    formula, said = [], ""
    for i, piece in enumerate(pieces):
        if i % 2 == 0:
            formula += [_quoted(piece)] if piece else []
            said += piece
            continue
        cell, value, plain = found[int(piece)]
        if plain:
            formula.append(cell)
            said += f"{value:g}"
            continue
        # Inside a sum a negative number stands in brackets, and where it is squared.
        bare = pieces[i - 1].endswith(("= ", "≈ ", "(", ", ")) and not pieces[i + 1].startswith("²")
        written, told = signed(cell, value, bare=bare, rooted=rooted)
        formula += written
        said += told
    return "=" + "&".join(formula), said


def signed(cell: str, value: float, *, bare: bool, rooted: bool = False) -> tuple[list[str], str]:
    """A number as it stands in a text: the parts of its formula, and what they give. bare: a negative one has no brackets;
    rooted: whether a root is taken of it.
    """
    before, after = ("−", "") if bare else ("(−", ")")
    negative = f"SIGN({cell})<0"
    formula = [f'IF({negative},"{before}","")&{_size(cell, rooted)}']
    formula += [f'IF({negative},"{after}","")'] if after else []
    text = _said(value, rooted)
    return formula, f"{before}{text}{after}" if value < 0 else text


def _leftwards(sign: str) -> bool:
    """Whether a sign is written from the right to the left."""
    return bidirectional(sign) in ("R", "AL")


def _rooted(expr: Expr) -> bool:
    """Whether a root is taken, as of Adam's squares: six decimals of a small square would give another result."""
    return expr.op == "sqrt" or any(map(_rooted, expr.args))


def _size(cell: str, rooted: bool) -> str:
    """The formula of a number without its sign, as ``number`` shows it: a huge one in powers of ten, and a small one."""
    size, power = f"ABS({cell})", f"INT(LOG(ABS({cell})*{1 + HALF:.7f}))"  # of what is shown: 9.999999E9 is 1.00000e+10
    none, usual = f"MIN({size},1)*{1 / NONE:.0E}<1", f"AND({size}>={_least(rooted):.0E},{size}<{HUGE:.0E})"
    powers = f'FIXED({size}/10^{power},{DIGITS - 1},TRUE)&"e"&TEXT({power},"+00;-00")'
    return f"IF(OR({none},{usual}),FIXED({size},{DIGITS},TRUE),{powers})"


def _said(value: float, rooted: bool) -> str:
    """The text that it gives."""
    size = abs(value)
    if size < NONE or _least(rooted) <= size < HUGE:
        return f"{Decimal(repr(size)).quantize(PLACES, ROUND_HALF_UP, EXACT):f}"  # as FIXED rounds
    return f"{size:.{DIGITS - 1}e}"


def _least(rooted: bool) -> float:
    """From which size on a number is shown with its decimals."""
    return SMALL if rooted else HALF


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _picked(expr: Expr, names: Names) -> Expr:
    """The expression with each short sum of products with a one-hot target as one leaf."""
    hot = [each for each in expr.args if each.op == "multiply" and any(_aimed(part, names) for part in each.args)]
    if expr.op == "series" and len(hot) == len(expr.args) <= MOST_PICKED:
        return Expr("leaf", expr.args, value=expr.value)
    return expr._replace(args=tuple(_picked(arg, names) for arg in expr.args))


def _aimed(expr: Expr, names: Names) -> bool:
    return expr.node is not None and expr.op == "leaf" and names.labels[expr.node].group == "target"


def _cut(expr: Expr, most: int) -> Expr:
    """Long sums without their middle, whatever the numbers are: they may change. It is said how many terms that is, but
    not of the losses of letters, of which a word that is shortened has fewer."""
    args = tuple(_cut(arg, most) for arg in expr.args)
    if expr.op in ("dot", "series", "max", "total") and len(args) > most:
        more = GAP if expr.op == "total" else Expr("leaf", value=len(args) - most + 1)
        args = (*args[: most - 2], more, args[-1])
    return expr._replace(args=args)
