"""Several words side by side: every page is made for every cell and task, and shows each word's own numbers."""

from typing import Any

import numpy as np
import pytest

from rnnwalk import walk
from rnnwalk.engine.cells import CELLS
from rnnwalk.model.pose import beside
from rnnwalk.views.explain import explain
from rnnwalk.views.page import Equation, Matrix, Page, Prose, Table
from rnnwalk.views.walkthrough import Choice, pages
from rnnwalk.walks.walk import Walk
from tests.engine.test_tasks import TASKS, problems
from tests.examples import sampled

from .reading import column, of, texts, values

WORDS = ["hello", "holle", "hoell"]
CHOICE = Choice(everything=True, digits=4)


@pytest.fixture(autouse=True)
def stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cell of tests/mgu.py can be asked for."""
    monkeypatch.setitem(CELLS, "mgu", "tests.mgu")


def drawn(run: Walk) -> list[Page]:
    """All pages, whose drawn values have a column for each sequence, headed by what it reads."""
    found = list(pages(run, CHOICE))
    together = run.problem.sequences
    for page in found:
        assert "None" not in " ".join(texts(page))
        for equation in of(page, Equation):
            for part in equation.parts:
                if isinstance(part, Matrix) and part.label in ("x₁", "h₁"):
                    assert part.values.shape[1] == len(together)
                    if run.problem.model.task.inputs is None:
                        assert part.column_heads == [one.inputs[0] for one in together]
    return found


@pytest.mark.parametrize("cell", sampled([*CELLS, "mgu"], "rnn", "mgu"))
def test_every_page_of_every_cell_is_made(cell: str) -> None:
    found = drawn(walk(WORDS, cell=cell, backward=True))
    (summary,) = [page for page in found if page.title == "All 3 words"]
    rows = of(summary, Table)[0]
    assert column(rows, "word") == ["1", "2", "3"] * 4
    assert column(rows, "truth") == [word[t] for t in range(1, 5) for word in WORDS]
    together = walk(WORDS, cell=cell)
    expected = [together[f"loss_{t}"].value[0, i] for t in range(1, 5) for i in range(3)]
    np.testing.assert_allclose(values(column(rows, "loss")), expected, atol=5.1e-5)


@pytest.mark.parametrize("name", [name for name in TASKS if len(TASKS[name]["sequences"]) > 1])
def test_every_page_of_every_task_is_made(name: str) -> None:
    drawn(Walk(beside(problems(TASKS[name])[:2]), backward=True))


def test_the_probabilities_of_each_word_have_bars_of_their_own() -> None:
    run = walk(WORDS)
    (page,) = [page for page in pages(run, CHOICE) if page.letter == 2 and page.key == "p_2"]
    tables: list[Any] = of(page, Table)
    np.testing.assert_allclose(np.array([table.bars for table in tables]).T, run["p_2"].value)
    headings = [block.text for block in of(page, Prose) if block.text.startswith("Word ")]
    assert headings == ["Word 1, “hello”:", "Word 2, “holle”:", "Word 3, “hoell”:"]


def test_a_share_of_a_gradient_is_said_to_be_summed_over_the_words() -> None:
    page = explain(walk(WORDS, backward=True), "dWxh_2[1,o]")
    assert "It is summed over the 3 words, a column each." in of(page, Prose)[0].text
    assert "summed over" not in " ".join(texts(explain(walk("hello", backward=True), "dWxh_2[1,o]")))
