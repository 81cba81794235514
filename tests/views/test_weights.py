"""A model at a glance."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from rnnwalk.model.model import Model
from rnnwalk.views.page import Prose, Table
from rnnwalk.views.weights import overview
from tests.examples import models, pose
from tests.views.reading import CELLS, of, only, texts, values


@settings(max_examples=25)
@given(models())
def test_the_numbers_in_all_are_those_of_the_weights_and_what_is_missing_counts_as_none(model: Model) -> None:
    *rows, total = only(overview(model, "a test", 6), Table).rows
    assert [row[0] for row in rows] == list(model.weights._fields)
    for row, w in zip(rows, model.weights, strict=True):
        assert int(row[2]) == (0 if w is None else w.size)
        assert ("not in the file" in row[-1]) == (w is None)
    assert int(total[2]) == sum(int(row[2]) for row in rows) == model.parameters


@pytest.mark.parametrize(("cell", "form"), CELLS)
def test_least_mean_and_most_are_numpys(cell: str, form: str) -> None:
    model = pose("hello", cell=cell, form=form, hidden=2).model
    for row in only(overview(model, "a test", 9), Table).rows[:-1]:
        w = getattr(model.weights, row[0])
        if w is not None:
            np.testing.assert_allclose(values(row[3:6]), [np.min(w), np.mean(w), np.max(w)], atol=1e-9)
            assert row[1] == f"{w.shape[0]}×{w.shape[1]}"


def test_the_articles_weights_are_26_numbers_for_4_symbols_and_3_units() -> None:
    page = overview(pose("hello").model, "the article's", 6)
    assert only(page, Table).rows[-1][2] == "26"
    assert of(page, Prose)[0].text.startswith("Cell rnn (tanh), 3 hidden units, 4 symbols: h, e, l, o.")


@pytest.mark.parametrize(("symbols", "more"), [(40, False), (41, True)])
def test_of_a_large_vocabulary_forty_symbols_are_named(symbols: int, more: bool) -> None:
    word = "".join(chr(0x4E00 + i) for i in range(symbols))
    text = of(overview(pose(word).model, "a test", 6), Prose)[0].text
    assert (word[39] in text.partition("It comes")[0], " …" in text) == (True, more)


def test_a_single_unit_is_not_called_by_its_plural_and_a_blank_is_shown() -> None:
    told = " ".join(texts(overview(pose("a a", hidden=1).model, "a test", 6)))
    assert "1 hidden unit, 2 symbols: a, ␣." in told
    assert "It comes with “a␣a”." in told


def test_where_weights_were_renamed_the_page_says_how() -> None:
    model = replace(pose("hello").model, layout="Wax is Wxh here.")
    assert [block.text for block in of(overview(model, "a test", 6), Prose)][1:2] == ["Wax is Wxh here."]
