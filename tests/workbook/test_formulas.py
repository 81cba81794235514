"""No drift, no empty operand, no number where a formula belongs, nothing typed for one cell."""

import re
from collections import Counter
from collections.abc import Callable

import pytest

from rnnwalk.layout.sheets import Layout, addresses
from rnnwalk.walks.walk import Walk
from tests.examples import sampled

from .support import CASES, REFERENCE, VALUES, Written, loaded, number, references, split, walk_of


@pytest.fixture(params=sampled(CASES, "hello", "words", "signs", "lstm", "gru", "gru pytorch"))
def exported(request: pytest.FixtureRequest, written: Callable[[str], Written]) -> tuple[Walk, dict]:
    walk, _, book = written(request.param)
    return walk, book


def relative(formula: str, row: int, column: int) -> str:
    """A formula in R1C1 form: what is anchored with $ keeps its place, the rest is a distance."""

    def change(match: re.Match) -> str:
        found = re.sub(
            r"(\$?)([A-Z]{1,3})(\$?)([0-9]+)",
            lambda m: (
                (f"R{m[4]}" if m[3] else f"R[{int(m[4]) - row}]")
                + (f"C{number(m[2])}" if m[1] else f"C[{number(m[2]) - column}]")
            ),
            match[0].rpartition("!")[2],
        )
        return f"{match[1]}!{found}" if match[1] else found

    return REFERENCE.sub(change, formula)


def test_on_unrolled_every_time_step_has_the_same_formulas(exported: tuple[Walk, dict]) -> None:
    walk, book = exported
    unrolled = Layout(walk).unrolled
    seen = 0
    for row in {row for row, _ in book["Unrolled"]}:
        cells = [book["Unrolled"].get((row, unrolled.before + t)) for t in range(1, walk.length + 1)]
        formulas = {
            None if cell is None else relative(cell.formula, row, unrolled.before + t) if cell.formula else "constant"
            for t, cell in enumerate(cells, start=1)
        }
        if row != unrolled.drawn[unrolled.whole[0]].row:  # the sum over the word stands under the first letter only
            assert len(formulas) == 1, (row, formulas)
        seen += formulas != {None}
    assert seen > 10


def test_on_walk_every_letter_has_the_same_formulas(exported: tuple[Walk, dict]) -> None:
    """Own cells as distances; cells of other sheets by what they hold, the letter counted from the block's.

    The first letter has them in another order: the article's step 4 takes the memory before the letter.
    """
    walk, book = exported
    address = addresses(walk)
    holds = {}
    for node, name in walk.names.labels.items():
        for r in range(node.shape[0]):
            for c in range(node.shape[1]):
                holds[str(address(node, (r, c)))] = (name.field, name.letter, r, c)
    tops = sorted(row for (row, _), cell in book["Walk"].items() if "it reads" in str(cell.text))
    height = tops[1] - tops[0] if len(tops) > 1 else 0
    blocks = []
    for letter, top in enumerate(tops, start=1):
        block = []
        for (row, column), cell in sorted(book["Walk"].items()):
            if not cell.formula or not (top < row < top + (height or 10**6)):
                continue
            written_out = re.sub('"[^"]*"', '""', cell.formula).replace(f"$A${top}", "the heading")
            outside = re.fullmatch(r"([A-Za-z]+![A-Z]+[0-9]+)", cell.formula)
            if outside:
                field, time, r, c = holds[cell.formula]
                text = (field, None if time is None else time - letter, r, c)
            elif "Inputs!" in cell.formula:
                text = re.sub(r"Inputs!([A-Z]+)", lambda m, t=letter: f"Inputs!{number(m[1]) - t}_", written_out)
                text = relative(text, row, column)
            else:
                text = relative(written_out, row, column)
            block.append((row - top, column, text))
        blocks.append(block)
    assert len(blocks[0]) > 20
    assert all(block == blocks[-1] for block in blocks[1:])
    first, last = (Counter(cell[1:] for cell in block) for block in (blocks[0], blocks[-1]))
    assert first == last


def test_no_formula_refers_to_an_empty_cell(exported: tuple[Walk, dict]) -> None:
    _, book = exported
    for sheet, cells in book.items():
        for (row, column), cell in cells.items():
            if cell.formula and not cell.counts and "ISERROR(MAX(" not in cell.formula:  # those look at whole sheets
                for other, r, c in references(cell.formula, sheet):
                    assert book[other].get((r, c)) is not None, f"{sheet} {row},{column} ={cell.formula}"


def test_only_what_is_given_is_a_constant(exported: tuple[Walk, dict]) -> None:
    walk, book = exported
    address = addresses(walk)
    given = {
        split(str(address(node, (r, c))))
        for node, name in walk.names.labels.items()
        if name.group in ("weight", "initial")
        for r in range(node.shape[0])
        for c in range(node.shape[1])
    }
    steps = {("Inputs", 5), ("Unrolled", 4)}
    found = {
        (sheet, row, column)
        for sheet in VALUES
        for (row, column), cell in book[sheet].items()
        if cell.type == "n" and cell.formula is None and (sheet, row) not in steps
    }
    assert found == given


