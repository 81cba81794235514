"""A long text is recorded as far as it is shown; what the rest comes to is what a record of all would say."""

import tracemalloc

import numpy as np
import pytest

from rnnwalk.errors import InputError
from rnnwalk.model.problem import EDGE, Problem
from rnnwalk.render.terminal.screen import make_console, show
from rnnwalk.views.explain import explain, letters_needed
from rnnwalk.views.walkthrough import Choice, letters_in_full, pages
from rnnwalk.walks import outline as outlining
from rnnwalk.walks.walk import Walk
from tests.examples import pose, sampled

CASES = [("rnn", "tanh"), ("rnn", "logistic"), ("lstm", "lstm"), ("gru", "chung2014"), ("gru", "pytorch")]
TEXT = "".join("abcd "[(i * i + 7 * i) // 3 % 5] for i in range(90))


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text is long from 50 letters on, and read in chunks that do not divide it."""
    monkeypatch.setattr("rnnwalk.model.problem.LONG_TEXT", 50)
    monkeypatch.setattr(outlining, "CHUNK", 17)


def posed(cell: str, form: str) -> Problem:
    return pose(TEXT, cell=cell, form=form, hidden=3, seed=4)


@pytest.mark.parametrize(("cell", "form"), CASES)
def test_an_outline_says_of_each_letter_what_the_record_of_all_says(cell: str, form: str) -> None:
    whole, part = Walk(posed(cell, form)), Walk(posed(cell, form), letters=range(1, 3))
    assert part.predictions == whole.predictions
    assert part.loss == pytest.approx(whole.loss, rel=1e-13)
    np.testing.assert_allclose(part.outline.losses, [whole.at("loss", t).value.item() for t in whole.recorded])
    assert list(part.outline.rows) == [*range(1, EDGE + 1), *range(whole.length - EDGE + 1, whole.length + 1)]
    for letter in part.outline.rows:
        one, other = part.row(letter), whole.row(letter)
        assert one.said == other.said
        np.testing.assert_allclose(
            [one.p_said, one.p_truth, one.loss, *one.h], [*other[1:4], *other.h], rtol=1e-12, atol=1e-15
        )


@pytest.mark.parametrize(("cell", "form"), CASES)
@pytest.mark.parametrize("letter", sampled([1, 2, 17, 18, 60, 89], 1, 18, 89))
def test_letters_in_the_middle_are_recorded_from_the_state_before_them(cell: str, form: str, letter: int) -> None:
    whole = Walk(posed(cell, form))
    part = Walk(whole.problem, letters=range(letter, min(letter + 3, 90)))
    for key, node in part.names.node.items():
        assert key in whole.names.node
        np.testing.assert_allclose(node.value, whole.names.node[key].value, rtol=1e-12, atol=1e-15)
        assert part[key].formula == whole[key].formula or node.op == "input"
    assert "loss" not in part.names.node


def printed(walk: Walk, choice: Choice, capsys: pytest.CaptureFixture[str]) -> str:
    show(pages(walk, choice), make_console())
    return capsys.readouterr().out


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
@pytest.mark.parametrize("letter", sampled([1, 40, 89], 40))
def test_one_letter_of_a_long_text_is_shown_as_of_a_record_of_all(
    cell: str, letter: int, capsys: pytest.CaptureFixture[str]
) -> None:
    problem, choice = pose(TEXT, cell=cell, hidden=3), Choice(letter=letter)
    assert letters_in_full(problem, choice) == range(letter, letter + 1)
    part = printed(Walk(problem, letters=letters_in_full(problem, choice)), choice, capsys)
    assert part == printed(Walk(problem), choice, capsys)


def test_a_long_walk_shows_the_first_letters_in_full_and_rows_of_both_ends(capsys: pytest.CaptureFixture[str]) -> None:
    problem = pose(TEXT, hidden=3)
    whole, part = Walk(problem), Walk(problem, letters=letters_in_full(problem, Choice()))
    assert list(part.recorded) == [1, 2]
    text, full = printed(part, Choice(), capsys), printed(whole, Choice(), capsys)
    assert text.partition("The rest, a row each")[0] == full.partition("The rest, a row each")[0]
    rows = [
        line for line in full.partition("The rest, a row each")[2].splitlines() if line.endswith(tuple("0123456789"))
    ]
    ends = {str(letter) for letter in [*range(3, EDGE + 1), *range(90 - EDGE, 90)]}
    rows = [line.split() for line in full.partition("The rest, a row each")[2].splitlines()]
    kept = [row for row in rows if len(row) > 8 and row[0] in ends]
    table = text.partition("The rest, a row each")[2]
    assert len(kept) == 2 * EDGE - 2
    assert [line.split() for line in table.splitlines() if line.split() in kept] == kept
    assert "after 49 others, the last" in " ".join(table.split())
    assert text.rpartition("Guessing among")[2] == full.rpartition("Guessing among")[2]
    assert f"= {whole.loss:.6f}" in text


@pytest.mark.parametrize(
    "quantity",
    sampled(["h_2[1]", "h_89[3]", "zf_60[1]", "p₄₀[b]", "Wxf[1,a]", "x_3", "c_0", "h_30"], "h_89[3]", "p₄₀[b]", "c_0"),
)
def test_a_number_of_a_long_text_is_explained_as_of_a_record_of_all(
    quantity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = pose(TEXT, cell="lstm", hidden=3)
    needed = letters_needed(problem, quantity, None)
    assert needed is not None
    assert len(needed) <= 13
    told = []
    for walk in (Walk(problem, letters=needed), Walk(problem)):
        show([explain(walk, quantity)], make_console())
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]


def test_a_letter_beyond_a_long_text_is_refused_before_anything_is_computed() -> None:
    with pytest.raises(InputError, match="no quantity 'h_90': the text has 89 time steps, as in h_89"):
        letters_needed(pose(TEXT), "h_90", None)


def test_the_loss_of_a_long_text_is_explained_by_its_largest_terms(capsys: pytest.CaptureFixture[str]) -> None:
    problem = pose(TEXT, cell="lstm", hidden=3)
    whole = Walk(problem)
    losses = [whole.at("loss", t).value.item() for t in range(1, 90)]
    show([explain(Walk(problem, letters=letters_needed(problem, "loss", None)), "loss")], make_console())
    told = capsys.readouterr().out
    assert f"The losses of all 89 letters, added up: {sum(losses):.6f}." in told
    rows = [line.split() for line in told.splitlines() if line[:3].strip().isdigit()]
    largest = sorted(range(89), key=lambda t: -losses[t])[:10]
    assert [(int(row[0]), row[-1]) for row in rows] == [(t + 1, f"{losses[t]:.6f}") for t in largest]


def test_a_name_that_is_nowhere_is_refused_before_a_long_text_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlining, "outline", None)
    with pytest.raises(InputError, match="no quantity 'dWyx'; did you mean 'dWxh'"):
        letters_needed(pose(TEXT), "dWyx", None)
    assert letters_needed(pose(TEXT), "dWxh", None) == range(1, 2)


def test_many_words_are_never_a_square_of_zeros() -> None:
    words = " ".join(f"w{i}" for i in range(3000))
    tracemalloc.start()
    try:
        walk = Walk(pose(words, by="word"), letters=range(1, 3))
        assert len(walk.outline.losses) == 2999
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3000 * 3000 * 8 / 2


def test_one_step_of_a_long_text_is_shown_at_its_first_letters(capsys: pytest.CaptureFixture[str]) -> None:
    problem, choice = posed("rnn", "tanh"), Choice(step="7")
    wanted = letters_in_full(problem, choice)
    assert wanted == range(1, EDGE + 1)
    told = printed(Walk(problem, letters=wanted), choice, capsys)
    assert told.count("Step 7 · Softmax") == EDGE
    assert "these were the first 20 of 89 letters: --letter N shows any other one" in " ".join(told.split())
