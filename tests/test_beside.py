"""Sequences side by side: a column each, gradients summed over them; the same numbers as of each by itself."""

from typing import Any

import numpy as np
import pytest

from rnnwalk import walk
from rnnwalk.engine.cells import CELLS
from rnnwalk.errors import InputError
from rnnwalk.model.pose import beside
from rnnwalk.model.problem import MOST_BESIDE
from rnnwalk.tasks.gradcheck import gradcheck
from rnnwalk.trace.differentiate import differentiate
from rnnwalk.walks.walk import Walk

from .engine.test_tasks import TASKS, column, problems

WORDS = ["hello", "holle", "hoell"]
MGU = "mgu"  # the cell of tests/mgu.py


@pytest.fixture(autouse=True)
def stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CELLS, MGU, "tests.mgu")


@pytest.mark.parametrize("name", [name for name in TASKS if len(TASKS[name]["sequences"]) > 1])
def test_values_are_pytorchs_columns_and_gradients_the_sums_of_pytorchs(name: str) -> None:
    together = [problem for problem in problems(TASKS[name]) if problem.length == problems(TASKS[name])[0].length]
    expected = TASKS[name]["expected"]["sequences"][: len(together)]
    run = Walk(beside(together), backward=True)
    assert run.loss == pytest.approx(sum(each["loss"] for each in expected), rel=1e-12)
    for step in range(run.length):
        for field in {"h", "y"} & set(expected[0]["steps"][step]):
            theirs = np.hstack([column(each["steps"][step][field]) for each in expected])
            np.testing.assert_allclose(run[f"{field}_{step + 1}"].value, theirs, rtol=1e-12, atol=1e-15)
    for field, node in run.gradients.items():
        theirs = sum(column(each["gradient"][field]) for each in expected)
        np.testing.assert_allclose(node.value, theirs, rtol=1e-12, atol=1e-15)
    if len(together) == len(TASKS[name]["sequences"]):
        np.testing.assert_allclose(run["dWxh"].value, column(TASKS[name]["expected"]["gradient"]["Wxh"]), rtol=1e-12)


@pytest.mark.parametrize("cell", [*CELLS, MGU])
def test_each_column_is_the_walk_of_its_word_and_gradients_are_their_sums(cell: str) -> None:
    options: dict[str, Any] = {"cell": cell, "vocab": "helo", "backward": True}
    together, alone = walk(WORDS, **options), [walk(word, **options) for word in WORDS]
    assert together.loss == pytest.approx(sum(each.loss for each in alone), rel=1e-12)
    for quantity in alone[0]:
        parts = [each[quantity.key].value for each in alone]
        label = quantity.name
        summed = label.weight or label.key == "loss"
        if label.group in ("weight", "setting"):
            continue
        if not summed:
            np.testing.assert_allclose(together[quantity.key].value, np.hstack(parts), rtol=1e-12, atol=1e-15)
        elif label.group != "update":
            np.testing.assert_allclose(together[quantity.key].value, sum(parts), rtol=1e-12, atol=1e-15)
    assert together.predictions == [each.predictions for each in alone]
    errors = differentiate(together.names.node["loss"])
    for field, node in together.gradients.items():
        np.testing.assert_allclose(node.value, errors[together.names.node[field]], rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("cell", [*CELLS, MGU])
def test_central_differences_agree_with_the_summed_gradients(cell: str) -> None:
    assert all(check.agrees for check in gradcheck(walk(WORDS, cell=cell).problem))


def test_an_element_is_named_by_its_unit_and_the_number_of_its_word() -> None:
    run = walk(WORDS, backward=True)
    assert f"{run['h_2[1,1]'].value.item():.6f}" == "0.936534"  # the article's, for hello
    weights = run.problem.model
    assert run["h_2[1,3]"].value.item() == walk("hoell", weights=weights)["h_2[1]"].value.item()
    assert run["p_2[l,3]"].key == "p_2[l,3]"
    assert run["loss_2[3]"].key == "loss_2[3]"
    with pytest.raises(InputError, match=r"h_2 has the rows 1, 2, 3 and the columns 1, 2, 3, as in h_2\[1,1\]"):
        run["h_2[1,4]"]


@pytest.mark.parametrize(
    ("words", "targets", "says"),
    [
        (["hello", "hi"], None, "“hello” has 5 and “hi” has 2 letters"),
        (["ab"] * (MOST_BESIDE + 1), None, "13 words are too many side by side, expected at most 12"),
        (["ab", "ba"], ["a"], "2 words and 1 target: give target once for each word"),
        (["a b", "b a"], ["a"], "2 texts and 1 target: give target once for each text"),
        (["ab" * 600, "ba" * 600], None, "1,199 letters are too long side by side, expected at most 1,000"),
    ],
)
def test_what_cannot_be_walked_side_by_side_is_said(words: list[str], targets: list[str] | None, says: str) -> None:
    with pytest.raises(InputError) as refused:
        walk(words, target=targets)
    assert says in str(refused.value)


def test_what_is_true_of_one_text_alone_makes_no_loss_of_several() -> None:
    """The file knows the target of its own text; nobody knows that of the other."""
    for words in (["good, not bad", "bad, not good"], ["bad, not good", "good, not bad"]):
        unknown = walk(words, example="sentiment")
        assert "loss" not in unknown.names.node
        with pytest.raises(InputError, match="what is true was not given: name it"):
            walk(words, example="sentiment", backward=True)
        known = walk(words, example="sentiment", target=["positive", "negative"])
        assert "loss" in known.names.node
