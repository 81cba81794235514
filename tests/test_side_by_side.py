"""Two sequences side by side: by arithmetic that a hand can do."""

import math

import numpy as np
import pytest

from rnnwalk import walk
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import problems_for_words
from rnnwalk.tasks.side_by_side import Read, apart, in_one_layer, read
from tests.cli.conftest import Run, run  # noqa: F401
from tests.conftest import Golden

# h = x + 2h₋, and the answer is h: of 1 2 it is 1, 4; of 2 1 it is 2, 5.
NUMBERS = {
    "form": "linear",
    "word": "1 2",
    "inputs": {"names": ["x"]},
    "output": {"at": "last", "kind": "linear", "names": ["y"]},
    "weights": {"Wxh": [[1]], "Whh": [[2]], "Why": [[1]]},
}
# a adds 1, b takes 1 away, half of h stays; scores 0 and h.
CLASSES = {
    "form": "linear",
    "vocabulary": ["a", "b"],
    "output": {"at": "last", "names": ["no", "yes"]},
    "weights": {"Wxh": [[1, -1]], "Whh": [[0.5]], "Why": [[0], [1]]},
}


def both(model: dict[str, object], one: str, other: str) -> tuple[Read, Read]:
    first, second = (read(problem) for problem in problems_for_words([one, other], ModelOptions(weights=model)))
    return first, second


def values(arrays: list[np.ndarray]) -> list[list[float]]:
    return [array[:, 0].tolist() for array in arrays]


def test_states_answers_and_distances_of_numbers_are_those_of_a_hand() -> None:
    one, other = both(NUMBERS, "1 2", "2 1")
    assert (values(one.states), values(other.states)) == ([[1], [4]], [[2], [5]])
    assert (values(one.answers), values(other.answers)) == ([[1], [4]], [[2], [5]])
    assert apart(one, other) == [1, 1]
    assert one.bag.tolist() == other.bag.tolist() == [[1.5]]
    shorter, longer = both(NUMBERS, "3", "3 1")
    assert (apart(shorter, longer), len(longer.answers)) == ([0], 2)


def test_a_bag_of_words_answers_the_same_in_any_order_and_the_network_does_not() -> None:
    def yes(h: float) -> float:
        return 1 / (1 + math.exp(-h))

    one, other = both(CLASSES, "aab", "baa")  # h: 1, 1.5, −0.25; −1, 0.5, 1.25
    np.testing.assert_allclose([p[1] for p in values(one.answers)], [yes(1), yes(1.5), yes(-0.25)], rtol=1e-14)
    np.testing.assert_allclose([p[1] for p in values(other.answers)], [yes(-1), yes(0.5), yes(1.25)], rtol=1e-14)
    np.testing.assert_allclose(one.bag[1], (2 * yes(1) + yes(-1)) / 3, rtol=1e-14)
    np.testing.assert_allclose(one.bag, other.bag, rtol=1e-14)
    np.testing.assert_allclose(apart(one, other), [2, 1, 1.5], rtol=1e-14)


@pytest.mark.parametrize(
    ("options", "steps", "parameters", "wide"),
    [
        ({"example": "sentiment"}, 3, 4 * 21 + 4 * 4 + 4 + 2 * 4 + 2, 4 * (3 * 21 + 1) + 2 * 4 + 2),
        ({"weights": NUMBERS}, 10, 3, 10 + 1 + 1),
        ({}, 5, 3 * 4 + 1 + 1 + 4 * 3, 3 * (5 * 4 + 1) + 4 * 3),
        ({"cell": "gru", "hidden": 2, "seed": 1}, 3, 3 * (2 * 4 + 2 * 2 + 2) + 2 * 4 + 4, 2 * (3 * 4 + 1) + 2 * 4 + 4),
    ],
)
def test_one_wide_layer_has_weights_for_each_place(
    options: dict[str, object], steps: int, parameters: int, wide: int
) -> None:
    (problem,) = problems_for_words([None], ModelOptions(**options))
    assert (problem.model.parameters, in_one_layer(problem.model, steps)) == (parameters, wide)


def test_two_phrases_of_the_same_words_part_at_the_first_and_get_other_answers(
    run: Run,  # noqa: F811
    golden: Golden,
) -> None:
    result = run("compare", "good, not bad", "bad, not good", "--example", "sentiment")
    golden("compare-sentiment.txt", result.out)
    loud = run("compare", "Good, not BAD!", "soup bad, not good.", "--example", "sentiment")
    assert (loud.out, loud.err) == (result.out, "left out, not in the vocabulary: soup\n")
    said = " ".join(result.out.split())
    assert result.code == 0, result.err
    assert "They part at time step 1, where one reads “good” and the other “bad”" in said
    assert "In the end 1 says positive" in said
    assert "2 says negative" in said
    first, second = (line.split()[3:] for line in result.out.splitlines() if line.startswith("mean of"))
    assert first == second
    assert "the same words, so their means are the same" in said
    assert "266" in said


def test_what_is_the_same_at_first_parts_later_and_the_lengths_may_differ(run: Run) -> None:  # noqa: F811
    said = " ".join(run("compare", "it was good", "it was not at all good", "--example", "sentiment").out.split())
    assert "They part at time step 3, where one reads “good” and the other “not”" in said
    assert "do not read the same words" in said
    said = " ".join(run("compare", "hello", "hello").out.split())
    assert "their states are the same" in said


def test_the_units_that_differ_most_are_shown_and_what_is_said_beside_what_is_true(run: Run) -> None:  # noqa: F811
    texts = ["sharks feed on sharks", "tuna feed on sharks"]
    out = run("compare", *texts, "--example", "ocean").out
    assert "the 4 of 6 units that differ most." in " ".join(out.split())
    h = [
        np.array([read[f"h_{t}"].value[:, 0] for t in (1, 2, 3)])
        for read in (walk(text, example="ocean") for text in texts)
    ]
    units = sorted(np.argsort(-np.abs(h[0] - h[1]).max(axis=0))[:4] + 1)
    assert 5 in units
    rows = [line.partition("]")[0] for line in out.splitlines() if line.startswith("h[")]
    assert rows == [f"h[{unit}" for unit in units] * 2
    assert "1 says" in out.splitlines()[9]
    third = next(line.split() for line in out.splitlines() if line.startswith("3 "))
    assert third[:6] == ["3", "on", "on", "tuna", "mackerel", "sharks"]  # read, said, and what came next


def test_a_slip_is_one_sentence(run: Run) -> None:  # noqa: F811
    for arguments in (("good", "gud", "--example", "sentiment"), ("good", "bad", "--example", "sentimant"), ("good",)):
        result = run("compare", *arguments)
        assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)


def test_the_help_lists_the_commands_in_groups_on_one_page(run: Run) -> None:  # noqa: F811
    out = run("--help").out
    places = [out.index(f"\n{group}:\n") for group in ("See", "Learn", "Take away")]
    assert places == sorted(places)
    for name, group in {"compare": 0, "examples": 0, "train": 1, "export": 2, "weights": 2}.items():
        following = places[group + 1] if group < 2 else len(out)
        assert places[group] < out.index(f"\n  {name} ") < following
    assert len(out.splitlines()) <= 36
