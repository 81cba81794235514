"""Which symbols moved the answer: against central differences, and a network whose contributions are known by hand."""

import json
from pathlib import Path

import numpy as np
import pytest

from rnnwalk.engine.cells import CELLS
from rnnwalk.engine.network import forward
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import pose
from rnnwalk.walks.walk import Walk
from tests.cli.conftest import Run
from tests.cli.conftest import run as run

ASKED = {
    "one-hot": ("so good so bad", {"by": "word"}),
    "word vectors": ("so good so bad", {"by": "word", "embedding": 3, "dense": "4:sigmoid,3:tanh"}),
    "ranks": ("so good so bad", {"by": "word", "inputs": "ranks", "dense": "4:sigmoid"}),
    "numbers": ("0.5,-1 2,3 0,1", {"inputs": "a,b"}),
}
COUNTS = {  # its state is the sum of what it has read
    "inputs": {"names": ["x"]},
    "output": {"at": "last", "names": ["much", "little"]},
    "form": "linear",
    "weights": {"Wxh": [[1]], "Whh": [[1]], "Why": [[1], [-1]], "by": [[0], [0]]},
}


@pytest.mark.parametrize("reads", ASKED)
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "mgu"])
def test_the_gradient_is_that_of_central_differences(cell: str, reads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CELLS, "mgu", "tests.mgu")
    text, options = ASKED[reads]
    problem = pose(text, ModelOptions(cell=cell, classes="negative,positive", seed=3, **options))  # type: ignore[arg-type]
    model, found = problem.model, Walk(problem).influence
    row = model.answers.index(found.answer)
    xs = [x if reads != "word vectors" else model.weights.E @ x for x in problem.columns(problem.inputs)]

    def score(step: int, unit: int, nudge: float) -> float:
        moved = [x.copy() for x in xs]
        moved[step][unit, 0] += nudge
        plain = model.network._replace(reads="numbers")
        output = forward(plain, model.weights, moved, [], model.before).letters[-1].output
        assert output is not None
        return float(output.y[row, 0])

    assert found.score == pytest.approx(score(0, 0, 0.0), rel=1e-12)
    for unit, step in np.ndindex(*found.gradient.shape):
        difference = (score(step, unit, 1e-5) - score(step, unit, -1e-5)) / 2e-5
        assert found.gradient[unit, step] == pytest.approx(difference, rel=1e-6, abs=1e-9)
    by_hand = [float(found.gradient[:, t] @ x[:, 0]) for t, x in enumerate(xs)]
    np.testing.assert_allclose(found.contributions, by_hand, rtol=1e-12)


def test_what_a_sum_owes_to_each_of_its_numbers_is_the_number(run: Run) -> None:
    Path("counts.json").write_text(json.dumps(COUNTS), "utf-8")
    told = json.loads(run("walk", "3 1 -5 7", "--weights", "counts.json", "--json").out)["influence"]
    assert (told["answer"], told["score"]) == ("much", 6.0)
    assert [step["contribution"] for step in told["steps"]] == [3, 1, -5, 7]
    assert [step["gradient"] for step in told["steps"]] == [[1]] * 4
    page = run("walk", "3 1 -5 7", "--weights", "counts.json").out.partition("Which time steps moved the answer")[2]
    assert "Time step 4 “7” moved it most, by +7.000000." in page
    assert ["3", "-5", "1.000000", "-5.000000", "against"] in [
        [part for part in line.split() if "█" not in part] for line in page.splitlines()
    ]


def test_numbers_out_of_range_are_told_and_no_bar_is_drawn(run: Run) -> None:
    Path("huge.json").write_text(json.dumps(COUNTS | {"weights": COUNTS["weights"] | {"Whh": [[1e100]]}}), "utf-8")  # type: ignore[operator]
    told = run("walk", "0 0 0 0 0 1", "--weights", "huge.json")
    assert (told.code, told.err) == (0, "")
    assert "A number is too large for a computer here" in " ".join(told.out.split())
