"""Texts with one answer at the end: the step that makes it is shown, and words that were typed before padding."""

from dataclasses import replace

import pytest

from rnnwalk.engine.cells import CELLS
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import pose
from rnnwalk.model.text_rules import TextRules
from rnnwalk.views.in_part import rows_read
from rnnwalk.views.padding import padding as padding_of
from rnnwalk.views.page import Strip, Table
from rnnwalk.views.walkthrough import Choice, pages, walkthrough
from rnnwalk.walks.walk import Walk
from tests.views.reading import of, only, texts


def in_full(walk: Walk, **choice: bool) -> list[int]:
    """The letters that have pages of their own, in their order."""
    return list(dict.fromkeys(page.letter for page in walkthrough(walk, Choice(**choice)) if page.letter is not None))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "mgu"])
def test_an_answer_after_the_last_word_is_made_before_the_readers_eyes(
    cell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CELLS, "mgu", "tests.mgu")
    asked = ModelOptions(cell=cell, by="word", classes="no,yes", dense="4:sigmoid")
    walk = Walk(pose("so good so bad a film", asked))
    assert in_full(walk) == [1, 2, 6]
    titles = [page.title for page in pages(walk, Choice())]
    (rest,) = (i for i, title in enumerate(titles) if title.startswith("The rest"))
    assert titles[rest] == "The rest, a row each: words 3 to 5"
    assert "Word 2" in titles[rest - 1]
    assert titles[rest + 1].startswith("Word 6 “film”")
    assert any("Softmax" in title for title in titles[rest:])
    assert in_full(Walk(pose("so good bad", asked))) == [1, 2, 3]
    assert in_full(Walk(pose("1 2 3 4", ModelOptions(inputs="x", linear="y")))) == [1, 2, 4]


def padded(padding: str, maxlen: int = 9) -> Walk:
    """A walk of three words that are padded."""
    asked = ModelOptions(by="word", classes="no,yes", vocab="<pad> so good bad", hidden=4, cell="lstm", embedding=3)
    drawn = pose("so good bad", asked).model
    rules = TextRules(maxlen=maxlen, padding=padding)
    model = replace(drawn, task=drawn.task._replace(text=rules))
    return Walk(pose("so good bad", ModelOptions(weights=model)))


@pytest.mark.parametrize(
    ("padding", "letters", "summed", "rows"),
    [("pre", [7, 8, 9], "1 to 6", [7, 8, 9]), ("post", [1, 2, 3, 9], "4 to 8", [1, 2, 3, 9])],
)
def test_of_a_padded_text_the_words_are_shown_and_the_padding_summed_up(
    padding: str, letters: list[int], summed: str, rows: list[int]
) -> None:
    walk = padded(padding)
    assert in_full(walk) == letters
    assert in_full(walk, everything=True) == [*range(1, 10)]
    found = [*pages(walk, Choice())]
    (page,) = (page for page in found if page.title == f"Padding: words {summed}")
    assert [row[0] for row in only(page, Table).rows] == [summed.split()[-1]]
    whole = " ".join(texts(found[-1]))
    assert "It reads “so good bad” and says" in whole
    assert f"Words {summed} are padding" in whole
    assert [row[0] for row in of(found[-1], Table)[0].rows] == list(map(str, rows))


@pytest.mark.parametrize("padding", ["pre", "post"])
def test_what_padding_did_to_the_answer_is_summed_up_in_a_row_but_where_all_is_asked_for(padding: str) -> None:
    walk = padded(padding)
    pads = padding_of(walk.problem)
    for choice, count in ((Choice(), 10 - len(pads)), (Choice(everything=True), 9)):
        (page,) = (page for page in pages(walk, choice) if page.title == "Which words moved the answer")
        table = only(page, Table)
        assert len(table.rows) == count
        assert table.bars is not None
        assert max(table.bars) == 1
        total = sum(float(walk.influence.contributions[t - 1]) for t in pads)
        if count < 9:
            (row,) = (row for row in table.rows if row[1] == "<pad>" and "–" in row[0])
            assert row[0] == f"{pads[0]}–{pads[-1]}"
            assert float(row[3]) == pytest.approx(total, abs=1e-6)
            strongest = max(
                (t for t in range(1, 10) if t not in pads), key=lambda t: abs(walk.influence.contributions[t - 1])
            )
            assert f"But for the padding, word {strongest} “" in " ".join(texts(page))


def test_of_a_long_padded_text_not_the_padding_alone_is_drawn() -> None:
    walk = padded("pre", 60)
    first = next(pages(walk, Choice()))
    assert only(first, Strip).heads == ["so", "good", "bad"]
    assert rows_read(walk.problem) == {0, 1, 2, 3}


def test_a_text_that_is_cut_has_no_padding_to_speak_of() -> None:
    walk = padded("pre", 1)
    assert in_full(walk) == [1]
    assert not any(page.title.startswith("Padding") for page in pages(walk, Choice()))
