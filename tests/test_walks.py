"""A walk is the record of one pass, whose quantities have names, values and formulas."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from rnnwalk import compare, gradient_flow, walk
from rnnwalk.errors import InputError
from rnnwalk.model.problem import Problem
from rnnwalk.walks.walk import Walk
from tests.examples import column, problems, reference


@pytest.mark.parametrize("case", ["hello-article", "hello-rnn-matrix"])
def test_a_walk_holds_pytorchs_numbers_by_name(case: str) -> None:
    posed, expected = reference(case)
    run = Walk(posed)
    names = {"Wxh_x": "Wxh_x", "Whh_h_b": "Whh_h", "h": "h", "y": "y", "p": "p", "loss": "loss"}
    for t, step in enumerate(expected["steps"], start=1):
        for theirs, ours in names.items():
            np.testing.assert_allclose(run[f"{ours}_{t}"].value, column(step[theirs]), rtol=1e-12, atol=1e-15)
    assert run.loss == pytest.approx(expected["loss"], rel=1e-12)
    assert run.predictions == [step["prediction"] for step in expected["steps"]]
    assert run.length == 4


def test_an_element_is_a_1x1_value_with_its_key_and_symbol() -> None:
    element = walk("hello")["h_2[1]"]
    assert (element.key, element.symbol, element.formula) == ("h_2[1]", "h₂[1]", "h₂ = tanh(Wxh·x₂ + Whh·h₁ + b)")
    assert element.value.shape == (1, 1)
    assert f"{element.value[0, 0]:.6f}" == "0.936534"


def test_a_repr_says_what_it_is() -> None:
    run = walk("hello")
    assert repr(run) == (
        "<Walk of “hello” through a plain recurrent cell, forward: 4 letters, 3 hidden units, loss 6.811275>"
    )
    assert repr(run["h_2"]) == "<Quantity h_2 (The new hidden state) 3×1: [[0.936534], [0.949104], [0.762341]]>"
    assert len(repr(walk("hello", hidden=500)["Whh"])) < 200


def test_a_quantity_of_the_way_back_asks_for_backward_where_it_was_not_recorded() -> None:
    forward, back = walk("hello"), walk("hello", backward=True, lr=0.5)
    for name in ("dWhh", "dh_3", "Whh_new"):
        with pytest.raises(InputError, match=f"'{name}' belongs to the way back, .* add backward=True"):
            forward[name]
    with pytest.raises(InputError, match=r"did you mean 'Whh_new', .*\? .* need backward=True"):
        forward["dWhh_new"]
    with pytest.raises(InputError, match=r"did you mean 'dWhr', 'dWhz', 'dWhn', .*\? .* need backward=True"):
        walk("banana", cell="gru")["dWhh"]
    with pytest.raises(InputError, match=r"did you mean .*'dWhh'"):
        back["dWnn"]
    w, gradient = (back[name].value.item() for name in ("Whh", "dWhh"))
    assert back["Whh_new"].value.item() == pytest.approx(w - 0.5 * gradient, rel=1e-15)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: walk(example="sum").row(1), "no output after time step 1; the only one is after the last, 5"),
        (lambda: walk(example="sum").prediction(1), "no output after time step 1"),
        (lambda: walk(example="sum").prediction(7), "time step 7 is not recorded; expected 1 to 5"),
        (lambda: walk(example="sum").row(5), "the outputs here are numbers"),
        (lambda: walk("good not bad", example="sentiment").row(3), "what is true was not given"),
        (lambda: walk("good not bad", example="sentiment")["loss"], "no 'loss' here, for what is true was not given"),
        (lambda: walk("good not bad", example="sentiment")["h_9"], "no quantity 'h_9'; there are h_0…h_3"),
        (lambda: walk("good " * 1200, example="sentiment").outline, "names the next symbol"),
        (lambda: walk("hello").row(9), "letter 9 is not recorded; expected 1 to 4"),
        (lambda: walk("1 2", example="sum", target=object()), "the target is of type object, expected a text"),
        (
            lambda: walk("1 2", example="sum", target=[[3]]),
            "the target must be a number (sum), found a list with a list in it",
        ),
        (lambda: walk("1 2", example="sum", target=True), "the target must be a number (sum), found true"),
        (lambda: walk("1 2", example="sum", target=[3, 4]), "the target: '3,4' is 2 numbers, expected 1 (sum)"),
        (
            lambda: walk(["1 2", "3 4"], example="sum", target=[3, None]),
            "the target is of type NoneType, expected a text",
        ),
    ],
)
def test_what_a_walk_does_not_know_is_said_in_one_sentence(ask: Callable[[], object], says: str) -> None:
    with pytest.raises(InputError, match=re.escape(says)):
        ask()


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: walk("hello", hidden=0), "hidden is 0, expected at least 1: the network needs a hidden unit to remember with"),
        (lambda: walk("hello", hidden=2, weights={}), "hidden and weights do not go together: the weight file decides it"),
        (lambda: walk("hello", cell="rnm"), "cell: unknown cell 'rnm'; known: rnn, lstm, gru; did you mean 'rnn'?"),
        (lambda: walk("a b c", example="pizza", by="letter"), 'by="letter" does nothing beside example="pizza", whose text is read by words; leave it out'),
        (lambda: walk("hello")["gate"], 'no quantity \'gate\'; an rnn has none; take cell="lstm" or cell="gru"'),
        (lambda: walk("hello", cell="lstm", forget_bias=7e8), "forget_bias is 7e+08, expected at most 1,000"),
        (lambda: walk("a --seed", by="word", vocab="a"), "word 2 of the text, '--seed', is not in the vocabulary (a); use other words, or weights that know it (random ones: by vocab)"),
        (lambda: gradient_flow("hello", length=1), "length is 1, expected at least 2"),
        (lambda: compare("ab", "bc", vocab="ab"), "letter 2 of the word, 'c', is not in the vocabulary (a, b); use other letters, or weights that know it (random ones: by vocab)"),
    ],
)  # fmt: skip
def test_python_is_told_of_keywords_and_not_of_the_options_of_the_command_line(
    ask: Callable[[], object], says: str
) -> None:
    with pytest.raises(InputError) as refused:
        ask()
    assert str(refused.value) == says


def test_python_is_told_to_replace_a_file_by_a_keyword(tmp_path: Path) -> None:
    page = walk("hello").page()
    page.save(tmp_path / "a.html")
    with pytest.raises(InputError, match="exists already; use force=True to replace it, or another name"):
        page.save(tmp_path / "a.html")


def test_a_target_may_be_a_number() -> None:
    assert walk("1 2", example="sum", target=5).loss == walk("1 2", example="sum", target="5").loss
    together = walk(["1 2", "3 4"], example="sum", target=[5, np.float64(8.5)])
    assert together.loss == walk(["1 2", "3 4"], example="sum", target=["5", "8.5"]).loss


@pytest.mark.parametrize(
    ("options", "word", "target", "typed"),
    [
        ({"linear": "a,b", "at": "every"}, "hi", [[0.5, 1], [2, np.float64(-3)]], "0.5,1 2,-3"),
        ({"linear": "a,b"}, "hi", np.array([0.25, 0.5]), "0.25,0.5"),
        ({"linear": "a", "at": "every"}, "hi", (1, np.int64(2)), "1 2"),
        ({"classes": "so so,no", "at": "every"}, "hi", ["so so", "no"], '"so so" no'),
        ({"classes": "0,1", "at": "every"}, "hi", [1, 0], "1 0"),
        ({"classes": "0,1"}, "hi", ["1"], "1"),
        ({"classes": "0,1"}, ["hi"], [["1"]], "1"),
        ({"linear": "a,b"}, ["hi", "ih"], [[1, 2], "3,4"], ["1,2", "3,4"]),
        ({"linear": "a", "at": "every"}, ["hi", "ih"], [[1, 2], [[3], [4]]], ["1 2", "3 4"]),
    ],
)
def test_a_target_may_be_lists_of_what_is_typed(options: dict[str, str], word: Any, target: Any, typed: Any) -> None:
    assert walk(word, target=target, **options).loss == walk(word, target=typed, **options).loss


def test_weights_may_be_a_dict_as_in_a_weight_file_a_path_or_the_model_of_another_walk() -> None:
    path = Path(__file__).parents[1] / "worksheets" / "banana.json"
    record = json.loads(path.read_text("utf-8"))
    for weights in (record, path, str(path), walk(weights=record).problem.model):
        assert walk(weights=weights).loss == walk(weights=str(path)).loss
    with pytest.raises(InputError, match="weights: 'vocabulary' is missing"):
        walk(weights={"weights": record["weights"]})
    with pytest.raises(
        InputError, match="weights is 5, expected a file's name, a dict as in a weight file, or a Model"
    ):
        walk(weights=5)


def test_changing_a_value_does_not_change_the_record() -> None:
    run = walk("hello")
    run["h_2"].value[:] = 0
    run["h_2[1]"].value[:] = 0
    assert run["h_2"].value.all()


def test_iterating_gives_every_quantity_once_and_inputs_come_before_results() -> None:
    keys = [quantity.key for quantity in walk("hello")]
    assert len(set(keys)) == len(keys)
    assert keys[:4] == ["Wxh", "Whh", "bh", "Why"]
    assert keys[-1] == "loss"
    assert [key for key in keys if key.endswith("_2")] == [
        "x_2", "target_2", "Wxh_x_2", "Whh_h_2", "h_2", "y_2", "m_2", "q_2", "S_2", "p_2", "loss_2",
    ]  # fmt: skip


@given(problems())
def test_the_fields_of_a_letter_are_what_it_computes_in_order(problem: Problem) -> None:
    run = Walk(problem)
    for t in range(1, run.length + 1):
        fields = [run.names.labels[node].field for node in run.fields(t)]
        assert fields == ["Wxh_x", "Whh_h", "h", "y", "m", "q", "S", "p", "loss"]
        assert all(run.at(field, t) is node for field, node in zip(fields, run.fields(t), strict=True))


@given(problems())
def test_the_prediction_is_the_most_probable_symbol(problem: Problem) -> None:
    run = Walk(problem)
    for t, said in enumerate(run.predictions, start=1):
        p = run[f"p_{t}"].value
        assert p[problem.model.vocabulary.index(said), 0] == pytest.approx(p.max(), rel=1e-15)


@given(problems())
def test_probabilities_sum_to_1_and_the_loss_is_minus_ln_of_the_targets(problem: Problem) -> None:
    run = Walk(problem)
    losses = []
    for t, target in enumerate(problem.targets, start=1):
        p = run[f"p_{t}"].value
        assert p.sum() == pytest.approx(1, abs=1e-14)
        losses.append(-np.log(p[problem.model.vocabulary.index(target), 0]))
    assert run.loss == pytest.approx(sum(losses), rel=1e-12, abs=1e-14)


def test_predictions_of_a_linear_output_are_its_numbers() -> None:
    third = {"form": "linear", "inputs": {"names": ["x"]}, "weights": {"Wxh": [[1]], "Whh": [[0]], "Why": [[1 / 3]]}}
    one = {"output": {"at": "last", "kind": "linear", "names": ["y"]}}
    assert walk("5 1", weights=third | one).predictions == [1 / 3]
    assert walk(["5 1", "1 2"], weights=third | one).predictions == [[1 / 3], [2 / 3]]
    two = {"output": {"at": "every", "kind": "linear", "names": ["y", "z"]}}
    weights = {**third["weights"], "Why": [[1 / 3], [2]]}
    assert walk("1 2", weights={**third, **two, "weights": weights}).predictions == [[1 / 3, 2], [2 / 3, 4]]


def test_bare_numbers_in_a_list_may_be_one_sequence_or_several_and_are_refused() -> None:
    for numbers in ([7, 2], (7, 2.0), np.array([7, 2])):
        with pytest.raises(InputError, match=r'a text, "7 2(\.0)?", and several, side by side, .* \["7", "2(\.0)?"\]'):
            walk(numbers, example="sum")  # type: ignore[arg-type]
    assert walk(7, example="sum").predictions == [7]  # type: ignore[arg-type]
