"""Texts with one answer at the end: the step that makes it is shown, and words that were typed before padding."""

import pytest

from rnnwalk.engine.cells import CELLS
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import pose
from rnnwalk.views.walkthrough import Choice, pages, walkthrough
from rnnwalk.walks.walk import Walk


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
