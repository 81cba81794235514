"""The unrolled network as a deep one: its layers, and its numbers to learn."""

from functools import partial

import pytest

from rnnwalk.marked import parts_of
from rnnwalk.model.symbols import split, width
from rnnwalk.render.glyphs import spell
from rnnwalk.views.as_deep_network import as_deep_network, picture
from rnnwalk.views.page import Table
from tests.examples import pose
from tests.views.reading import CELLS, column, only, texts

WORDS = ["hello", "ab", "日本語の日本語", "👩‍🏫a👨‍👩‍👧‍👦b👩‍🏫", "abc" * 40]


def test_a_quantity_keeps_its_colour_in_the_picture_of_layers() -> None:
    parts = {text.strip(): role for line in picture(pose("hello"), 80, str) for text, role in parts_of(line)}
    told = {"h": "input", "↓ Wxh": "weight", "h₀": "memory", "[ h₁ ]": "memory", "y₄": "result", "∂L/∂h₁": "gradient"}
    assert told.items() <= parts.items()
    assert (parts["─Whh→"], parts["←Whhᵀ─"], parts["─Why→"]) == ("weight", "weight", "weight")


@pytest.mark.parametrize("spelled", [str, partial(spell, encoding="ascii")])
@pytest.mark.parametrize("cell", ["rnn", "lstm"])
@pytest.mark.parametrize("word", WORDS)
def test_the_picture_fits_every_paper_that_holds_two_layers(word: str, cell: str, spelled) -> None:
    problem = pose(word, cell=cell, hidden=2)
    for columns in range(52, 121, 4):
        assert max(map(width, picture(problem, columns, spelled))) <= columns


@pytest.mark.parametrize("word", WORDS)
def test_of_a_text_that_does_not_fit_the_first_layers_and_the_last_are_drawn_whole(word: str) -> None:
    problem, read = pose(word, hidden=2), split(word)[:-1]
    for columns in range(20, 121, 4):
        symbols = picture(problem, columns, str)[0].split()[1:]
        assert symbols[-1] == read[-1]
        assert symbols[:-1] == read[: len(symbols) - 1]


def test_a_wider_paper_holds_no_fewer_layers_and_a_very_wide_one_all() -> None:
    counts = [picture(pose("deeplearning"), columns, str)[3].count("layer") for columns in range(20, 301, 4)]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (1, 11)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_each_layer_has_a_state_and_an_error_under_its_symbol(cell: str) -> None:
    lines = picture(pose("hello", cell=cell), 120, str)
    places = [[line.index(sign) for sign in signs] for line, signs in (
        (lines[2], ["h₁", "h₂", "h₃", "h₄"]), (lines[3], [f"layer {t}" for t in (1, 2, 3, 4)]),
        (lines[4], ["∂L/∂h₁", "∂L/∂h₂", "∂L/∂h₃", "∂L/∂h₄"]),
    )]  # fmt: skip
    for state, layer, error in zip(*places, strict=True):
        assert layer <= state <= layer + 7
        assert abs(error - layer) <= 1


@pytest.mark.parametrize(("cell", "form"), CELLS)
def test_the_numbers_to_learn_add_up_and_a_set_for_each_layer_is_as_many_times_as_large(cell: str, form: str) -> None:
    problem = pose("banana", cell=cell, form=form, hidden=2)
    table = only(as_deep_network(problem), Table)
    shared, each = ([int(text) for text in column(table, heading)] for heading in table.headings[1:])
    assert shared[-1] == sum(shared[:-1]) == sum(w.size for w in problem.model.weights if w is not None)
    assert each == [5 * count for count in shared]
    gates = {"rnn": 1, "lstm": 4, "gru": 3}[cell]
    assert shared[:2] == [gates * 2 * 3, gates * 2 * 2]  # n·k that read the letter, n·n that remember


def test_the_articles_network_has_26_numbers_and_104_without_sharing() -> None:
    assert only(as_deep_network(pose("hello")), Table).rows[-1] == ["in all", "26", "104"]


def test_one_layer_is_not_called_by_its_plural() -> None:
    told = " ".join(texts(as_deep_network(pose("ab"))))
    assert "with 1 layer, one" in told
    assert "times as many" not in told


def test_of_words_nothing_is_said_of_letters() -> None:
    for text in ("we love", "we love love"):
        assert [told for told in texts(as_deep_network(pose(text, by="word"))) if "letter" in told.lower()] == []
