"""The walk as pages: which pages there are, in which order, and what is asked for alone."""

import re

import numpy as np
import pytest
from hypothesis import given, settings

from rnnwalk import walk
from rnnwalk.errors import InputError
from rnnwalk.model.problem import Problem
from rnnwalk.views.page import Equation, Formula, Lines, Matrix, Prose, Table
from rnnwalk.views.walkthrough import Choice, pages, walkthrough
from rnnwalk.walks.walk import Walk
from tests.arithmetic import evaluate_maths
from tests.examples import pose, problems, reference
from tests.views.reading import CELLS, column, evaluated, made, of, only, texts, values

HELLO = Walk(pose("hello"), backward=True)
EVERYTHING = Choice(everything=True)
JOINER = "\u200d"  # inside an emoji


@settings(max_examples=15)
@given(problems())
def test_every_page_has_the_title_that_it_is_listed_by_and_at_least_one_block(problem: Problem) -> None:
    for listed in walkthrough(Walk(problem, backward=True), EVERYTHING):
        page = listed.make()
        assert page.title.startswith(listed.title) or listed.title.startswith("The rest")
        assert page.title
        assert page.blocks
        assert (page.key, page.letter) == (listed.key, listed.letter)


@settings(max_examples=15)
@given(problems())
def test_every_text_of_every_page_can_be_printed(problem: Problem) -> None:
    for page in pages(Walk(problem, backward=True), EVERYTHING):
        assert [text for text in texts(page) if not text.replace(JOINER, "").isprintable()] == []


@settings(max_examples=15)
@given(problems())
def test_what_numpy_makes_of_the_matrices_of_an_equation_is_its_result(problem: Problem) -> None:
    checked = 0
    for page in pages(Walk(problem, backward=True), EVERYTHING):
        for equation in of(page, Equation):
            if len(equation.parts) > 1:
                result = equation.parts[-1]
                assert isinstance(result, Matrix)
                np.testing.assert_allclose(evaluated(equation.parts), result.values, rtol=1e-12, atol=1e-14)
                checked += 1
    assert checked >= 10


@pytest.mark.parametrize(("cell", "form"), CELLS)
def test_what_numpy_makes_of_the_matrices_is_the_result_in_every_cell(cell: str, form: str) -> None:
    run = Walk(pose("abca", cell=cell, form=form, hidden=2), backward=True)
    equations = [part for page in pages(run, EVERYTHING) for part in of(page, Equation) if len(part.parts) > 1]
    assert len(equations) > 40
    for equation in equations:
        np.testing.assert_allclose(evaluated(equation.parts), equation.parts[-1].values, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("cell", "form"), CELLS)
def test_every_line_of_arithmetic_works_out_to_its_last_number(cell: str, form: str) -> None:
    run = Walk(pose("abca", cell=cell, form=form, hidden=2), backward=True)
    lines = [line for page in pages(run, Choice(15, "numbers", everything=True)) for block in of(page, Lines)
             for line in block.lines]  # fmt: skip
    assert len(lines) > 60
    for line in lines:
        stages = re.split(" [=≈] ", line)[1:]
        assert [evaluate_maths(stage) for stage in stages[:-1]] == pytest.approx(
            [float(stages[-1])] * (len(stages) - 1), rel=1e-9, abs=1e-13
        ), line


@pytest.mark.parametrize("letter", [1, 2, 4])
@pytest.mark.parametrize(("cell", "form"), CELLS)
def test_the_pages_of_one_letter_all_carry_that_letter(cell: str, form: str, letter: int) -> None:
    run = Walk(pose("abcab", cell=cell, form=form, hidden=2), backward=True)
    found = walkthrough(run, Choice(letter=letter))
    assert {page.letter for page in found} == {page.letter for page in made(found)} == {letter}
    assert len({page.key for page in found}) == len(found) > 10


@pytest.mark.parametrize("step", ["4a", "4b", "5", "6", "7", "8", "14"])
def test_a_step_gives_the_pages_of_that_step_alone(step: str) -> None:
    found = walkthrough(HELLO if step in ("8", "14") else Walk(HELLO.problem), Choice(step=step))
    assert {page.step for page in found} == {step}
    assert all(f"· Step {step} ·" in page.title for page in found)


def test_a_step_of_the_way_back_is_given_from_the_last_letter() -> None:
    assert [page.letter for page in walkthrough(HELLO, Choice(step="8"))] == [4, 3, 2, 1]
    assert [page.letter for page in walkthrough(Walk(HELLO.problem), Choice(step="7"))] == [1, 2, 3, 4]


