"""Cells of one size side by side."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnwalk.model.pose import beside
from rnnwalk.model.symbols import graphemes, width
from rnnwalk.render.glyphs import spell
from rnnwalk.tasks.gradient_flow import Flow, Together, flow
from rnnwalk.tasks.stretching import stretched
from rnnwalk.views import flows_together
from rnnwalk.views.compared import MOST_NAME, bars, pages
from rnnwalk.views.gradient_flow import verdict
from rnnwalk.views.page import Fitted, Page, Prose, Table
from rnnwalk.views.sizes import size
from tests.examples import pose
from tests.views.reading import column, of, only, texts

CELLS = ["rnn", "lstm", "gru"]
LONG_NAMES = [
    "東京特許許可局東京特許許可局",
    "zoe\u0308" + "q\u0323\u0307" * 9,
    "👩‍🏫" * 7,
    "internationalisation",
    "a",
]


def flows(text: str, **options) -> list[Flow]:
    return [flow(pose(text, cell=cell, hidden=2, **options)) for cell in CELLS]


def page(found: list[Flow]) -> Page:
    (made,) = pages(found, 4)
    return made


def test_there_is_a_column_of_numbers_and_a_verdict_for_each_cell() -> None:
    found = flows("banana")
    made = page(found)
    table = only(made, Table)
    assert table.headings == ["t", "reads", *CELLS]
    assert column(table, "t") == ["5", "4", "3", "2", "1"]
    for cell, each in zip(CELLS, found, strict=True):
        assert column(table, cell) == [size(arrival.error["state"], 4) for arrival in each.arrivals[::-1]]
        assert f"{cell}: {verdict(each, 4)}" in [block.text for block in of(made, Prose)]


def test_the_numbers_to_be_learned_are_those_of_the_textbook() -> None:
    """With n = 2 units and k = 3 symbols: (n·k + n·n + n) once, four and three times, and k·n + k for the scores."""
    told = " ".join(texts(page(flows("banana"))))
    assert "(rnn 21, lstm 57, gru 45 numbers)" in told


def test_the_cell_that_keeps_the_most_is_the_one_that_is_named() -> None:
    found = flows("banana")
    left = {cell: each.left.value for cell, each in zip(CELLS, found, strict=True)}
    assert f"Over 4 steps the most is left in the {max(left, key=left.get)}:" in " ".join(texts(page(found)))


def test_of_a_single_letter_nothing_is_said_to_be_left() -> None:
    assert "the most is left" not in " ".join(texts(page(flows("ab"))))


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_each_letter_has_a_row_with_a_bar_for_each_cell_and_longer_bars_are_larger_errors(columns: int) -> None:
    found = flows("banana")
    head, *rows = bars(found, CELLS, list("banan"), [4, 3, 2, 1, 0], columns, str)
    places = [head.index(cell) for cell in CELLS]
    for at, each in zip(places, found, strict=True):
        lengths = [len(row[at:].split(" ")[0]) for row in rows]
        logs = [arrival.error["state"].log10 for arrival in each.arrivals[::-1]]
        assert all(a >= b for a, b, x, y in zip(lengths, lengths[1:], logs, logs[1:], strict=False) if x >= y)
    assert [row.split()[1] for row in rows] == list("nanab")


@pytest.mark.parametrize("spelled", [str, partial(spell, encoding="ascii")])
@settings(max_examples=15)
@given(words=st.lists(st.sampled_from(LONG_NAMES), min_size=2, max_size=4))
def test_the_bars_fit_their_paper_whatever_the_symbols_are(words: list[str], spelled) -> None:
    found = flows(" ".join(words), by="word")
    for columns in (48, 80, 120):
        lines = bars(found, CELLS, words[:-1], list(range(len(words) - 1)), columns, spelled)
        assert max(map(width, lines)) <= columns


@pytest.mark.parametrize("name", LONG_NAMES)
def test_a_long_symbol_is_cut_between_its_letters(name: str) -> None:
    read = pose(f"{name} b", by="word").symbols[0]
    _, row = bars(flows(f"{name} b", by="word"), CELLS, [read], [0], 100, str)
    drawn = row.split()[1].rstrip("█")
    whole = graphemes(read)
    assert graphemes(drawn) == whole[: len(graphemes(drawn))]
    assert width(drawn) <= MOST_NAME
    assert drawn == "".join(whole) or width(drawn) >= MOST_NAME - 1


@pytest.mark.parametrize("count", [2, 3, 12])
def test_words_side_by_side_are_named_over_their_bars_or_counted_and_fit_the_paper(count: int) -> None:
    found = Together([flow(pose("hello"))] * count)
    problem = beside([pose("hello")] * count)
    for columns in (4 * count + 12, 60, 80, 120):
        way, _ = flows_together.pages(found, problem, 4)
        lines = only(way, Fitted).draw(columns, str)
        assert max(map(width, lines)) <= columns
        assert lines[0].split() in (["hello"] * count, [str(i) for i in range(1, count + 1)])


def test_a_long_text_shows_24_rows() -> None:
    found = [flow(stretched(pose("ab", cell=cell), 40)) for cell in CELLS]
    made = page(found)
    assert len(only(made, Table).rows) == 24
    assert len(only(made, Fitted).draw(80, str)) == 25


def test_of_words_no_page_speaks_of_letters() -> None:
    assert [text for text in texts(page(flows("we love love", by="word"))) if "letter" in text.lower()] == []
