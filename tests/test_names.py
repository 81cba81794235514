"""Names lead from what a person reads or types to the number, and back."""

import numpy as np
import pytest
from hypothesis import given

from rnnwalk import walk
from rnnwalk.errors import InputError
from rnnwalk.model.problem import Problem
from rnnwalk.walks.walk import Walk
from tests.examples import AWKWARD, pose, problems


@pytest.fixture(scope="module")
def hello() -> Walk:
    return walk("hello")


@given(problems())
def test_every_key_and_symbol_of_every_element_finds_that_element(problem: Problem) -> None:
    names = Walk(problem).names
    for node in names.labels:
        for text in (names.key(node), names.symbol(node)):
            assert names.find(text)[0] is node
        for at in np.ndindex(node.value.shape):
            for text in (names.key(node, at), names.symbol(node, at)):
                assert names.find(text) == (node, at), text


def test_no_two_elements_have_the_same_key() -> None:
    names = walk("".join(AWKWARD), hidden=3).names
    keys = [names.key(node, at) for node in names.labels for at in np.ndindex(node.value.shape)]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("h_2[3]", "h₂[3]"),
        ("h2[3]", "h₂[3]"),
        ("h₂[3]", "h₂[3]"),
        (" h_2 [ 3 ] ", "h₂[3]"),
        ("p_2[h]", "p₂[h]"),
        ("p_2[1]", "p₂[h]"),
        ("Wxh[1,e]", "Wxh[1,e]"),
        ("Wxh[ 1 , e ]", "Wxh[1,e]"),
        ("Wxh[1,2]", "Wxh[1,e]"),
        ("bh", "b"),
        ("b", "b"),
        ("Whh", "Whh"),
        ("h_0[1]", "h₀[1]"),
        ("Whh_h_2[1]", "(Whh·h₁ + b)[1]"),
        ("Wxh·x₂", "Wxh·x₂"),
        ("loss", "loss"),
        ("loss_4", "loss₄"),
    ],
)
def test_a_quantity_may_be_typed_in_many_ways(hello: Walk, typed: str, read: str) -> None:
    assert hello[typed].symbol == read


def test_the_article_writes_memory_and_letter_as_products(hello: Walk) -> None:
    assert [hello[f"{field}_2"].symbol for field in ("Wxh_x", "Whh_h", "h", "y", "p")] == [
        "Wxh·x₂", "Whh·h₁ + b", "h₂", "y₂", "p₂",
    ]  # fmt: skip


def test_a_blank_and_a_letter_in_two_code_points_are_found_as_they_are_typed() -> None:
    run = walk("é a é")
    assert run["p_2[ ]"].symbol == run["p_2[␣]"].symbol == "p₂[␣]"
    assert run["Wxh[2, ]"].symbol == "Wxh[2,␣]"
    assert run["p_2[e\u0301]"].symbol == "p₂[é]"


def test_a_blank_is_told_from_the_sign_that_shows_blanks() -> None:
    run = walk("a ␣a")
    names = run.names
    keys = [names.key(node, at) for node in names.labels for at in np.ndindex(node.value.shape)]
    assert len(set(keys)) == len(keys)


def test_a_symbol_is_meant_before_a_position() -> None:
    run = walk("2121")
    assert run["p_1[1]"].at == (1, 0)
    assert run["Wxh[2,1]"].at == (1, 1)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("u_2", "no quantity 'u_2'; there are Wxh"),
        ("e_2[h]", r"no quantity 'e_2\[h\]'"),
        ("h_9", r"there are h_0…h_4$"),
        ("e_2", "did you mean 'q_2'?"),  # the powers of e, as they were once called
        ("scores", "did you mean 'y_1'?"),
        ("probabilities_3", "did you mean 'p_3'?"),
        ("learning rate", "did you mean 'rate'?"),
        ("score", "did you mean 'y_1' or 'm_1'?"),
        ("softmax_2", r"did you mean 'p_2'\?$"),
        ("logits", r"did you mean 'y_1'\?$"),
        ("prob", r"did you mean 'p_1'\?$"),
        ("one-hot", r"did you mean 'x_1' or 'target_1'\?$"),
        ("cross-entropy", r"did you mean 'loss'\?$"),
        ("memory", r"did you mean 'h_1'\?$"),
        ("forget", "an rnn has none; take cell=.lstm.$"),  # not 'target_1', which shares four letters with it
        ("gate", "an rnn has none; take cell=.lstm. or cell=.gru.$"),  # not 'rate'
        ("gate_2", "an rnn has none"),
        ("weights", r"'weights'; there are Wxh, Whh, bh, Why$"),
        ("letter", r"did you mean 'x_1', 'target_1' or"),
        ("inputs", r"did you mean 'x_1', 'Wxh' or 'dWxh'\?$"),
        ("tanh", r"did you mean 'h_1'\?$"),
        ("tanh_3", r"did you mean 'h_3'\?$"),
        ("Wxy", "did you mean 'Wxh' or 'Why'"),
        ("W_hh", "did you mean 'Whh', 'dWhh', 'Whh_h_1', 'Whh_new' or"),
        ("dwhh_3", "did you mean 'dWhh_3', "),
        ("dWhh_7", r"there are dWhh_1…dWhh_4$"),
        ("h_2[4]", r"no element 'h_2\[4\]': h_2 has the rows 1, 2, 3, as in h_2\[1\]"),
        ("h_2[0]", "no element"),
        ("h_2[-1]", "no element"),
        ("h_2[]", "no element"),
        ("h_2[1,1]", "no element"),
        ("p_2[z]", "rows h, e, l, o"),
        ("Wxh[1]", r"rows 1, 2, 3 and the columns h, e, l, o, as in Wxh\[1,h\]"),
        ("Wxh[1,z]", "no element"),
        ("loss[1]", "a single number"),
        ("", "no quantity"),
        ("[", "no quantity"),
    ],
)
def test_an_unknown_quantity_names_the_near_ones(typed: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        walk("hello", backward=True)[typed]


def test_of_a_cell_with_gates_those_are_meant_by_the_word_and_what_a_function_makes_by_its_name() -> None:
    for cell, named in (
        ("lstm", {"gates": "'f_1', 'i_1', 'o_1', 'zf_1' or 'zi_1'", "tanh": "'g_1' or 'tanh_c_1'"}),
        ("gru", {"gate": "'r_1', 'z_1', 'zr_1', 'zz_1' or 'dzz_1'", "tanh": "'n_1'", "sigmoid": "'r_1' or 'z_1'"}),
    ):
        for typed, near in named.items():
            with pytest.raises(InputError, match=rf"did you mean {near}\?$"):
                walk("hello", cell=cell, backward=True)[typed]


def test_a_single_hidden_unit_needs_no_index() -> None:
    run = Walk(pose("abba", hidden=1))
    assert (run["h_2"].at, run["h_2"].key) == ((0, 0), "h_2")
    assert run["Wxh[1,b]"].at == (0, 1)
