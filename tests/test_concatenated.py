"""The layout [a₋, x] of the courses: read as what its own equations say."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnwalk.engine.network import forward
from rnnwalk.errors import InputError
from rnnwalk.model.model import Model
from rnnwalk.model.weight_record import parse
from tests.cli.conftest import Run, run  # noqa: F401
from tests.conftest import Golden

N, K = 3, 4
RNG = np.random.default_rng(7)
VOCABULARY = ["h", "e", "l", "o"]
X = np.eye(K)[:, [0, 1, 2, 2]]


def drawn(*shape: int) -> np.ndarray:
    return RNG.normal(size=shape).round(3)


def sigma(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def model_of(cell: str, weights: dict[str, np.ndarray], **more: Any) -> Model:
    record = {"cell": cell, "vocabulary": VOCABULARY, "word": "hello", **more}
    return parse(record | {"weights": {name: w.tolist() for name, w in weights.items()}}, "w.json", "")


def hidden(model: Model) -> list[np.ndarray]:
    """h after each letter, by our equations."""
    columns = [X[:, t : t + 1] for t in range(X.shape[1])]
    letters = forward(model.network, model.weights, columns, columns, model.before).letters
    return [letter.step.h for letter in letters]


def test_the_plain_cells_names_of_the_notebook_are_ours_renamed() -> None:
    """a = tanh(Waa·a₋ + Wax·x + ba), y = Wya·a + by."""
    w = {"Wax": drawn(N, K), "Waa": drawn(N, N), "ba": drawn(N, 1), "Wya": drawn(K, N), "by": drawn(K, 1)}
    a, model = np.zeros((N, 1)), model_of("rnn", w)
    for t, found in enumerate(hidden(model)):
        a = np.tanh(w["Waa"] @ a + w["Wax"] @ X[:, t : t + 1] + w["ba"])
        assert np.allclose(found, a, rtol=1e-14)
    assert np.array_equal(model.weights.Why, w["Wya"])
    side_by_side = {"Wa": np.hstack([w["Waa"], w["Wax"]]), "ba": w["ba"], "Wy": w["Wya"], "by": w["by"]}
    assert all(np.array_equal(x, y) for x, y in zip(model_of("rnn", side_by_side).weights, model.weights, strict=True))


@pytest.mark.parametrize("update", ["i", "u"])
def test_the_lstm_of_the_notebook_gives_its_own_numbers(update: str) -> None:
    """Γ = σ(W·[a₋, x] + b) for f, i (or u), o; c = Γf⊙c₋ + Γi⊙tanh(Wc·[a₋, x] + bc); a = Γo⊙tanh(c)."""
    w = {f"W{gate}": drawn(N, N + K) for gate in ("f", update, "c", "o")}
    w |= {f"b{gate}": drawn(N, 1) for gate in ("f", update, "c", "o")} | {"Wy": drawn(K, N), "by": drawn(K, 1)}
    a = c = np.zeros((N, 1))
    for t, found in enumerate(hidden(model_of("lstm", w))):
        joined = np.vstack([a, X[:, t : t + 1]])
        f, i, o = (sigma(w[f"W{gate}"] @ joined + w[f"b{gate}"]) for gate in ("f", update, "o"))
        c = f * c + i * np.tanh(w["Wc"] @ joined + w["bc"])
        a = o * np.tanh(c)
        assert np.allclose(found, a, rtol=1e-13)


def test_the_gru_of_the_course_gives_its_own_numbers() -> None:
    """c̃ = tanh(Wc·[Γr⊙c₋, x] + bc); c = Γu⊙c̃ + (1 − Γu)⊙c₋."""
    w = {f"W{gate}": drawn(N, N + K) for gate in "urc"} | {f"b{gate}": drawn(N, 1) for gate in "urc"}
    w |= {"Wy": drawn(K, N)}
    c = np.zeros((N, 1))
    for t, found in enumerate(hidden(model_of("gru", w))):
        x = X[:, t : t + 1]
        u, r = (sigma(w[f"W{gate}"] @ np.vstack([c, x]) + w[f"b{gate}"]) for gate in "ur")
        c = u * np.tanh(w["Wc"] @ np.vstack([r * c, x]) + w["bc"]) + (1 - u) * c
        assert np.allclose(found, c, rtol=1e-13)


def test_a_gru_whose_state_is_called_a_names_its_candidate_so_too() -> None:
    """ã = tanh(Wa·[Γr⊙a₋, x] + ba), as articles write it; the same weights as Wc and bc, also beside stacked gates."""
    w = {f"W{gate}": drawn(N, N + K) for gate in "ura"} | {f"b{gate}": drawn(N, 1) for gate in "ura"}
    w |= {"Wy": drawn(K, N)}
    renamed = {{"Wa": "Wc", "ba": "bc"}.get(name, name): matrix for name, matrix in w.items()}
    stacked = {"Wg": np.vstack([w["Wu"], w["Wr"]]), "bg": np.vstack([w["bu"], w["br"]])}
    stacked |= {name: w[name] for name in ("Wa", "ba", "Wy")}
    one, other, third = model_of("gru", w), model_of("gru", renamed), model_of("gru", stacked)
    assert one.weights.Wxn is not None
    for x, y, z in zip(one.weights, other.weights, third.weights, strict=True):
        assert (x is None) == (y is None) == (z is None)
        assert x is None or (np.array_equal(x, y) and np.array_equal(x, z))
    assert "Wa is [Whn Wxn]" in one.layout
    assert "ba is bn" in one.layout


@pytest.mark.parametrize(
    ("cell", "order", "given"),
    [("lstm", "ufo", None), ("lstm", "fio", "fio"), ("gru", "ur", None), ("gru", "rz", ["r", "z"])],
)
def test_stacked_gates_are_the_same_gates_on_top_of_each_other(cell: str, order: str, given: Any) -> None:
    apart = {f"W{gate}": drawn(N, N + K) for gate in order} | {f"b{gate}": drawn(N, 1) for gate in order}
    rest = {"Wc": drawn(N, N + K), "bc": drawn(N, 1), "Wy": drawn(K, N)}
    stacked = {"Wg": np.vstack([apart[f"W{g}"] for g in order]), "bg": np.vstack([apart[f"b{g}"] for g in order])}
    more = {} if given is None else {"gates": given}
    one, other = model_of(cell, stacked | rest, **more), model_of(cell, apart | rest)
    for x, y in zip(one.weights, other.weights, strict=True):
        assert (x is None) == (y is None)
        assert x is None or np.array_equal(x, y)


def test_weights_show_says_how_the_layout_maps(run: Run, golden: Golden) -> None:  # noqa: F811
    weights = {"Wg": [[0.1] * 7] * 9, "bg": [0.1] * 9, "Wc": [[0.2] * 7] * 3, "bc": [0.3] * 3, "Wy": [[0.4] * 3] * 4}
    Path("w.json").write_text(json.dumps({"cell": "lstm", "vocabulary": VOCABULARY, "weights": weights}), "utf-8")
    golden("weights-show-stacked.txt", run("weights", "show", "w.json").out)
    course = run("weights", "show", "w.json", "--notation", "course").out
    assert not re.search(r"\bWh|\bWx|is Why", course), "names that stand nowhere else on the page"


GOOD = {"Wf": drawn(N, N + K), "Wi": drawn(N, N + K), "Wc": drawn(N, N + K), "Wo": drawn(N, N + K), "Wy": drawn(K, N)}
PLAIN = {"Wax": drawn(N, K), "Waa": drawn(N, N), "Wya": drawn(K, N)}
STACK = {"Wg": drawn(3 * N, N + K), "Wc": drawn(N, N + K), "Wy": drawn(K, N)}


@pytest.mark.parametrize(
    ("cell", "weights", "more", "phrase"),
    [
        ("lstm", GOOD | {"Wf": drawn(N, N + K - 1)}, {}, "Wf is 3×6, expected 3×7"),
        (
            "lstm",
            GOOD | {"Wf": drawn(N + K, N)},
            {},
            r"Wf is 7×3, expected 3×7: it multiplies \[a₋, x\], the 3 hidden units and then .* it looks transposed",
        ),
        ("lstm", GOOD | {"Wxi": drawn(N, K)}, {}, "Wf belongs to the layout"),
        ("lstm", GOOD | {"Wu": drawn(N, N + K)}, {}, "Wi and Wu both give Whi"),
        ("lstm", GOOD | {"bg": drawn(N, 1)}, {}, "bg is the bias of the stacked gates Wg"),
        (
            "lstm",
            {name: w for name, w in GOOD.items() if name != "Wo"},
            {},
            "matrix 'Wo' is missing; a cell 'lstm' needs Wi, Wf, Wc, Wo, Wy$",
        ),
        ("lstm", GOOD, {"gates": "ufo"}, "there is no Wg"),
        ("lstm", GOOD | {"a0": drawn(N, 1)}, {}, "a0 is no weight; write 'a0' beside 'weights'"),
        ("lstm", GOOD | {"Wr": drawn(N, N + K), "br": drawn(N, 1)}, {}, 'these are of another cell: set "cell": "gru"'),
        (
            "gru",
            {"W" + name: drawn(N, N + K) for name in "ruc"} | {"Wy": drawn(K, N)},
            {"a0": [0.0] * N, "c0": [0.0] * N},
            "'c0'; a cell 'gru' has a0$",
        ),
        ("rnnn", GOOD, {}, "unknown cell 'rnnn'"),
        ("lstm", STACK, {"gates": "uf"}, "each gate of Wg once"),
        ("lstm", STACK, {"gates": "uio"}, "each gate of Wg once"),
        ("lstm", STACK, {"gates": 3}, "each gate of Wg once"),
        ("lstm", STACK, {"gates": [["u"], "f", "o"]}, "each gate of Wg once"),
        ("lstm", STACK | {"Wg": drawn(10, N + K)}, {}, "Wg has 10 rows, which 3 gates"),
        ("lstm", STACK | {"W": drawn(12, N + K)}, {}, "W is not known"),
        ("rnn", {"Wg": drawn(N, N + K), "Wy": drawn(K, N)}, {}, "no gates"),
        ("rnn", {"Wxh": drawn(N, K), "Whh": drawn(N, N), "Why": drawn(K, N)}, {"gates": "u"}, "there is no Wg"),
        (
            "gru",
            {"Wu": drawn(N, N + K), "Wc": drawn(N, N + K), "Wy": drawn(K, N)},
            {},
            "'Wr' is missing; a cell 'gru' needs Wr, Wu, Wc, Wy$",
        ),
        (
            "lstm",
            GOOD | {"Wi": drawn(N + 1, N + K + 1)},
            {},
            r"the part Whf of Wf is 3×3, expected 4×4: the part Wxi of Wi has 4 rows",
        ),
        ("lstm", GOOD | {"bi": drawn(N + 1, 1)}, {}, "^w.json: bi is 4×1"),
        ("lstm", GOOD | {"bc": drawn(N + 1, 1)}, {}, r"^w.json: bc \(bg\) is 4×1"),
        ("lstm", GOOD | {"Wy": drawn(N, K)}, {}, r"^w.json: Wy \(Why\) is 3×4, expected 4×3"),
        (
            "lstm",
            GOOD | {"Wz": drawn(N, N + K)},
            {},
            "a cell 'lstm' has Wi, bi, Wf, bf, Wc, bc, Wo, bo, Wy, by; did you mean 'Wy'",
        ),
        ("rnn", {"Wax": drawn(N, K), "Waaa": drawn(N, N), "Wya": drawn(K, N)}, {}, "'Waaa'.*did you mean 'Waa'"),
        ("rnn", {"Wax": drawn(N, K), "Waa": drawn(N, N)}, {}, "'Wya' is missing; a cell 'rnn' needs Wax, Waa, Wya$"),
        ("rnn", PLAIN | {"Waa": drawn(2, 2)}, {}, r"Waa \(Whh\) is 2×2, expected 3×3 or 1×1: Wax \(Wxh\) has 3 rows"),
        ("rnn", PLAIN | {"Why": drawn(K, N)}, {}, "Wya both give Why; leave one out"),
        ("rnn", PLAIN, {"a0": [1, 2]}, r"^w.json: a0 \(h0\) is 2×1, expected 3×1"),
        ("rnn", PLAIN, {"a0": [1, 2, 3], "h0": [1, 2, 3]}, "h0 and a0 both give h0; leave one out"),
    ],
)
def test_a_layout_with_something_wrong_is_refused(cell: str, weights: Any, more: Any, phrase: str) -> None:
    with pytest.raises(InputError, match=phrase):
        model_of(cell, weights, **more)


@pytest.mark.parametrize(("cell", "weights"), [("rnn", PLAIN), ("lstm", GOOD)])
def test_a0_of_that_layout_is_where_the_hidden_state_begins(cell: str, weights: Any) -> None:
    start = [0.1, -0.2, 0.3]
    more = {"c0": [0.5, 0.6, -0.7]} if cell == "lstm" else {}
    model = model_of(cell, weights, a0=start, **more)
    assert [part[:, 0].tolist() for part in model.before] == [start, *more.values()]
    assert "a0 is h0" in model_of(cell, weights, a0=start).layout
    assert "a0" not in model_of(cell, weights, **more).layout


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_initial_states_of_a_file_begin_the_walk(cell: str) -> None:
    from dataclasses import replace

    from rnnwalk.model.weight_record import to_record
    from tests.examples import pose

    model = pose("hello", cell=cell).model
    states = {"h0": [0.1, -0.2, 0.3]} | ({"c0": [0.5, 0.6, -0.7]} if cell == "lstm" else {})
    read = parse(to_record(model) | states, "w.json", "")
    assert {f"{name}0": part[:, 0].tolist() for name, part in read.before._asdict().items()} == states
    before = type(model.before)(*[np.array(states[f"{name}0"]).reshape(-1, 1) for name in model.before._fields])
    expected = hidden(replace(model, before=before))
    assert all(np.array_equal(x, y) for x, y in zip(hidden(read), expected, strict=True))
    assert not np.allclose(expected[0], hidden(model)[0])
