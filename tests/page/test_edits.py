"""Each kind of change in a page against NumPy on the changed model; and any model's numbers against its record."""

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from rnnwalk.engine.cells import CELLS, cell_named
from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import pose
from rnnwalk.model.problem import Problem
from rnnwalk.render.page.program import program
from rnnwalk.trace.record import replay
from rnnwalk.walks.numbers import number
from rnnwalk.walks.powers import with_powers
from rnnwalk.walks.walk import Walk
from tests.cli.conftest import Run, run  # noqa: F401
from tests.examples import TASKS, sampled
from tests.page.conftest import Opened
from tests.page.test_page import ALL, near, walked

# Numbers that are not written as they are.
STALE = "cells.filter(({ element, i, at, data }) => element.textContent !== shown(number(i, at), data.digits ? +data.digits : decimals(i, at)))"


def typed(page: Page, name: str, value: float) -> None:
    """Ask for a number by its address, and type another."""
    page.evaluate("(name) => (location.hash = name)", name)
    page.wait_for_function("(name) => document.querySelector('.here')?.textContent === symbol(...find(name))", arg=name)
    page.fill("#value", str(value))
    page.press("#value", "Enter")


def loss(page: Page) -> float:
    found: float = page.evaluate("values[byKey.get('loss')].data[0]")
    return found


def test_a_start_that_is_changed_is_that_of_a_model_with_this_memory(opened: Opened) -> None:
    walk = walked({"word": "abca", "cell": "lstm", "hidden": 2})
    page = opened(walk)
    typed(page, "c_0[2]", 0.5)
    model = walk.problem.model
    memory = model.before._replace(c=np.array([[0.0], [0.5]]))
    expected = Walk(walk.problem._replace(model=replace(model, before=memory)))
    assert near(loss(page), expected.loss)


def test_another_learning_rate_gives_the_weights_that_numpy_gives(opened: Opened) -> None:
    walk = walked({"word": "hello"})
    page = opened(walk)
    typed(page, walk.names.labels[rate(walk)].key, 0.01)
    expected = Walk(walk.problem, backward=True, rate=0.01)
    assert near(page.evaluate("[...values[byKey.get('Whh_new')].data]"), expected["Whh_new"].value)


def rate(walk: Walk) -> Any:
    return next(node for node, label in walk.names.labels.items() if label.group == "setting")


def test_numbers_that_are_read_and_aimed_at_are_typed(opened: Opened) -> None:
    walk = walked({"word": "1,2 3,4", "inputs": "a,b", "linear": "sum", "target": "3"})
    page = opened(walk)
    typed(page, "x_2[b]", 1.5)
    typed(page, "target_2", -2)
    expected = Walk(walk.problem._replace(symbols=("1,2", "3,1.5"), given=("-2",)))
    assert near(loss(page), expected.loss)
    assert page.text_content(".network .read >> nth=1") == "3,1.5"  # each number with as few decimals as show it
    assert page.text_content("rect.hit + .value") == f"{float(expected['y_2'].value[0, 0]):.2f}"


def test_which_weight_moved_most_is_said_as_soon_as_a_change_lets_one_move(opened: Opened) -> None:
    """The network says 54 exactly, so that none moves."""
    page = opened(walked({"example": "sum"}))
    assert "moved most" not in str(page.text_content("main"))
    typed(page, "target_5", 50)
    edited = Walk(pose(None, ModelOptions(example="sum"), "50"), backward=True)
    moved = {name: float(abs(new.value - edited[name].value).max()) for name, new in edited.updated.items()}
    page.wait_for_function("() => document.querySelector('main').textContent.includes('moved most')")
    assert f"moved most is {max(moved, key=moved.__getitem__)}" in str(page.text_content("main"))


def test_a_true_class_is_chosen(opened: Opened) -> None:
    walk = walked({"word": "abb", "vocab": "ab", "classes": "no,yes", "target": "yes"})
    page = opened(walk)
    page.select_option("select[aria-label='what is true at the end']", label="no")
    assert near(loss(page), Walk(walk.problem._replace(given=("no",))).loss)


def test_a_letter_of_one_word_beside_others_is_changed_in_its_column_alone(opened: Opened) -> None:
    walk = walked({"word": ["hello", "holle", "hoell"]})
    page = opened(walk)
    page.select_option("select[aria-label='letter 2 of word 3']", label="e")
    expected = Walk(walked({"word": ["hello", "holle", "heell"]}).problem._replace(model=walk.problem.model))
    assert near(loss(page), expected.loss)
    assert near(page.evaluate("[...values[byKey.get('h_3')].data]"), expected["h_3"].value)
    page.click("#undo")
    assert near(loss(page), walk.loss)