@pytest.mark.parametrize(("asked", "later"), [("1", "4b"), ("2", "4a"), ("3", "5"), ("6", "6"), ("7", "7")])
def test_a_step_may_be_called_by_the_articles_number_at_the_first_letter(asked: str, later: str) -> None:
    found = walkthrough(Walk(pose("hello")), Choice(step=asked))
    assert [page.step for page in found if page.letter == 1] == [asked]
    assert {page.step for page in found if page.letter != 1} == {later}
    assert {page.letter for page in found} == {1, 2, 3, 4}


@pytest.mark.parametrize(("cell", "steps"), [("lstm", 15), ("gru", 13)])
def test_the_steps_of_a_gated_cell_are_counted_in_order(cell: str, steps: int) -> None:
    """Of an LSTM z and squeeze of i, f, g and o; two products, c, tanh of it, h; y and p: 15. Of a GRU 13."""
    found = walkthrough(Walk(pose("abab", cell=cell)), EVERYTHING)
    for letter in (1, 2, 3):
        numbers = [page.step for page in found if page.letter == letter]
        assert numbers == [str(i + 1) for i in range(steps)]


def test_the_article_takes_five_pages_for_each_letter() -> None:
    found = walkthrough(Walk(pose("hello")), EVERYTHING)
    assert [page.step for page in found if page.letter == 1] == ["1", "2", "3", "6", "7"]
    for letter in (2, 3, 4):
        assert [page.step for page in found if page.letter == letter] == ["4a", "4b", "5", "6", "7"]


def test_the_articles_step_4_takes_the_memory_first_and_then_the_letter() -> None:
    for asked in ("4", "4A", "4b"):
        assert walkthrough(Walk(pose("hello")), Choice(letter=2, step=asked)), asked
    found = walkthrough(Walk(pose("hello")), Choice(letter=2, step="4"))
    assert [(page.step, page.key) for page in found] == [("4a", "Whh_h_2"), ("4b", "Wxh_x_2")]


def test_one_sentence_at_the_first_step_says_why_the_numbers_run_as_they_do() -> None:
    page = walkthrough(Walk(pose("hello")), Choice(letter=1))[0].make()
    assert of(page, Prose)[-1].text == (
        "The steps have the article's numbers: 1, 2, 3, 6 and 7 for the first letter; for every later one, "
        "1 becomes 4b, 2 becomes 4a and 3 becomes 5."
    )
    counted = walkthrough(Walk(pose("hello", cell="gru")), Choice(letter=1))[0].make()
    assert "article" not in " ".join(texts(counted))


@pytest.mark.parametrize(("word", "in_full", "rows"), [("ab", 1, 0), ("abc", 2, 0), ("hello", 2, 2), ("banana", 2, 3)])
def test_two_letters_are_shown_in_full_and_the_others_a_row_each(word: str, in_full: int, rows: int) -> None:
    found = walkthrough(Walk(pose(word, hidden=2)), Choice())
    assert {page.letter for page in found if page.letter} == set(range(1, in_full + 1))
    others = [page.make() for page in found if page.title == "The other letters"]
    assert [len(only(page, Table).rows) for page in others] == ([rows] if rows else [])


def test_the_way_back_shows_the_last_letters_in_full_the_last_one_first() -> None:
    found = walkthrough(Walk(pose("banana", hidden=2), backward=True), Choice())
    back = found[[page.title for page in found].index("The way back") :]
    letters = [page.letter for page in back if page.letter]
    assert list(dict.fromkeys(letters)) == [5, 4]
    assert letters == sorted(letters, reverse=True)


def test_the_way_back_follows_the_whole_word_and_only_where_it_was_recorded() -> None:
    forward, both = (
        [page.title for page in walkthrough(Walk(pose("hello"), backward=back), Choice())] for back in (False, True)
    )
    assert both[: len(forward)] == forward
    assert both[len(forward)] == "The way back"


@pytest.mark.parametrize("letter", [0, 5, -1])
def test_a_letter_that_is_not_there_is_refused(letter: int) -> None:
    with pytest.raises(InputError, match=rf"--letter is {letter}, expected 1 to 4"):
        walkthrough(HELLO, Choice(letter=letter))


