"""The error's way back as pages: PyTorch's and NumPy's numbers in the tables, and the word for the regime."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnwalk.engine.network import forward
from rnnwalk.model.problem import Problem
from rnnwalk.tasks.gradient_flow import flow
from rnnwalk.tasks.sizes import ZERO, Size
from rnnwalk.tasks.stretching import stretched
from rnnwalk.views.chain_rule import chain_rule
from rnnwalk.views.clipping import clipped, cut_off
from rnnwalk.views.gradient_flow import letters, pages, verdict, way
from rnnwalk.views.page import Drawing, Prose, Table
from rnnwalk.views.sizes import MOST, logarithmic, picked, span
from rnnwalk.walks.walk import Walk
from tests.examples import data, pose, problems, reference
from tests.views.reading import column, of, only, texts, values

CASES = list(data("last-letter")["cases"])
LOGS = st.one_of(st.floats(-400, 400), st.just(-math.inf))


@pytest.mark.parametrize("name", CASES)
def test_the_errors_that_are_told_are_pytorchs(name: str) -> None:
    case, (problem, _) = data("last-letter")["cases"][name], reference(name)
    table = only(way(flow(problem), 6), Table)
    parts = [part for part in ("h", "c") if part in case]
    for part in parts:
        norms = [float(np.linalg.norm(column)) for column in case[part]][::-1]
        np.testing.assert_allclose(values(column(table, f"‖∂L/∂{part}‖")), norms, rtol=1e-5, atol=1e-300)
    assert ("together" in table.headings) == (len(parts) > 1)


def test_the_stretch_of_a_step_back_is_numpys_norm_of_Whh_times_the_slopes() -> None:
    problem = pose("banana", hidden=4, seed=7)
    w, model = problem.model.weights, problem.model
    xs, targets = problem.columns(problem.inputs), problem.columns(problem.targets)
    hs = [letter.step.h[:, 0] for letter in forward(model.network, w, xs, targets, model.before).letters]
    jacobians = [w.Whh.T @ np.diag(1 - h**2) for h in hs[:0:-1]]  # from the last letter back
    table = only(way(flow(problem), 8), Table)
    norms = [np.linalg.norm(jacobian, 2) for jacobian in jacobians]
    radii = [np.abs(np.linalg.eigvals(jacobian)).max() for jacobian in jacobians]
    for heading, expected in (("‖J‖", norms), ("ρ(J)", radii), ("∏‖J‖", np.cumprod(norms))):
        last, *before = column(table, heading)
        assert last == ""  # no step leads back to the last letter
        np.testing.assert_allclose(values(before), expected, rtol=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_what_each_letter_matters_is_pytorchs(name: str) -> None:
    case, (problem, _) = data("last-letter")["cases"][name], reference(name)
    page = letters(flow(problem), 6)
    table = only(page, Table)
    rows = ["helo".index(symbol) for symbol in "hell"]
    norms = [float(np.linalg.norm(x)) for x in case["x"]]
    np.testing.assert_allclose(values(column(table, "‖∂L/∂x‖")), norms, rtol=1e-5)
    along = [x[row] for x, row in zip(case["x"], rows, strict=True)]
    np.testing.assert_allclose(values(column(table, "along the letter")), along, rtol=1e-5)
    most = int(np.argmax(norms)) + 1
    assert any(f"(letter {most}) matters most" in block.text for block in of(page, Prose))


@pytest.mark.parametrize(
    ("problem", "scale", "word"),
    [
        (pose("hello"), 1, "Vanishing"),
        (pose("hello"), 0, "Vanishing, entirely"),
        (stretched(pose("ab", hidden=20), 30), 8, "Exploding"),
        (pose("ab" * 5, cell="lstm", forget_bias=9), 1, "Steady"),
        (pose("ab"), 1, "A single letter was read"),
        (
            pose(example="study"),
            1,
            "Uneven",
        ),  # of two steps back one stretches the error, and much less than the other loses
    ],
)
def test_the_regime_is_told_in_its_word(problem: Problem, scale: float, word: str) -> None:
    assert verdict(flow(problem, scale), 4).startswith(word)


@settings(max_examples=25)
@given(problems(), st.sampled_from([0.5, 1, 3]))
def test_the_word_of_the_regime_is_that_of_the_factor_from_step_to_step(problem: Problem, scale: float) -> None:
    found = flow(problem, scale)
    sizes = [arrival.error["state"].value for arrival in found.arrivals]
    if len(sizes) == 1 or not all(sizes):
        return
    near = max(2, (len(sizes) + 1) // 2)
    factor = (sizes[0] / sizes[near - 1]) ** (1 / (near - 1))
    all_agree = (factor - 1) * (sizes[0] / sizes[-1] - 1) >= 0
    word = "Vanishing" if factor < 1 / 1.05 else "Exploding" if factor > 1.05 else "Steady"
    word = word if all_agree or word == "Steady" else "Uneven"
    assert verdict(found, 4).startswith(word)


def test_the_factor_of_a_step_of_ten_steps_and_of_the_whole_way_are_those_of_pytorchs_errors() -> None:
    """Of 4 letters the far half of the way is the step from letter 2 to letter 1."""
    norms = [float(np.linalg.norm(error)) for error in data("last-letter")["cases"]["hello-article"]["h"]]
    factor, whole = norms[0] / norms[1], norms[0] / norms[3]
    told = [float(number) for number in re.findall(r"\d\.\d+(?:e-\d+)?", verdict(flow(pose("hello")), 6))]
    assert told[:3] == pytest.approx([factor, factor**10, whole], rel=1e-5)


def test_what_is_kept_is_told_unit_by_unit_and_of_many_units_also_of_the_one_that_keeps_the_most() -> None:
    """What the example says: only brackets open unit 1, so elsewhere an error passes it whole, and unit 2 not at all."""
    walk = Walk(pose(example="holding"))
    one, other = (1 - np.hstack([walk.at("z", t).value for t in range(2, walk.length + 1)])).mean(axis=1)
    told = verdict(flow(walk.problem), 4)
    assert f"1 − z, which is {one:.4f} on average in unit 1 and {other:.4g} in unit 2; the rest" in told
    walk = Walk(pose("hello", cell="lstm", hidden=8))
    f = np.hstack([walk.at("f", t).value for t in range(2, walk.length + 1)])
    most = int(f.mean(axis=1).argmax())
    told = f"f is {f.mean():.4f} on average ({f.mean(axis=1)[most]:.4f} in unit {most + 1}, which keeps the most), and"
    assert told in verdict(flow(walk.problem), 4)


def test_a_program_that_would_overflow_or_underflow_is_warned_of() -> None:
    found = flow(pose("hello"))
    for log, words in ((309, ["Overflow"]), (307, []), (-323, []), (-325, ["Underflow"])):
        beyond = found.arrivals[0]._replace(error={"h": Size(log), "state": Size(log)})
        told = " ".join(texts(way(replace(found, arrivals=[beyond, *found.arrivals[1:]]), 4)))
        assert [word for word in ("Overflow", "Underflow") if word in told] == words


@given(st.integers(1, 3000))
def test_all_rows_of_a_short_text_are_shown_and_24_of_a_long_one_with_both_ends(count: int) -> None:
    rows = picked(count)
    assert len(rows) == min(count, MOST)
    assert (rows[0], rows[-1]) == (0, count - 1)
    assert rows == sorted(set(rows))
    gaps = np.diff(rows)
    assert not len(gaps) or gaps.max() - gaps.min() <= 1


def test_what_is_left_out_is_said() -> None:
    for length, said in ((24, False), (25, False), (26, True)):
        page = way(flow(stretched(pose("hello"), length)), 4)
        assert len(only(page, Table).rows) == min(length - 1, MOST)
        assert any(f"24 of {length - 1} letters are shown" in text for text in texts(page)) == said


@given(st.lists(LOGS, min_size=1, max_size=20))
def test_bars_are_between_none_and_full_longer_for_larger_and_a_power_of_ten_is_as_long_everywhere(logs) -> None:
    sizes = [Size(log) for log in logs]
    bars = logarithmic(sizes)
    low, high = span(sizes)
    assert high - low >= 2
    for log, bar in zip(logs, bars, strict=True):
        assert 0 <= bar <= 1
        assert bar == (0 if log == -math.inf else pytest.approx((log - low) / (high - low)))


def test_the_rows_go_back_from_the_last_letter_and_the_bars_with_them() -> None:
    found = flow(pose("hello"))
    table = only(way(found, 4), Table)
    assert column(table, "t") == ["4", "3", "2", "1"]
    assert column(table, "reads") == ["l", "l", "e", "h"]
    assert table.bars == sorted(table.bars, reverse=True)  # it vanishes


@pytest.mark.parametrize("limit", [0.1, 100])
def test_a_clipped_gradient_is_as_long_as_the_limit_or_as_it_was(limit: float) -> None:
    found = flow(pose("hello"))
    page = clipped(found.problem.model, found.gradient.clipping(limit), 6)
    *each, whole = [values(row[1:]) for row in only(page, Table).rows]
    raw, cut = np.transpose(each)
    np.testing.assert_allclose([np.linalg.norm(raw), np.linalg.norm(cut)], whole, rtol=1e-4)
    assert whole[1] == pytest.approx(min(limit, whole[0]), rel=1e-4)
    np.testing.assert_allclose(cut / raw, whole[1] / whole[0], rtol=1e-4)
    assert any("passes as it is" in text for text in texts(page)) == (limit == 100)


def test_the_right_chain_adds_every_path_and_the_path_through_the_outputs_is_none() -> None:
    """E of letter 3 by the article's Whh: the three paths of the page, each a product of its links, against a nudge."""
    problem = pose("hello")
    w, vocabulary = problem.model.weights, problem.model.vocabulary
    x, truth = [np.eye(4)[:, [vocabulary.index(symbol)]] for symbol in "hel"], vocabulary.index("l")

    def run(whh: float) -> tuple[list[np.ndarray], np.ndarray]:
        h = [np.zeros((3, 1))]
        for letter in x:
            h.append(np.tanh(w.Wxh @ letter + whh * h[-1] + w.bh))
        p = np.exp(w.Why @ h[3])
        return h, p / p.sum()

    whh = float(w.Whh[0, 0])
    h, p = run(whh)
    slope = [1 - state**2 for state in h]
    to_h3 = (p - np.eye(4)[:, [truth]]).T @ w.Why  # ∂E/∂y₃·∂y₃/∂h₃
    J3, J2 = (np.diag(slope[t][:, 0]) * whh for t in (3, 2))  # ∂h₃/∂h₂, ∂h₂/∂h₁
    paths = [to_h3 @ (slope[3] * h[2]), to_h3 @ J3 @ (slope[2] * h[1]), to_h3 @ J3 @ J2 @ (slope[1] * h[0])]
    ends = [-np.log(run(whh + nudge)[1][truth, 0]) for nudge in (1e-6, -1e-6)]
    assert sum(path.item() for path in paths) == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-7)
    page = chain_rule(problem)
    right = only(page, Table)
    assert column(right, "often written")[2:4] == ["∂h₃/∂y₂", "∂y₂/∂h₁"]
    assert column(right, "right")[2:4] == ["∂h₃/∂h₂", "∂h₂/∂h₁"]
    assert sum(line.count("∂E/∂y₃·∂y₃/∂h₃") for line in of(page, Drawing)[1].lines) == len(paths)
    assert page.title not in [each.title for each in pages(flow(pose("abc")), 4)]


