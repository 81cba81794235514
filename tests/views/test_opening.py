"""The pages before the first letter: the unrolled network, the one-hot columns, the weights and their shapes."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnwalk.model.problem import Problem
from rnnwalk.model.symbols import shown, split, width
from rnnwalk.render.glyphs import spell
from rnnwalk.views.inputs import letters
from rnnwalk.views.network import network, unrolled
from rnnwalk.views.opening import opening, shapes, weights
from rnnwalk.views.page import Equation, Fitted, Matrices, Matrix, Question, Table
from rnnwalk.walks.walk import Walk
from tests.examples import pose, problems
from tests.views.reading import CELLS, column, made, of, only, texts

WORDS = ["hello", "banana", "ab", "日本語の日本語", "👩‍🏫a👨‍👩‍👧‍👦b👩‍🏫", "z̈ёz̈ё", "abc" * 30]


def drawn(word: str, columns: int, spelled=str, **options) -> list[str]:
    return unrolled(pose(word, **options), columns, spelled)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("word", WORDS)
def test_the_unrolled_network_fits_every_paper_that_holds_two_cells(word: str, cell: str) -> None:
    for columns in range(34, 121, 4):
        assert max(map(width, drawn(word, columns, cell=cell, hidden=2))) <= columns


def test_words_of_wide_letters_are_measured_by_the_columns_that_they_take() -> None:
    for columns in range(60, 121):
        assert (
            max(map(width, drawn("東京特許許可局 今日 東京特許許可局 今日 東京特許許可局", columns, by="word")))
            <= columns
        )


@pytest.mark.parametrize("word", WORDS)
def test_of_a_word_that_does_not_fit_the_first_letters_and_the_last_are_drawn_whole(word: str) -> None:
    symbols = split(word)
    for columns in range(20, 121, 4):
        says, *_, reads = drawn(word, columns, hidden=2)
        heads, tails = reads.split()[1:], says.split()[2:]
        for found, all_of_them in ((heads, symbols[:-1]), (tails, symbols[1:])):
            assert found[-1] == all_of_them[-1]
            assert found[:-1] == all_of_them[: len(found) - 1]


def test_a_wider_paper_holds_no_fewer_cells_and_a_very_wide_one_all() -> None:
    counts = [drawn("deeplearning", columns)[4].count("[") for columns in range(20, 301, 4)]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (1, 11)


def test_where_cells_are_left_out_dots_stand_in_their_place() -> None:
    for columns in range(20, 301, 4):
        cells = drawn("deeplearning", columns)[4]
        assert ("…" in cells) == (cells.count("[") < 11)


@pytest.mark.parametrize("word", WORDS)
def test_in_ascii_the_unrolled_network_has_ascii_signs_only(word: str) -> None:
    assert "".join(drawn(word, 100, partial(spell, encoding="ascii"))).isascii()


@pytest.mark.parametrize("spelled", [str, partial(spell, encoding="ascii")])
@given(word=st.lists(st.sampled_from(["a", "é", "한", "👩‍🏫", " "]), min_size=2, max_size=9))
@settings(max_examples=20)
def test_scores_and_inputs_stand_under_and_over_their_cell(spelled, word: list[str]) -> None:
    lines = drawn("".join(word), 100, spelled)

    def first_columns(line: str, sign: str) -> list[int]:
        return [width(line[:i]) for i in range(len(line)) if line.startswith(sign, i)]

    opens, closes = (first_columns(lines[4], sign) for sign in "[]")
    for row, sign in ((2, "y"), (6, "x")):
        places = first_columns(lines[row], sign)
        assert len(places) == len(opens)
        assert all(a < place < b for a, place, b in zip(opens, places, closes, strict=True))
    assert first_columns(lines[3], spelled("↑")) == first_columns(lines[1], spelled("↑"))  # a name moves no arrow


@pytest.mark.parametrize(
    ("cell", "state", "into", "over"),
    [("rnn", "h₁", "Wxh", "Whh"), ("lstm", "c₁ h₁", "Wx…", "Wh…"), ("gru", "h₁", "Wx…", "Wh…")],
)
def test_a_cell_hands_on_its_state_through_the_matrices_that_it_has(cell, state, into, over) -> None:
    lines = drawn("ab", 80, cell=cell)
    assert lines[4].split()[1 + (cell == "lstm") :] == [f"─{over}→", "[", *state.split(), "]"]
    assert lines[5].endswith(f"↑ {into}")


@given(problems())
@settings(max_examples=20)
def test_the_one_hot_columns_are_the_identity_headed_by_the_vocabulary(problem: Problem) -> None:
    (matrix,) = only(letters(Walk(problem)), Equation).parts
    assert isinstance(matrix, Matrix)
    np.testing.assert_array_equal(matrix.values, np.identity(len(problem.model.vocabulary)))
    assert matrix.row_heads == matrix.column_heads == [shown(symbol) for symbol in problem.model.vocabulary]


def test_of_what_follows_what_eight_pairs_are_told_and_never_all_but_one() -> None:
    for word, pairs in (("hello", 4), ("abcdefghi", 8), ("abcdefghij", 9), ("abcdefghijk", 8)):
        told = list(texts(letters(Walk(pose(word)))))[-1]
        assert told.count("→") == pairs
        assert told.endswith(" …") == (len(word) - 1 > pairs)


def test_the_articles_weights_are_26_numbers() -> None:
    table = only(shapes(Walk(pose("hello"))), Table)
    assert [row[:3] for row in table.rows] == [
        ["Wxh", "3×4", "12"], ["Whh", "1×1", "1"], ["b", "1×1", "1"], ["Why", "4×3", "12"], ["", "", "26"],
    ]  # fmt: skip


@pytest.mark.parametrize(("cell", "form"), CELLS)
def test_the_numbers_of_the_weights_add_up_to_those_that_are_learned(cell: str, form: str) -> None:
    problem = pose("hello", cell=cell, form=form, hidden=2)
    *each, total = only(shapes(Walk(problem)), Table).rows
    sizes = [int(a) * int(b) for a, b in (row[1].split("×") for row in each)]
    assert sizes == [int(row[2]) for row in each] == [w.size for w in problem.model.weights if w is not None]
    assert int(total[2]) == sum(sizes)


@pytest.mark.parametrize(("cell", "form"), CELLS)
def test_each_weight_is_shown_with_the_numbers_of_the_model(cell: str, form: str) -> None:
    problem = pose("hello", cell=cell, form=form, hidden=2)
    matrices = only(weights(Walk(problem), 6), Matrices).matrices
    for found, w in zip(matrices, [w for w in problem.model.weights if w is not None], strict=True):
        np.testing.assert_array_equal(found.values, w)
        assert len(found.row_heads) in (0, w.shape[0])
        assert found.digits == 2  # the drawn ones have two decimals


@pytest.mark.parametrize(("word", "hidden"), [("hello", 6), ("hello", 7), ("abcdefg", 2)])
def test_that_a_sum_shows_its_largest_terms_is_said_where_one_is_cut(word: str, hidden: int) -> None:
    walk = Walk(pose(word, hidden=hidden))
    cut = any(" more)" in walk.derivations[node].line((0, 0)) for node in walk.fields(2))
    told = "Of each matrix product, or other sum, of more than 6 terms the largest are written out" in " ".join(
        texts(weights(walk, 6))
    )
    assert told == cut


@pytest.mark.parametrize(("cell", "asked"), [("rnn", 2), ("lstm", 1), ("gru", 1)])
def test_the_first_matrix_and_the_one_memory_are_asked_for_their_shape(cell: str, asked: int) -> None:
    problem = pose("hello", cell=cell, hidden=2)
    found = of(shapes(Walk(problem)), Question)
    assert len(found) == asked
    assert found[0].question == f"Why is {problem.model.weights._fields[0]} 2×4?"


@pytest.mark.parametrize(("cell", "pages"), [("rnn", 4), ("lstm", 5), ("gru", 5)])
def test_only_a_gated_cell_has_a_page_of_equations(cell: str, pages: int) -> None:
    found = opening(Walk(pose("hello", cell=cell)), 6)
    assert len(found) == pages
    assert ("The cell" in [page.title for page in found]) == (cell != "rnn")
    assert [page.title for page in found] == [page.title for page in made(found)]


def test_the_drawing_of_the_first_page_is_that_of_the_problem() -> None:
    says, *_, reads = only(network(Walk(pose("hello")), 6), Fitted).draw(80, str)
    assert (says.split(), reads.split()) == (["should", "say:", *"ello"], ["reads:", *"hell"])
    assert column(only(shapes(Walk(pose("hello"))), Table), "weight")[0] == "Wxh"


@pytest.mark.parametrize(
    ("hidden", "told"),
    [
        (5, "a 5×3 matrix (5 rows, 3 columns) makes 5 numbers out of 3"),
        (1, "a 1×3 matrix (1 row, 3 columns) makes 1 number out of 3"),
    ],
)
def test_what_a_matrix_does_is_told_of_the_first_one_that_is_there(hidden: int, told: str) -> None:
    assert told in " ".join(texts(shapes(Walk(pose("banana", hidden=hidden)))))
