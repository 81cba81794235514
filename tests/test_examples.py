"""The bundled examples do what their stories say, and so does the network that never explodes."""

import numpy as np
import pytest

from rnnwalk.errors import InputError
from rnnwalk.model.examples import FOLDER, example, names
from rnnwalk.tasks.gradient_flow import flow, stretched
from rnnwalk.views.gradient_flow import verdict
from rnnwalk.walks.walk import walk
from tests.cli.conftest import Run, run  # noqa: F401
from tests.examples import pose


@pytest.mark.parametrize("name", names())
def test_each_example_is_a_file_with_a_story_that_both_commands_tell(run: Run, name: str) -> None:  # noqa: F811
    assert (FOLDER / f"{name}.json").is_file()
    beginning = " ".join(example(name).story.split()[:5])
    for command in ("walk", "gradients"):
        result = run(command, "--example", name)
        assert (result.code, beginning in result.out) == (0, True), result.err


@pytest.mark.parametrize("length", [20, 60])
def test_the_error_of_the_exploding_network_really_explodes(length: int) -> None:
    """By the product of its Jacobians, in NumPy: ∂L/∂h₋ = Whhᵀ·((1 − h²)⊙∂L/∂h)."""
    posed = stretched(pose(example="exploding"), length)
    found, w = flow(posed), posed.model.weights
    h, states = np.zeros((2, 1)), []
    for row in posed.rows(posed.inputs):
        h = np.tanh(w.Wxh[:, [row]] + w.Whh @ h + w.bh)
        states.append(h)
    p = np.exp(w.Why @ h) / np.exp(w.Why @ h).sum()
    p[posed.rows(posed.symbols[-1:])] -= 1
    error = w.Why.T @ p
    first = np.linalg.norm(error)
    for h in states[:0:-1]:
        error = w.Whh.T @ ((1 - h**2) * error)
    assert np.linalg.norm(error) > 1e3 * first
    assert found.regime == "exploding"
    if length == 20:  # beyond, last bits decide: what explodes is sensitive to them
        assert found.left.value == pytest.approx(float(np.linalg.norm(error) / first), rel=1e-6)


def test_the_articles_error_does_not_explode_with_any_scale() -> None:
    problem = stretched(pose("hello"), 60)
    for scale in np.geomspace(0.1, 1000, 25):
        for sign in (1, -1):
            found = flow(problem, float(sign * scale))
            assert found.regime == "vanishing" or (found.regime, sign) == ("steady", -1)
            largest = max(found.arrivals, key=lambda arrival: arrival.error["h"].log10)
            assert largest is found.arrivals[-1]  # no letter hears more of it than the last
    assert "2z / sinh 2z" in verdict(flow(problem, 16), 4)
    assert "2z / sinh 2z" not in verdict(flow(problem, 1), 4)


def test_what_is_said_of_saturation_is_so() -> None:
    """In h = tanh(w·h + c) with c ≥ 0 and w > 0, w·(1 − h²) is at most 2z / sinh 2z, where z = w·h + c."""
    for w in np.geomspace(0.01, 100, 60):
        for c in (0.01, 0.1, 1.0, 3.0):
            h = 1.0
            for _ in range(3000):
                h = np.tanh(w * h + c)
            z = w * h + c
            assert w / np.cosh(z) ** 2 <= 2 * z / np.sinh(2 * z) + 1e-12
    assert 2 / np.sinh(2) == pytest.approx(0.55, abs=0.005)
    assert 4 / np.sinh(4) == pytest.approx(0.15, abs=0.005)


def test_the_gru_holds_its_state_over_ten_letters_and_its_other_unit_does_not() -> None:
    held, rewritten = (np.array([read[f"h_{t}"].value[unit, 0] for t in range(1, 12)]) for unit in (0, 1)
                       for read in [walk(example="holding")])  # fmt: skip
    assert abs(held[0]) > 0.5
    assert np.abs(held / held[0] - 1).max() < 0.01
    assert np.ptp(rewritten) > 1


def test_the_lstm_keeps_its_memory_while_h_shows_nothing_of_it_until_the_gate_opens() -> None:
    read = walk(example="secret")
    c, h, o = (np.array([read[f"{name}_{t}"].value[0, 0] for t in range(1, 16)]) for name in ("c", "h", "o"))
    assert c[0] > 0.9
    assert np.abs(c[:-1] / c[0] - 1).max() < 0.01
    assert np.abs(h[:-1]).max() < 1e-3
    assert o[:-1].max() < 1e-3
    assert h[-1] > 0.7
    assert read.problem.inputs[-1] == ")"


def test_an_example_is_a_model_like_any_other(run: Run) -> None:  # noqa: F811
    assert run("explain", "c_3[1]", "--example", "secret", "--depth", "1").code == 0
    assert "--example secret" in run("walk", "--example", "secret").out.split("What next?")[1]
    assert run("train", "--example", "holding", "--epochs", "2", "-o", "w.json").code == 0
    assert "holds its state" not in run("walk", "--weights", "w.json").out


@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        ({"example": "exploeding"}, "did you mean 'exploding'"),
        ({"example": "holding", "cell": "lstm"}, "--cell and --example holding"),
        ({"example": "holding", "weights": "w.json"}, "--example and --weights"),
        ({"example": "pizza", "by": "letter"}, "its own text"),
    ],
)
def test_what_does_not_go_with_an_example_is_refused(options: dict[str, str], phrase: str) -> None:
    with pytest.raises(InputError, match=phrase):
        pose(**options)


def test_a_comparison_draws_its_networks(run: Run) -> None:  # noqa: F811
    result = run("gradients", "--example", "holding", "--compare")
    assert (result.code, "--example holding" in result.err) == (2, True)