def test_clipping_and_what_next_have_pages_only_where_they_are_asked_for() -> None:
    found = flow(pose("hello"))
    assert [len(pages(found, 4, clip, commands=more)) for clip in (None, 1.0) for more in ((), ("rnnwalk",))] == [
        4, 5, 5, 6,
    ]  # fmt: skip


def test_clipping_number_by_number_is_numpy_s_clip_of_the_gradient_of_the_last_loss() -> None:
    """Of the last letter's loss alone, Why's gradient is (p − truth)·hᵀ."""
    problem, limit = pose("hello"), 0.4
    walk = Walk(problem)
    raw = (walk["p_4"].value - walk["target_4"].value) @ walk["h_4"].value.T
    cutting = flow(problem).gradient.cutting(limit)
    assert cutting.cut["Why"] == int((np.clip(raw, -limit, limit) != raw).sum()) > 0
    assert cutting.largest["Why"].value == pytest.approx(np.abs(raw).max(), rel=1e-12)
    table = only(cut_off(problem.model, cutting, 6), Table)
    assert table.rows[0][2:] == ["0.400000", f"{cutting.cut['Why']} of 12"]


def test_of_an_error_that_is_nothing_no_letter_is_said_to_matter_most() -> None:
    model = pose("hello", hidden=2).model
    deaf = replace(model, weights=model.weights._replace(Why=model.weights.Why * 0))
    found = flow(pose("hello", weights=deaf))
    assert found.arrivals[0].input == ZERO
    assert "matters most" not in " ".join(texts(letters(found, 4)))
    assert verdict(found, 4).startswith("No error arrives at all")


