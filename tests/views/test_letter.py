"""The steps of a letter, each on a page."""

import numpy as np
import pytest

from rnnwalk.views.blocks import Blocks
from rnnwalk.views.letter import Letters, compact
from rnnwalk.views.page import Equation, Formula, Lines, Prose, Question
from rnnwalk.walks.walk import Walk
from tests.examples import pose, reference
from tests.views.reading import column, made, of, only, values

HELLO = Walk(pose("hello"))


def letters(run: Walk, **options) -> Letters:
    return Letters(Blocks(run, **options))


def test_the_articles_h_of_the_second_letter_stands_on_its_page() -> None:
    (page,) = made(page for page in letters(HELLO).pages(2) if page.key == "h_2")
    assert page.title == "Letter 2 “e” · Step 5 · The new hidden state: h₂"
    assert only(page, Lines).lines == ["h₂[1] = tanh(0.846060 + 0.863014) = tanh(1.709074) = 0.936534"]
    assert only(page, Formula).text == "h₂ = tanh(Wxh·x₂ + Whh·h₁ + b)"


@pytest.mark.parametrize("case", ["hello-article", "hello-rnn-matrix"])
def test_the_results_that_are_drawn_are_pytorchs(case: str) -> None:
    problem, expected = reference(case)
    theirs = {"Wxh_x": "Wxh_x", "Whh_h": "Whh_h_b", "h": "h", "y": "y"}
    for letter, step in enumerate(expected["steps"], start=1):
        for page in made(letters(Walk(problem)).pages(letter))[:-1]:
            result = only(page, Equation).parts[-1]
            np.testing.assert_allclose(result.values[:, 0], step[theirs[page.key.rpartition("_")[0]]], rtol=1e-12)


def test_the_first_page_of_a_letter_says_which_letter_it_is_and_which_was_before() -> None:
    leads = [of(letters(HELLO).pages(t)[0].make(), Prose)[0].text for t in (1, 2)]
    assert leads[0].startswith("The first letter is “h”.")
    assert leads[1].startswith("The next letter is “e”. The memory is now h₁, the state after “h”.")
    of_a_cell_with_two = letters(Walk(pose("hello", cell="lstm"))).pages(2)[0].make()
    assert "The memory is now h₁ and c₁, the state after “h”." in only(of_a_cell_with_two, Prose).text


@pytest.mark.parametrize(
    ("cell", "asked"), [("rnn", {"Whh_h_1": 3, "p_1": 1, "p_2": 1}), ("lstm", None), ("gru", None)]
)
def test_questions_are_answered_where_they_arise_and_nowhere_else(cell: str, asked: dict[str, int] | None) -> None:
    run = HELLO if cell == "rnn" else Walk(pose("hello", cell=cell))
    if asked is None:  # no Whh; at the second letter only what was answered wrongly
        asked = {"p_1": 1} | ({"p_2": 1} if run.predictions[1] != "l" else {})
    found = {}
    for letter in range(1, 5):
        for page in made(letters(run).pages(letter)):
            if count := len(of(page, Question)):
                found[page.key] = count
    assert found == asked


def test_a_word_of_one_step_asks_at_it_why_the_answer_is_wrong() -> None:
    for seed in range(4):
        run = Walk(pose("ab", seed=seed))
        page = letters(run).pages(1)[-1].make()
        assert len(of(page, Question)) == 1 + (run.predictions != ["b"])


def test_a_blank_is_named_by_its_sign() -> None:
    assert letters(Walk(pose("a b"))).who(2) == "Letter 2 “␣”"
    assert letters(Walk(pose("a b", by="word"))).who(1) == "Word 1 “a”"


@pytest.mark.parametrize(("hidden", "numbers", "more"), [(1, 1, ""), (5, 5, ""), (6, 3, "… (6)"), (40, 3, "… (40)")])
def test_of_a_large_state_the_compact_table_shows_three_numbers_and_how_many_there_are(hidden, numbers, more) -> None:
    run = Walk(pose("abc", hidden=hidden))
    for t, cell in enumerate(column(compact(run, [1, 2], 6), "hidden state h"), start=1):
        told, _, rest = cell.partition(" …")
        np.testing.assert_allclose(values(told.split()), run[f"h_{t}"].value[:numbers, 0], atol=6e-4)
        assert rest.strip() == more.removeprefix("… ")


def test_the_compact_table_has_the_letters_that_are_asked_for() -> None:
    assert column(compact(HELLO, [4, 2], 6), "t") == ["4", "2"]
    assert column(compact(HELLO, [4, 2], 6), "reads") == ["l", "e"]
