"""The way back, letter by letter from the last: PyTorch's gradients, and NumPy's sums."""

import re
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from rnnwalk.marked import parts_of
from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import width
from rnnwalk.render.glyphs import UNICODE, spell
from rnnwalk.render.terminal.matrices import draw
from rnnwalk.render.terminal.style import plain
from rnnwalk.views.backward import BackwardPages, errors
from rnnwalk.views.blocks import Blocks
from rnnwalk.views.letter import Letters
from rnnwalk.views.page import Commands, Equation, Fitted, Formula, Lines, Matrix, Prose, Table
from rnnwalk.walks.walk import Walk
from tests.examples import pose, reference
from tests.views.reading import CELLS, column, made, of, only, texts, values

HELLO = Walk(pose("hello"), backward=True)
CASES = ["hello-article", "hello-rnn-matrix", "hello-lstm", "hello-gru-chung2014", "hello-gru-pytorch"]


def back(run: Walk) -> BackwardPages:
    return BackwardPages(Letters(Blocks(run)))


@pytest.mark.parametrize("case", CASES)
def test_each_weight_has_a_page_with_pytorchs_gradient_and_one_step_against_it(case: str) -> None:
    problem, expected = reference(case)
    pages = made(back(Walk(problem, backward=True, rate=0.25)).totals())
    assert [page.key for page in pages] == [f"d{name}" for name in expected["gradient"]]
    for page in pages:
        name = page.key.removeprefix("d")
        gradient, updated = (equation.parts[-1].values for equation in of(page, Equation))
        theirs = np.array(expected["gradient"][name], dtype=float).reshape(gradient.shape)
        np.testing.assert_allclose(gradient, theirs, rtol=1e-11, atol=1e-14)
        np.testing.assert_allclose(updated, getattr(problem.model.weights, name) - 0.25 * theirs, atol=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_how_many_weights_move_down_and_up_are_the_signs_of_the_gradient(case: str) -> None:
    problem, expected = reference(case)
    for page in made(back(Walk(problem, backward=True)).totals()):
        theirs = np.array(expected["gradient"][page.key.removeprefix("d")], dtype=float)
        told = of(page, Prose)[-1].text
        counts = {word: int(count) for count, word in re.findall(r"(\d+) (down|up|not at all)", told)}
        assert counts.get("down") == (theirs > 0).sum()
        assert counts.get("up") == (theirs < 0).sum()
        assert counts.get("not at all", 0) == (theirs == 0).sum()


@pytest.mark.parametrize("case", CASES)
def test_the_arithmetic_of_a_gradient_is_that_of_its_largest_number(case: str) -> None:
    problem, expected = reference(case)
    for page in made(back(Walk(problem, backward=True)).totals()):
        theirs = np.array(expected["gradient"][page.key.removeprefix("d")], dtype=float)
        result = float(of(page, Lines)[0].lines[0].split()[-1])
        assert abs(result) == pytest.approx(np.abs(theirs).max(), abs=6e-7)


@pytest.mark.parametrize(("cell", "form"), CELLS)
def test_what_the_letters_add_sums_to_the_gradient(cell: str, form: str) -> None:
    run = Walk(pose("abca", cell=cell, form=form, hidden=2), backward=True)
    shares = []
    for letter in (1, 2, 3):
        page = back(run).letter(letter)[-1].make()
        assert page.title.endswith("What it adds to each gradient")
        shares.append([equation.parts[-1].values for equation in of(page, Equation)])
    totals = [of(page, Equation)[0].parts[-1].values for page in made(back(run).totals())]
    for parts, total in zip(zip(*shares, strict=True), totals, strict=True):
        np.testing.assert_allclose(sum(parts), total, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("cell", "form"), CELLS)
def test_the_steps_of_the_way_back_go_on_counting_where_the_way_there_ended(cell: str, form: str) -> None:
    run = Walk(pose("abca", cell=cell, form=form, hidden=2), backward=True)
    pages = back(run)
    for letter in (3, 2, 1):
        there = int(pages.letters.pages(letter)[-1].step)
        counted = range(there + 1, there + 1 + len(pages.letter(letter)))
        assert [page.step for page in pages.letter(letter)] == list(map(str, counted))
        assert {page.letter for page in pages.letter(letter)} == {letter}


def test_the_error_of_the_scores_is_what_was_said_less_what_is_true() -> None:
    _, expected = reference("hello-article")
    for letter, step in enumerate(expected["steps"], start=1):
        page = back(HELLO).letter(letter)[0].make()
        assert of(page, Prose)[0].text.startswith(f"Back to letter {letter}: the truth was “{step['target']}”.")
        truth = [float(symbol == step["target"]) for symbol in "helo"]
        np.testing.assert_allclose(
            only(page, Equation).parts[-1].values[:, 0], np.subtract(step["p"], truth), rtol=1e-12
        )


def test_nothing_arrives_from_beyond_the_last_letter_and_that_is_only_drawn() -> None:
    last, before = (
        next(page.make() for page in back(HELLO).letter(letter) if page.key == f"dh_time_{letter}") for letter in (4, 3)
    )
    assert not only(last, Equation).parts[0].values.any()
    assert (of(last, Lines), len(of(before, Lines))) == ([], 1)


def test_the_compact_table_has_a_row_for_each_letter_and_its_sums_are_sums() -> None:
    table = back(HELLO).compact([4, 3, 2, 1])
    assert column(table, "t") == ["4", "3", "2", "1"]
    assert column(table, "reads") == ["l", "l", "e", "h"]
    parts = [values(" ".join(column(table, head)).split()) for head in table.headings[2:]]
    np.testing.assert_allclose(parts[0] + parts[1], parts[2], atol=1.6e-3)
    problem, expected = reference("hello-article")
    own = [problem.model.weights.Why.T @ (np.array(step["p"]) - [symbol == step["target"] for symbol in "helo"])
           for step in expected["steps"][::-1]]  # fmt: skip
    np.testing.assert_allclose(parts[0], np.concatenate(own), atol=6e-4)


def test_of_a_large_state_two_errors_are_told_and_how_many_there_are() -> None:
    cells = back(Walk(pose("abc", hidden=5), backward=True)).compact([1]).rows[0][2:]
    assert [(len(cell.split(" … ")[0].split()), cell[-3:]) for cell in cells] == [(2, "(5)")] * 3


@pytest.mark.parametrize("case", ["hello-article", "hello-rnn-matrix"])
def test_only_of_one_number_for_all_units_it_is_said_that_it_collects_one_sum(case: str) -> None:
    page = back(Walk(reference(case)[0], backward=True)).letter(2)[-1].make()
    asides = [block.text for block in of(page, Prose) if block.text.startswith("All hidden units share")]
    assert len(asides) == (2 if case == "hello-article" else 0)  # the article's Whh and b


def test_the_end_has_the_errors_of_a_short_text_and_not_of_a_long_one() -> None:
    short, long = (back(Walk(pose("ab" * half), backward=True)).end(("rnnwalk next",)) for half in (20, 21))
    errors_of = [[table for table in of(page, Table) if "through time" in table.headings] for page in (short, long)]
    assert [len(table.rows) for table in errors_of[0]] == [39]
    assert errors_of[1] == []
    assert only(short, Commands).lines == ["rnnwalk next"]


def test_the_end_says_what_the_update_did_as_pytorch_has_it() -> None:
    """The weights of the reference after one step of plain descent; the loss and p of these, by hand."""
    problem, expected = reference("hello-article")
    blocks = back(Walk(problem, backward=True)).effect()
    told = " ".join(texts(blocks))
    assert "Loss 6.811275 before, 5.796385 now" in told  # both published: the issue's own
    new = {name: old - 0.1 * np.array(expected["gradient"][name], dtype=float)
           for name, old in problem.model.weights._asdict().items() if old is not None}  # fmt: skip
    h, shares = np.zeros((3, 1)), []
    for read, truth in zip("hell", "ello", strict=True):
        h = np.tanh(new["Wxh"][:, ["helo".index(read)]] + new["Whh"] * h + new["bh"])
        powers = np.exp(new["Why"] @ h)
        shares.append((powers / powers.sum())["helo".index(truth), 0])
    table = next(block for block in blocks if isinstance(block, Table))
    np.testing.assert_allclose(values(column(table, "p(truth) ")), shares, atol=6e-4)
    before = [np.ravel(step["p"])["helo".index(step["target"])] for step in expected["steps"]]
    np.testing.assert_allclose(values(column(table, "p(truth)")), before, atol=6e-4)
    assert "The weight that moved most is Why[h,2]: from 0.974829 to 0.815433." in told


@pytest.mark.parametrize("spelled", [str, partial(spell, encoding="ascii")])
@pytest.mark.parametrize("length", [1, 2, 5, 12, 150])
def test_the_way_of_the_error_fits_its_paper_and_ends_with_the_last_letter(length: int, spelled) -> None:
    for columns in range(28, 121, 4):
        lines = errors(length, "Wh…", columns, spelled)
        assert max(map(width, lines)) <= columns
        assert lines[0].split()[-1] == spelled(f"∂L/∂y{length}".translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")))


def test_a_wider_paper_holds_no_fewer_errors_and_a_very_wide_one_all() -> None:
    counts = [errors(12, "Whh", columns, str)[0].count("∂L/∂y") for columns in range(20, 301, 4)]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (1, 12)


def test_each_error_is_charged_through_as_many_arrows_as_there_are_steps_between() -> None:
    lines = only(back(HELLO).opening(), Fitted).draw(100, str)
    assert lines[2].count("←Whhᵀ─") == 3
    assert [line.count("∂L") for line in lines] == [4, 0, 4, 0, 4]


@pytest.mark.parametrize(
    ("cell", "form", "kept"),
    [
        ("lstm", "lstm", "∂L/∂c₃ᵗⁱᵐᵉ = ∂L/∂c₄⊙f₄"),
        ("gru", "pytorch", "∂L/∂h₃ᵗⁱᵐᵉ = ∂L/∂h₄⊙z₄ + "),
        ("gru", "chung2014", "∂L/∂h₃ᵗⁱᵐᵉ = ∂L/∂h₄⊙(1 − z₄) + "),
    ],
)
def test_under_the_picture_stands_the_way_back_that_passes_no_matrix(cell: str, form: str, kept: str) -> None:
    page = back(Walk(pose("hello", cell=cell, form=form), backward=True)).opening()
    assert any(formula.text.startswith(kept) for formula in of(page, Formula))
    assert not of(back(HELLO).opening(), Formula)


def test_errors_and_matrices_have_their_colours_in_the_picture_of_the_way_back() -> None:
    parts = [part for line in only(back(HELLO).opening(), Fitted).draw(100, str) for part in parts_of(line)]
    told = {text.strip(): role for text, role in parts if text.strip()}
    assert (told["∂L/∂h₂"], told["∂L/∂y₄"], told["∂L/∂W +="]) == ("gradient",) * 3
    assert (told["←Whhᵀ─"], told["↓ Whyᵀ"]) == ("weight", "weight")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"example": "sum"}, "no weight moved: η times each gradient is 0, or too small"),
        (
            {"word": "hello", "rate": 1e-20},
            "no weight moved: η times each gradient is 0, or too small",
        ),
        ({"word": "hello"}, "each weight whose gradient is not 0 moved against it"),
        ({"word": "ab", "hidden": 2}, "each weight whose gradient"),
        ({"word": "aba", "hidden": 2}, "every weight moved against its gradient"),
    ],
)
def test_the_end_says_which_weights_moved(asked: dict[str, Any], told: str) -> None:
    rate = asked.pop("rate", 0.1)
    page = back(Walk(pose(**asked), backward=True, rate=rate)).end(())
    said = " ".join(block.text for block in of(page, Prose))
    assert told in said
    assert said.count("No weight moved") + said.count("no weight moved") + said.count("moved most") == 1