def test_of_the_only_letter_there_is_the_reader_learns_why_no_error_arrives_and_no_bars_are_explained() -> None:
    for word, wrong in (("aaaa", "bars"), ("aa", "--length")):
        told = " ".join(text for page in pages(flow(pose(word)), 4) for text in texts(page))
        assert "“a” is the only letter there is, so it is always predicted with p = 1" in told
        assert wrong not in told


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_of_words_no_page_speaks_of_letters(cell: str) -> None:
    for text in ("we love love we", "we love", "we love " * 14):
        for page in pages(flow(pose(text, by="word", cell=cell, hidden=2)), 4, 1.0):
            assert [told for told in texts(page) if "letter" in told.lower()] == []


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("rnn", "Whh was multiplied by 2"),
        ("lstm", "Whi, Whf, Whg, Who were multiplied by 2"),
        ("gru", "were multiplied"),
    ],
)
def test_that_the_memory_was_scaled_is_told_where_it_was(cell: str, told: str) -> None:
    pages = [" ".join(texts(way(flow(pose("abc", cell=cell), scale), 4))) for scale in (1, 2)]
    assert [told in page for page in pages] == [False, True]


def test_of_the_first_letter_it_is_told_how_much_less_it_matters_than_the_most() -> None:
    case = data("last-letter")["cases"]["hello-article"]
    first, *_, last = (np.linalg.norm(x) for x in case["x"])
    told = " ".join(texts(letters(flow(pose("hello")), 6)))
    assert f"Letter 1, “h”, matters {first / last:.6g} times as much." in told
