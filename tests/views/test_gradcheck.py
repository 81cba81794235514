"""Three gradients side by side: they agree, or the page says that they do not."""

import numpy as np
import pytest

from rnnwalk.tasks.gradcheck import Check, gradcheck
from rnnwalk.views.gradcheck import comparison
from rnnwalk.views.page import Page, Table
from tests.examples import pose, reference
from tests.views.reading import CELLS, column, only, texts, values


def falsified(check: Check, way: str, by: float) -> Check:
    return check._replace(**{way: getattr(check, way) + by})


def verdict(page: Page) -> str:
    (told,) = [
        word for text in texts(page) for word in ("All three agree.", "They do not agree: see the ✗.") if word in text
    ]
    return told


@pytest.mark.parametrize("case", ["hello-article", "hello-lstm", "hello-gru-pytorch"])
def test_the_largest_number_of_each_gradient_is_pytorchs_in_all_three_columns_and_its_place_is_told(case) -> None:
    problem, expected = reference(case)
    table = only(comparison(gradcheck(problem), "hello", 9), Table)
    assert [name.partition("[")[0] for name in column(table, "weight")] == list(expected["gradient"])
    gradients = [np.array(part, dtype=float) for part in expected["gradient"].values()]
    largest = [gradient.flat[np.abs(gradient).argmax()] for gradient in gradients]
    for way in ("BPTT", "central", "trace"):
        np.testing.assert_allclose(values(column(table, way)), largest, atol=2e-8)
    row, symbol = np.unravel_index(np.abs(gradients[0]).argmax(), gradients[0].shape)  # of a matrix that reads letters
    assert column(table, "weight")[0].endswith(f"[{row + 1},{'helo'[symbol]}]")


def test_where_not_every_number_is_nudged_the_largest_is() -> None:
    checks = gradcheck(pose("abc", vocab="".join(map(chr, range(97, 123))), hidden=30))
    assert any(check.taken < check.backward.size for check in checks)
    assert all(np.isfinite(check.numeric.flat[check.largest]) for check in checks)


def test_where_the_loss_bends_within_the_nudge_that_is_said_and_only_there() -> None:
    checks = gradcheck(pose(example="exploding"))
    assert "look at the nudge" in " ".join(texts(comparison(checks, "", 6)))
    wrong = [falsified(check, "differentiated", 1e-3 * check.scale) for check in checks]
    assert "look at the nudge" not in " ".join(texts(comparison(wrong, "", 6)))


@pytest.mark.parametrize(("cell", "form"), CELLS)
def test_of_every_cell_all_three_agree(cell: str, form: str) -> None:
    page = comparison(gradcheck(pose("aba", cell=cell, form=form, hidden=2)), "aba", 6)
    assert verdict(page) == "All three agree."
    assert set(column(only(page, Table), "")) == {"✓"}


@pytest.mark.parametrize(("way", "by"), [("backward", 1e-4), ("numeric", 1e-4), ("differentiated", 1e-8)])
def test_a_gradient_that_is_false_in_one_way_is_marked_and_the_page_says_that_they_do_not_agree(way, by) -> None:
    checks = gradcheck(pose("hello"))
    for wrong in range(len(checks)):
        page = comparison([falsified(c, way, by) if i == wrong else c for i, c in enumerate(checks)], "hello", 6)
        assert verdict(page) == "They do not agree: see the ✗."
        assert [mark == "✗" for mark in column(only(page, Table), "")] == [i == wrong for i in range(len(checks))]


@pytest.mark.parametrize(
    ("largest", "by", "passes"), [(1e-9, 9e-7, True), (1e-9, 2e-6, False), (40.0, 3.9e-5, True), (40.0, 5e-5, False)]
)
def test_what_passes_is_what_the_page_says(largest: float, by: float, passes: bool) -> None:
    gradient = np.array([[largest, 0.0]])
    page = comparison([Check("W", gradient, gradient + by, gradient)], "a test", 6)
    assert "at most 1e-06 (central) and 1e-10 (trace), times its largest gradient where that is above 1." in " ".join(
        texts(page)
    )
    assert column(only(page, Table), "") == ["✓" if passes else "✗"]


def test_the_largest_differences_are_told() -> None:
    check = Check("W", np.array([[1.0, 2.0]]), np.array([[1.5, 2.0]]), np.array([[1.0, 1.75]]))
    (row,) = only(comparison([check], "a test", 6), Table).rows
    assert row == ["W", "1×2", "2.000000", "2.000000", "1.750000", "5.0e-01", "2.5e-01", "✗"]


def test_that_only_some_numbers_were_nudged_is_told_where_it_is_so() -> None:
    some = Check("W", np.ones((1, 3)), np.array([[1.0, np.nan, 1.0]]), np.ones((1, 3)))
    every = some._replace(numeric=np.ones((1, 3)))
    for check, said in ((some, True), (every, False)):
        page = comparison([check], "a test", 6)
        assert ("Of the 3 numbers, 2 were nudged." in " ".join(texts(page))) == said
        assert verdict(page) == "All three agree."