def test_rounding_is_not_told_as_what_moved_most() -> None:
    """With all weights 0 each letter is as likely, and each comes once: -2/3 + 1/3 + 1/3 is 0, but not in binary."""
    model = pose("abca", hidden=2).model
    weights = model.weights._make(0 * w for w in model.weights if w is not None)
    page = back(Walk(Problem(replace(model, weights=weights), tuple("abca")), backward=True)).end(())
    assert "moved most" not in " ".join(block.text for block in of(page, Prose))


def test_where_a_gradient_and_an_update_are_too_wide_every_column_that_is_read_is_drawn() -> None:
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ."
    for text in ("ykG.", ["yk.", "kG."]):
        pages = back(Walk(pose(text, hidden=2, vocab=alphabet), backward=True)).totals()  # type: ignore[arg-type]
        (page,) = [page.make() for page in pages if page.key == "dWxh"]
        drawn = [part for block in of(page, Equation) for part in block.parts if isinstance(part, Matrix)]
        wide = [part for part in drawn if len(part.column_heads) == len(alphabet)]
        assert {part.label for part in wide} >= {"Wxh", "∂L/∂Wxh", "∂L/∂Wxh₁", "Wxh′"}
        for part in wide:
            lines, cut = draw(Equation([part]), 80, UNICODE)
            assert cut
            assert set("ykG") <= set(plain(lines).splitlines()[1].replace("▾", " ").split()), part.label