def test_however_far_a_number_is_dragged_it_is_one_change_to_be_undone(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}), "#Whh")
    box = page.locator("#slider").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(box["x"] + box["width"] * (0.5 + step / 12), box["y"] + box["height"] / 2)
    page.mouse.up()
    assert float(page.input_value("#value")) > 1.5
    assert near(page.evaluate("number(byKey.get('Whh'), 0)"), float(page.input_value("#value")))
    page.wait_for_function(f"() => {STALE}.length === 0")  # also what is not on the screen
    page.click("#undo")
    assert page.inner_text("#loss") == "loss 6.811275"
    assert page.is_disabled("#reset")


def test_keys_that_move_a_number_one_after_the_other_are_one_change_to_be_undone(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}), "#Whh")
    for _ in range(5):
        page.press("#slider", "ArrowRight")
    assert near(page.evaluate("[number(byKey.get('Whh'), 0), past.length]"), [0.48, 1])  # its steps are of 0.02
    assert "the 0.48 of Whh" in str(page.text_content("main"))  # told with the decimals of its matrix
    page.locator("#slider").blur()
    page.press("#slider", "ArrowRight")
    page.click("#undo")
    assert near(page.evaluate("number(byKey.get('Whh'), 0)"), 0.48)
    page.click("#undo")
    assert page.inner_text("#loss") == "loss 6.811275"


def test_a_weight_that_learning_does_not_move_reads_as_before(opened: Opened) -> None:
    page = opened(walked({"word": "hello", "cell": "gru", "hidden": 2}), "#Wxz[1,o]")  # no o is read
    of = "cells.filter(({ i }) => i === byKey.get('Wxz')).map(({ i, at, element }) => [symbol(i, at), element.textContent])"
    told, before = page.inner_text("#asked .told"), page.evaluate(of)
    page.evaluate("(train(1), show(), renewWaiting(Infinity))")
    assert page.inner_text("#asked .told") == told
    after = page.evaluate(of)
    assert {name[-2] for (name, _), old in zip(after, before, strict=True) if [name, _] == old} == {"o"}


def test_what_differs_in_its_last_bits_alone_is_not_marked(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}))
    page.evaluate("(train(1), show())")
    told = page.evaluate(
        "cells.map(({ element, i, at }) => [element.matches('.differs'), textAtFirst(i, at), element.textContent])"
    )
    assert any(marked for marked, _, _ in told)
    assert [each for each in told if each[0] != (each[1] != each[2])] == []


def test_what_moved_an_answer_follows_as_the_engine_of_learning_says(opened: Opened) -> None:
    for cell, embedding in (("lstm", 2), ("gru", None)):
        asked = {"word": "not bad so good", "by": "word", "classes": "no,yes", "target": "yes", "dense": "2:tanh"}
        walk = walked(asked | {"cell": cell, "embedding": embedding, "hidden": 3})
        page = opened(walk)
        page.evaluate("change([[byKey.get('Why'), 1, 2.5], [byKey.get('Why'), 3, -3]])")
        weights = walk.problem.model.weights
        Why = weights.Why.copy()
        Why.flat[[1, 3]] = 2.5, -3
        other = Walk(walk.problem._replace(model=replace(walk.problem.model, weights=weights._replace(Why=Why))))
        assert near(page.evaluate("influence().map(({ moved }) => moved)"), other.influence.contributions, 1e-10)
        assert near(page.evaluate("influence().map(({ long }) => long)"), other.influence.lengths, 1e-10)
        assert not near(other.influence.contributions, walk.influence.contributions, 1e-3)


def test_every_operation_on_each_number_has_a_slope(evaluator: Any) -> None:
    assert evaluator.evaluate("Object.keys(SLOPES)") == evaluator.evaluate("Object.keys(ELEMENTWISE)")


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """A small network of any cell, form and task, with random weights; of some, two sequences side by side."""
    cell, (word, target, asked) = draw(st.sampled_from(list(product(CELLS, TASKS.values()))))
    beside = draw(st.booleans())
    words, targets = ([word, word], None if target is None else [target, target]) if beside else (word, target)
    form = draw(st.sampled_from(list(cell_named(cell).FORMS)))
    options = ModelOptions(cell=cell, form=form, hidden=draw(st.integers(1, 3)), **asked)
    posed = pose(words, options, targets)  # type: ignore[arg-type]
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    weights = posed.model.weights
    drawn = {name: rng.normal(size=w.shape) for name, w in weights._asdict().items() if isinstance(w, np.ndarray)}
    return posed._replace(model=replace(posed.model, weights=weights._replace(**drawn)))