def test_every_walk_result_is_computed_from_cells_of_its_own_sheet(exported: tuple[Walk, dict]) -> None:
    _, book = exported
    own = 0
    for cell in book["Walk"].values():
        if cell.formula and cell.type == "n" and not re.fullmatch(r"[A-Za-z]+![A-Z]+[0-9]+", cell.formula):
            assert "!" not in cell.formula
            own += 1
    assert own >= 9


def test_formulas_stay_within_what_old_and_new_spreadsheets_share(exported: tuple[Walk, dict]) -> None:
    _, book = exported
    allowed = set(
        "IF SUM SUMPRODUCT SUMSQ MMULT MAX MIN EXP LN TANH EXACT INDEX MATCH AND OR NOT ISERROR IFERROR ABS NA COUNT FIXED SUMIF COUNTIF COUNTIFS ISERR LEFT SUBSTITUTE INT LOG SIGN TEXT ISFORMULA".split()
    )
    for cells in book.values():
        for cell in cells.values():
            if cell.formula:
                assert set(re.findall(r"\b([A-Z]+)\(", re.sub('"[^"]*"', "", cell.formula))) <= allowed, cell.formula
                assert len(cell.formula) < 8192
                assert "^-" not in cell.formula
                assert not re.search(r"(^|[(,=<>])-[^(]*\^", cell.formula), cell.formula  # -x^2 would be (-x)^2


def test_the_formulas_follow_the_cells_that_a_reader_sees() -> None:
    """Golden: the first hidden unit of the second letter of hello, as a teacher finds it with F2."""
    from rnnwalk.render.workbook import draw
    from tests.examples import pose

    walk = Walk(pose("hello"))
    file = draw(walk)

    def formula(key: str) -> str:
        quantity = walk[key]
        sheet, row, column = split(str(addresses(walk)(quantity.node, quantity.at or (0, 0))))
        return file[sheet].cell(row, column).value.text

    assert formula("Wxh_x_2[1]") == "=$C16*I8+$D16*I9+$E16*I10+$F16*I11"
    assert formula("Whh_h_2[1]") == "=$C23*H28+$D23"
    assert formula("h_2[1]") == "=TANH(I16+I23)"
    assert formula("m_2") == "=MAX(I35:I38)"
    assert formula("q_2[h]") == "=EXP(I35-I41)"
    assert formula("S_2") == "=SUM(I44:I47)"
    assert formula("p_2[h]") == "=I44/I50"
    assert formula("loss_2") == '=IF(I$4="",0,LN(I50)+(I41-(I63*I35+I64*I36+I65*I37+I66*I38)))'
    assert formula("loss") == "=SUM(H69:K69)"


@pytest.mark.parametrize(("case", "gates"), [("lstm", "fiog"), ("gru", "rzn")])
def test_each_gate_is_a_block_of_its_own_colour_and_sign_on_both_sheets(
    case: str, gates: str, written: Callable[[str], Written]
) -> None:
    walk, path, _ = written(case)
    file, layout = loaded(path), Layout(walk)
    texts = [str(cell.value) for row in file["Walk"].iter_rows() for cell in row if " · " in str(cell.value)]
    legend = {file["Start"].cell(r, 2).value: file["Start"].cell(r, 1) for r in range(9, 25)}
    seen = set()
    for gate in gates:
        place = layout.unrolled.drawn[walk.at(gate, 2)]
        colour = file["Unrolled"].cell(place.row, place.column).fill.fgColor.rgb
        (key,) = [text for text in texts if f" · {gate}_2 · " in text]
        sign, word = re.match("(.) (.*?) · ", key).groups()
        assert legend[word].value == sign
        assert legend[word].fill.fgColor.rgb == colour
        seen.add((sign, colour))
    assert len({sign for sign, _ in seen}) == len({colour for _, colour in seen}) == len(gates)


def test_equations_for_any_letter_keep_the_brackets_that_they_need(written: Callable[[str], Written]) -> None:
    texts = {str(cell.text) for (_, column), cell in written("gru").book["Unrolled"].items() if column == 1}
    assert "(1 − zₜ)⊙hₜ₋₁" in texts
    assert "1 − zₜ⊙hₜ₋₁" not in texts


def test_on_unrolled_a_gate_stands_under_what_it_is_made_of() -> None:
    layout = Layout(walk_of("lstm"))
    fields = [layout.names.labels[row_block.node].field for row_block in layout.unrolled.row_blocks]
    assert fields[1:14] == "zf f zi i zg g kept added c zo o tanh_c h".split()
