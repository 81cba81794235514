"""Everything that PyTorch's autograd makes of the same weights, in float64."""

import numpy as np
import pytest

from rnnwalk.engine.cells import CELLS
from rnnwalk.walks.walk import Walk
from tests.engine.cases import REFERENCE, close, problem_of, reference

FIELDS = {"Whh_h_b": "Whh_h"}
MADE = [name for name in REFERENCE if reference(name)["cell"] in CELLS]


@pytest.mark.parametrize("name", MADE)
def test_every_value_of_every_step_is_pytorchs(name):
    record = reference(name)
    walk = Walk(problem_of(record))
    for letter, step in enumerate(record["expected"]["steps"], start=1):
        for field, value in step.items():
            if not isinstance(value, str):
                close(walk.at(FIELDS.get(field, field), letter).value, value, 1e-12)
    assert walk.predictions == [step["prediction"] for step in record["expected"]["steps"]]
    assert walk.loss == pytest.approx(record["expected"]["loss"], rel=1e-12)


@pytest.mark.parametrize("name", MADE)
def test_every_gradient_is_that_of_pytorchs_autograd(name):
    record = reference(name)
    walk = Walk(problem_of(record), backward=True)
    assert set(walk.gradients) == set(record["expected"]["gradient"])
    for weight, gradient in record["expected"]["gradient"].items():
        close(walk.gradients[weight].value, gradient, 1e-12)


@pytest.mark.parametrize("name", MADE)
def test_one_update_takes_the_gradient_times_the_rate_from_each_weight(name):
    record = reference(name)
    walk = Walk(problem_of(record), backward=True, rate=0.1)
    for weight, gradient in record["expected"]["gradient"].items():
        before = np.array(record["weights"][weight])
        close(walk.updated[weight].value, before - 0.1 * np.array(gradient), 1e-12)