@pytest.fixture(scope="module")
def evaluator(browser: Any) -> Any:
    """A page that evaluates any record."""
    from rnnwalk.render.page import page as writer

    context = browser.new_context(offline=True)
    page = context.new_page()
    for name in ("evaluate.js", "differentiate.js"):
        page.add_script_tag(content=(writer.HERE / name).read_text("utf-8"))
    yield page
    context.close()


@pytest.mark.parametrize("examples", sampled([4, 200], 4))
def test_any_record_is_computed_by_a_browser_as_by_numpy(evaluator: Any, examples: int) -> None:
    @settings(max_examples=examples)
    @given(problem=problems(), seed=st.integers(0, 2**32))
    def holds(problem: Problem, seed: int) -> None:
        computed(evaluator, problem, seed)

    holds()


def computed(evaluator: Any, problem: Problem, seed: int) -> None:
    """The numbers of a record, and those with other weights, in a browser and in NumPy."""
    walk = Walk(problem, backward=True)
    record = program(walk, 6)
    named = [(i, node["key"]) for i, node in enumerate(record["nodes"]) if "key" in node]
    rng = np.random.default_rng(seed)
    other = {
        node: rng.normal(size=node.shape)
        for node, label in walk.names.labels.items()
        if node.op == "input" and label.group in ("weight", "initial")
    }
    edits = [[walk.names.labels[node].key, values.ravel().tolist()] for node, values in other.items()]
    asked = """([nodes, named, edits]) => {
        const byKey = new Map(named.map(([i, key]) => [key, i]));
        for (const node of nodes) node.data = Float64Array.from(node.data);
        const given = new Map(), told = (all) => named.map(([i]) => [...all[i].data]), first = evaluate(nodes, given);
        let all = first;
        for (const [key, data] of edits) { // one after the other, from what was there before
            given.set(byKey.get(key), Float64Array.from(data));
            all = evaluate(nodes, given, all);
        }
        return [told(first), told(all)];
    }"""
    found, edited = evaluator.evaluate(asked, [record["nodes"], named, edits])
    expected = replay(walk.trace, {node.path: values for node, values in other.items()})
    names, powers = with_powers(walk)
    for node in powers:
        expected[node] = node.compute(*[expected[operand] for operand in node.operands])
    for values, changed, (_, key) in zip(found, edited, named, strict=True):
        node = names.node[key]
        assert near(values, node.value), key
        assert near(changed, expected[node], 1e-10), key


@pytest.mark.long
def test_of_a_long_text_what_is_on_the_screen_follows_at_once_and_all_else_soon(opened: Opened) -> None:
    page = opened(walked({"word": "the quick brown fox jumps over the lazy dog and runs away fast"}))
    page.evaluate("change([[byKey.get('Why'), 0, 3]])")
    assert (
        page.evaluate(f"{STALE}.filter(({{ element }}) => element.getBoundingClientRect().top < innerHeight).length")
        == 0
    )
    page.evaluate("(change([[byKey.get('Why'), 0, 4]]), sections.at(-2).scrollIntoView())")
    page.wait_for_function(
        f"() => {STALE}.length > 0 && !{STALE}.some(({{ element }}) => element.closest('section') === sections.at(-2))"
    )
    page.wait_for_function(f"() => {STALE}.length === 0", timeout=5000, polling=200)  # to look takes time of its own


def test_numbers_stay_as_they_were_typed_as_long_as_they_are_not_changed(opened: Opened) -> None:
    page = opened(walked({"word": "2e-3,.5 0.1234567,1", "inputs": "a,b", "linear": "s", "target": "1.50"}))
    told = "() => [document.title, ...[...document.querySelectorAll('h2, .network .read')].map((each) => each.textContent)]"
    before = page.evaluate(told)
    assert before[0] == "rnnwalk: 2e-3,.5 0.1234567,1"
    page.evaluate("learn(1)")
    page.wait_for_function("!running")
    assert page.evaluate(told) == before
    page.evaluate("change([[byKey.get('x_1'), 0, 0.25]])")
    assert page.evaluate("document.title") == "rnnwalk: 0.25,0.5 0.1234567,1"


def test_a_number_is_typed_over_what_stands_there_and_a_refusal_goes_with_the_next_change(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}), "#Whh")
    page.focus("#value")
    page.keyboard.type("abc")
    page.keyboard.press("Enter")
    assert page.input_value("#value") == "abc" and page.inner_text(".wrong")
    page.focus("#tools button")
    page.evaluate("learn(100)")
    page.evaluate("change([[byKey.get('Whh'), 0, 0.5]])")  # a change ends a run
    assert not page.evaluate("running")
    assert (page.input_value("#value"), page.inner_text(".wrong")) == ("0.5", "")


