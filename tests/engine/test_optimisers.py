"""Training as torch.optim does it: the losses of every epoch and the weights after the last."""

from dataclasses import replace

import pytest

from rnnwalk.engine.cells import CELLS
from rnnwalk.engine.training import Learner, pack
from rnnwalk.problem import pose
from rnnwalk.walks import Walk
from tests.engine.cases import REFERENCE, close, model_of, reference

RUNS = [
    pytest.param(name, number, id=f"{name}-{run['optimizer']}-{run['epochs']}")
    for name in REFERENCE
    if reference(name)["cell"] in CELLS
    for number, run in enumerate(reference(name)["training"])
]


@pytest.mark.parametrize(("name", "number"), RUNS)
def test_training_gives_pytorchs_losses_and_weights(name, number):
    record = reference(name)
    run = record["training"][number]
    model = model_of(record)
    learner = Learner(
        model.network, model.weights, model.before, run["optimizer"], run["learning_rate"], run["clip_norm"]
    )
    batch = pack([[model.vocabulary.index(letter) for letter in record["word"]]], 4, 4)
    losses = [learner.step(batch) for _ in range(run["epochs"])]
    close(losses, run["losses"], 1e-9)
    assert learner.loss(batch) == pytest.approx(run["final_loss"], rel=1e-9)
    for weight, expected in run["weights"].items():
        close(getattr(learner.weights, weight), expected, 1e-9)
    trained = Walk(pose(weights=replace(model, weights=learner.weights)))
    assert trained.predictions == run["predictions"]
