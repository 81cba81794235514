"""Training as torch.optim does it: the losses of every epoch and the weights after the last."""

from dataclasses import replace

import numpy as np
import pytest

from rnnwalk.engine.cells import CELLS
from rnnwalk.engine.fast.learner import Learner
from rnnwalk.engine.fast.packing import pack
from rnnwalk.engine.optimisers import OPTIMISERS, clip, clip_values
from rnnwalk.model.random_weights import draw
from rnnwalk.walks.walk import Walk
from tests.engine.cases import REFERENCE, close, model_of, reference
from tests.examples import pose

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


@pytest.mark.parametrize(
    ("cell", "optimiser", "clipped"),
    [(cell, optimiser, (1.0, None)) for cell in CELLS for optimiser in OPTIMISERS]
    + [("rnn", "momentum", (None, 0.05))],
)
def test_planned_steps_change_the_weights_as_unplanned_ones_do(cell, optimiser, clipped, monkeypatch):
    model = draw(cell, tuple("abcd"), 3, 7)
    lines = [[0, 1, 2], [3, 2, 1], [0, 3, 3, 1], [2, 2, 0]]  # two shapes, taking turns
    batches = [pack([line], 4, 4) for line in lines] + [pack(lines[:2], 4, 4), pack(lines, 4, 4)]

    def learned(most: int, dtype: type = np.float64) -> Learner:
        monkeypatch.setattr("rnnwalk.engine.fast.learner.MOST_PLANNED", most)
        monkeypatch.setattr("rnnwalk.engine.fast.learner.PART", most or 5)  # or five numbers at once
        learner = Learner(model.network, model.weights, model.before, optimiser, 0.05, clipped[0], clipped[1], dtype)
        for _ in range(4):
            for batch in batches:
                learner.step(batch._replace(X=batch.X.astype(dtype), targets=batch.targets.astype(dtype)))
        return learner

    plain, planned, single = learned(0), learned(10**9), learned(10**9, np.float32)
    assert (len(plain._plans), len(planned._plans)) == (0, 3)
    assert (len(plain._updates), len(planned._updates)) == (-(-len(plain.vector) // 5), 1)
    np.testing.assert_allclose(planned.vector, plain.vector, rtol=0, atol=1e-12)
    assert single.vector.dtype == np.float32
    np.testing.assert_allclose(single.vector, plain.vector, rtol=0, atol=2e-4)


def test_clipping_shortens_all_gradients_together_as_torch_does():
    g = {"a": np.array([[3.0, 0.0]]), "b": np.array([[4.0]])}
    norm, factor, clipped = clip(g, np.array([[1.0]]))
    assert norm.item() == 5
    assert factor.item() == pytest.approx(1 / (5 + 1e-6), rel=1e-15)  # torch.nn.utils.clip_grad_norm_
    np.testing.assert_allclose(clipped["b"], [[4 / (5 + 1e-6)]], rtol=1e-15)
    assert clip(g, np.array([[10.0]]))[2]["a"].tolist() == [[3.0, 0.0]]


def test_each_number_is_clipped_by_itself_as_torch_does():
    """torch.nn.utils.clip_grad_value_ clamps each number to [−bound, bound]; the direction may change."""
    g = {"a": np.array([[3.0, -0.2], [-7.5, 0.5]]), "b": np.array([[-0.5], [0.49]])}
    clipped = clip_values(g, np.array([[0.5]]))
    assert clipped["a"].tolist() == [[0.5, -0.2], [-0.5, 0.5]]
    assert clipped["b"].tolist() == [[-0.5], [0.49]]
    for name, part in g.items():
        assert np.array_equal(clipped[name], np.clip(part, -0.5, 0.5))


def test_a_walk_and_a_learner_clip_the_same_numbers_and_the_record_says_how():
    problem = pose("hello", hidden=3)
    model, walk = problem.model, Walk(problem, backward=True, rate=0.25, clip_value=0.3)
    rows = [model.vocabulary.index(letter) for letter in "hello"]
    learner = Learner(model.network, model.weights, model.before, rate=0.25, bound=0.3)
    learner.step(pack([rows], 4, 4))
    for name, gradient in walk.gradients.items():
        moved = getattr(model.weights, name) - 0.25 * np.clip(gradient.value, -0.3, 0.3)
        np.testing.assert_allclose(walk.updated[name].value, moved, rtol=0, atol=1e-15)
        np.testing.assert_allclose(getattr(learner.weights, name), moved, rtol=0, atol=1e-12)
    assert max(np.abs(gradient.value).max() for gradient in walk.gradients.values()) > 0.3
    assert walk["dWhh_clipped"].formula == "∂L/∂Whh′ = max(min(∂L/∂Whh, bound), −bound)"


@pytest.mark.parametrize("name", OPTIMISERS)
def test_every_optimiser_with_clipping_moves_as_torch_optim(name):
    torch = pytest.importorskip("torch")
    made = {
        "sgd": lambda w: torch.optim.SGD(w, lr=0.05),
        "momentum": lambda w: torch.optim.SGD(w, lr=0.05, momentum=0.9),
        "adagrad": lambda w: torch.optim.Adagrad(w, lr=0.05, eps=1e-8),
        "adam": lambda w: torch.optim.Adam(w, lr=0.05, betas=(0.9, 0.999), eps=1e-8),
    }[name]
    start = {"a": np.array([[0.5, -1.0], [0.0, 2.0]]), "b": np.array([[0.25]])}
    theirs = {key: torch.tensor(value.copy(), requires_grad=True) for key, value in start.items()}
    optimiser, rules, w = made(list(theirs.values())), OPTIMISERS[name], start
    state = rules.start(w)
    for step in range(1, 8):
        gradient = {key: np.sin(step * (value + 1)) * step for key, value in start.items()}
        for key, tensor in theirs.items():
            tensor.grad = torch.tensor(gradient[key])
        torch.nn.utils.clip_grad_norm_(list(theirs.values()), 2.0)
        optimiser.step()
        w, state = rules.update(w, clip(gradient, np.array([[2.0]]))[2], state, np.array([[0.05]]))
        for key, tensor in theirs.items():
            np.testing.assert_allclose(w[key], tensor.detach().numpy(), rtol=1e-12, atol=1e-14)