def test_what_was_changed_is_still_there_after_a_reload_and_by_back_until_it_is_reset(opened: Opened) -> None:
    walk = walked({"word": "hello"})
    page = opened(walk, "#Whh")
    change = "(list) => change(list.map(([name, at, value]) => [byKey.get(name), at, value]))"
    setting = walk.names.labels[rate(walk)].key
    page.evaluate(change, [["Whh", 0, 0.9], ["h_0", 1, 0.5], [setting, 0, 0.01], ["x_2", 1, 0], ["x_2", 2, 1]])
    page.evaluate("(choose('x_2', 0, 2), train(3), show())")
    all_values = "values.map((value) => [...value.data])"
    told, before = page.inner_text("#loss"), page.evaluate(all_values)
    for come_back in (page.reload, lambda: (page.goto("about:blank"), page.go_back())):
        come_back()
        page.wait_for_function("() => document.readyState === 'complete'")
        assert page.evaluate(all_values) == before
        assert page.inner_text("#loss") == told
        assert page.title() == "rnnwalk: hlllo"
        assert page.inner_text("#asked .here") == "Whh"
    page.reload()
    page.wait_for_function(
        "() => document.getElementById('note').textContent.startsWith('Your changes are still here.')"
    )
    page.click("#reset")
    assert near(loss(page), walk.loss)
    page.reload()
    page.wait_for_function("() => document.readyState === 'complete'")
    assert page.inner_text("#loss") == "loss 6.811275"
    assert page.is_disabled("#reset") and page.inner_text("#note") == ""


def test_after_a_reload_changed_numbers_are_those_of_numpy(opened: Opened) -> None:
    walk = walked({"word": ["hello", "hallo"], "cell": "gru"})
    page = opened(walk)
    other = replace(walk.problem.model, weights=walk.problem.model.weights._replace(Whn=np.eye(3) / 3))
    expected = Walk(walk.problem._replace(model=other), backward=True)
    page.evaluate(
        "(data) => change(data.map((value, at) => [byKey.get('Whn'), at, value]))", (np.eye(3) / 3).ravel().tolist()
    )
    page.reload()
    assert near(loss(page), expected.loss)
    assert near(page.evaluate("[...values[byKey.get('Whn_new')].data]"), expected["Whn_new"].value)


def test_what_diverged_comes_back_as_what_it_is(opened: Opened) -> None:
    page = opened(walked({"word": "8", "inputs": "a", "linear": "sum", "target": "3"}))
    page.evaluate("(change([[byKey.get('lr') ?? byKey.get('rate'), 0, 1e9]]), train(100), show())")
    given = "[[...given].map(([i, data]) => [i, [...data].map(String)]), String(lossNow())]"
    before = page.evaluate(given)
    assert not np.isfinite(float(before[1]))
    page.reload()
    assert page.evaluate(given) == before


def test_formulas_without_numbers_stay_so_after_an_edit_and_a_key_moves_a_large_number_by_a_small_step(
    opened: Opened,
    run: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    assert run("walk", "hello", "--formulas", "symbols", "--save", "symbols.html").code == 0
    page = opened(tmp_path / "symbols.html")
    typed(page, "Wxh[1,h]", 10.0)
    lines = "[...document.querySelectorAll('[data-line]')].map((each) => each.textContent).filter((each) => each.startsWith('loss'))"
    assert {text.count(" = ") + text.count(" ≈ ") for text in page.evaluate(lines)} == {2}
    page.press("#slider", "ArrowLeft")
    page.wait_for_function("number(...find('Wxh[1,h]')) < 10")
    assert page.evaluate("number(...find('Wxh[1,h]'))") > 9


def test_a_page_rounds_as_python_does(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}))
    ties = [(n / 2**k, digits) for k in range(1, 8) for n in range(-300, 300) for digits in (k - 1, k)]
    huge = [(n * 10.0**k, 6) for n in (1.5, 2.5, 1.000005, 1.000015, 9.999995, -3.25) for k in (6, 9, 12, 20)]
    numbers = [*ties, *huge, (5e-7, 6), (0.15, 1), (-4e-7, 6), (2.5e-300, 1)]
    found = page.evaluate("(all) => all.map(([value, digits]) => shown(value, digits))", numbers)
    assert found == [number(value, digits) for value, digits in numbers]


@pytest.mark.parametrize("case", sampled(ALL, "rnn", "gru"))
def test_the_panel_says_of_each_line_what_the_page_says(opened: Opened, case: str) -> None:
    page = opened(walked(ALL[case]))
    told = page.evaluate(
        "lines.map(({ element, i, at, symbols, numbers }) => [element.textContent, plain(line(i, at, symbols, numbers).join(''))])"
    )
    assert len(told) > 30
    assert [each for each in told if each[0] != each[1]] == []