def test_a_step_that_is_not_there_is_refused_with_the_steps_that_are() -> None:
    with pytest.raises(
        InputError, match=r"--step is 8, expected one of 1, 2, 3, 4a, 4b, 5, 6, 7 here; the way back has more"
    ):
        walkthrough(Walk(pose("hello")), Choice(step="8"))
    with pytest.raises(InputError, match=r"1, 2, 3, 6, 7 at letter 1; step 4b begins at letter 2$"):
        walkthrough(Walk(pose("hello")), Choice(letter=1, step="4b"))
    with pytest.raises(
        InputError,
        match=r"is 99, expected one of 4a, 4b, 5, 6, 7 at letter 2 \(1 is 4b, 2 is 4a, 3 is 5 there\); the steps of",
    ):
        walkthrough(HELLO, Choice(letter=2, step="99"))


def test_the_summary_tells_the_articles_loss_and_what_chance_would_cost() -> None:
    (page,) = [page for page in pages(HELLO, Choice()) if page.key == "loss"]
    assert [line.rpartition(" = ")[2] for line in only(page, Lines).lines] == ["6.811275"]
    assert f"4·ln 4 = {4 * np.log(4):.6f}" in " ".join(texts(page))


def test_the_compact_table_has_a_row_for_each_letter_with_pytorchs_numbers() -> None:
    problem, expected = reference("hello-article")
    (page,) = [page for page in pages(Walk(problem), Choice()) if page.key == "loss"]
    table = only(page, Table)
    steps = expected["steps"]
    assert column(table, "t") == ["1", "2", "3", "4"]
    assert column(table, "says") == [step["prediction"] for step in steps]
    assert column(table, "truth") == list("ello")
    np.testing.assert_allclose(values(column(table, "loss")), [step["loss"] for step in steps], atol=6e-7)
    for cell, step in zip(column(table, "hidden state h"), steps, strict=True):
        np.testing.assert_allclose(values(cell.split()), step["h"], atol=6e-4)
    at = problem.model.vocabulary.index
    truths = [step["p"][at(step["target"])] for step in steps]
    np.testing.assert_allclose(values(column(table, "p(truth)")), truths, atol=6e-4)
    np.testing.assert_allclose(values(column(table, "p(says)")), [max(step["p"]) for step in steps], atol=6e-4)


@settings(max_examples=20)
@given(problems())
def test_the_compact_table_marks_exactly_what_was_said_right(problem: Problem) -> None:
    run = Walk(problem)
    (page,) = [page for page in pages(run, Choice()) if page.key == "loss"]
    table = only(page, Table)
    assert len(table.rows) == len(problem.symbols) - 1
    right = [mark == "✓" for mark in column(table, "")]
    assert right == [said == truth for said, truth in zip(run.predictions, problem.symbols[1:], strict=True)]
    told = " ".join(block.text for block in of(page, Prose))
    assert (f"{sum(right)} of {len(right)} right" in told) == (len(right) > 1)
    assert ("which is right" in told) == all(right)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_of_words_no_page_says_that_they_are_letters(cell: str) -> None:
    run = Walk(pose("we love love we", by="word", cell=cell, hidden=2), backward=True)
    for page in [*pages(run, EVERYTHING), *pages(run, Choice())]:
        assert [text for text in texts(page) if "letter" in text.lower().replace("--letter", "")] == []


def test_what_to_do_next_is_told_once_at_the_very_end() -> None:
    for run in (Walk(pose("hello")), HELLO):
        found = [list(texts(page)) for page in pages(run, Choice(commands=("rnnwalk next",)))]
        assert ["rnnwalk next" in page for page in found] == [False] * (len(found) - 1) + [True]


@pytest.mark.parametrize("show", ["symbols", "numbers"])
def test_symbols_alone_show_no_lines_of_numbers_and_numbers_alone_no_formula(show: str) -> None:
    kinds = [type(block) for page in pages(HELLO, Choice(formulas=show, letter=2)) for block in page.blocks]
    assert (Formula in kinds) == (show == "symbols")
    if show == "symbols":
        assert kinds.count(Lines) == 1  # the loss, whose symbols have a line of their own


def test_the_end_of_a_long_sequence_says_what_is_said_there() -> None:
    def told(words: str | list[str], example: str) -> str:
        return " ".join(texts(list(pages(walk(words, example=example), Choice()))[-1]))

    assert "After the last of 60 time steps it says “60.000000”." in told("1 " * 60, "sum")
    assert "After the last of 41 words it says “positive”." in told("good " * 41, "sentiment")
    assert "” it says “100.000000”." in told(["1 " * 50, "2 " * 50], "sum")
