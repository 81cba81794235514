"""The saved page in a real browser, against NumPy on the same, edited, model."""

import ast
import json
import math
import re
import runpy
import shlex
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from rnnwalk.engine.notes import as_dict
from rnnwalk.errors import InputError
from rnnwalk.model.text_rules import TextRules
from rnnwalk.render.page.page import chunks
from rnnwalk.tasks.training import Training
from rnnwalk.trace.record import replay
from rnnwalk.views.walkthrough import Choice
from rnnwalk.walks.walk import Walk
from tests.examples import pose, sampled
from tests.page.conftest import Opened

WORKSHEETS = Path(__file__).parents[2] / "worksheets"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
HOSTILE = "</script>a<b>&\"'é한👩‍🏫`${x}\\"
EVERY: dict[str, dict[str, Any]] = {
    "rnn": {"word": "hello"},
    "matrix": {"word": "banana", "hidden": 3, "seed": 2},
    "lstm": {"word": "abca", "cell": "lstm", "hidden": 2},
    "gru": {"word": "abca", "cell": "gru", "hidden": 2},
    "gru of PyTorch": {"word": "ab", "cell": "gru", "form": "pytorch", "hidden": 2},
    "words": {"word": "we love deep learning", "by": "word", "embedding": 2},
    "hostile": {"word": HOSTILE},
    "saturated": {"word": "aba", "hidden": 2, "dense": "3:sigmoid,2:relu", "cell": "lstm"},
}
TASKS: dict[str, dict[str, Any]] = {
    "classes": {"word": "abb", "vocab": "ab", "classes": "no,yes", "target": "yes", "dense": "2:tanh"},
    "numbers": {"word": "1,2 3,4", "inputs": "a,b", "linear": "sum", "target": "3"},
    "sentiment": {"example": "sentiment"},
    "study": {"example": "study"},
}
BESIDE: dict[str, dict[str, Any]] = {
    "beside": {"word": ["hello", "holle", "hoell"], "hidden": 2},
    "answers beside": {"word": ["not bad", "so good"], "by": "word", "classes": "no,yes", "target": ["yes", "no"]},
    "numbers beside": {"word": ["1 2", "3 4"], "inputs": "a", "linear": "sum,rest", "target": ["3,0", "7,1"]},
}
ALL = EVERY | TASKS | BESIDE
# What a page says, piece by piece. A question may be asked of one model and not of another.
TEXTS = """() => [...document.querySelectorAll("h1, main :is(h2, p, td, th, pre, caption, text)")]
    .filter((each) => !each.closest("details.dated, #changed"))
    .map((each) => [each.textContent.replaceAll("*", ""), Boolean(each.closest(".dated"))])"""
# What lines say, and what is underlined above them.
FOLLOWED = "[lines.map(({ element }) => element.textContent), cells.map(({ element }) => element.matches('.lit'))]"
# Lines of which the page says the same as it was written with, but in other colours.
RECOLOURED = """() => lines.filter(({ element, i, at, symbols }) => {
    const again = document.createElement("code");
    again.append(...coloured(line(i, at, symbols).join("")));
    return again.textContent === element.textContent && again.innerHTML !== element.innerHTML;
}).map(({ element }) => element.outerHTML)"""


# Resolves when the page has stood still for some frames.
STILL = "() => new Promise((done) => { let y = NaN, n = 0; const look = () => { n = y === scrollY ? n + 1 : 0; y = scrollY; if (n > 9) done(true); else requestAnimationFrame(look); }; look(); })"


def walked(options: dict[str, Any], backward: bool = True) -> Walk:
    """The walk of these options: of the same, the same one, whose page is written once."""
    return _walked(repr(options), backward)


@cache
def _walked(options: str, backward: bool) -> Walk:
    asked = ast.literal_eval(options)
    word, target = asked.pop("word", None), asked.pop("target", None)
    from rnnwalk.model.options import ModelOptions
    from rnnwalk.model.pose import pose as posed

    problem = posed(word, ModelOptions(**asked), target)
    return Walk(problem, backward=backward and bool(problem.targets))


def numbers(page: Any) -> list[list[float]]:
    found: list[list[float]] = page.evaluate("values.map((value) => [...value.data])")
    return found


def near(found: Any, expected: Any, most: float = 1e-12) -> bool:
    """Whether all are; NaN never is."""
    found, expected = np.ravel(found), np.ravel(expected)
    return bool((np.abs(found - expected) <= most * (1 + np.abs(expected))).all())


@pytest.mark.parametrize("case", sampled(ALL, "lstm", "beside"))
def test_every_number_is_computed_again_as_numpy_does_also_from_other_weights(opened: Opened, case: str) -> None:
    walk = walked(ALL[case])
    page = opened(walk)
    named = [node for node in walk.trace.nodes if node.path]
    keys = [walk.names.labels[node].key for node in named]
    again = page.evaluate(
        "(keys) => { const all = evaluate(nodes, new Map()); return keys.map((k) => [...all[byKey.get(k)].data]); }",
        keys,
    )
    assert all(near(values, node.value) for values, node in zip(again, named, strict=True))
    rng = np.random.default_rng(3)
    given = [node for node in named if node.op == "input" and walk.names.labels[node].group in ("weight", "initial")]
    other = {node: rng.normal(size=node.shape) for node in given}
    edits = [[walk.names.labels[node].key, values.ravel().tolist()] for node, values in other.items()]
    edited = page.evaluate(
        "([keys, edits]) => { const given = new Map(edits.map(([k, v]) => [byKey.get(k), Float64Array.from(v)]));"
        "const all = evaluate(nodes, given); return keys.map((k) => [...all[byKey.get(k)].data]); }",
        [keys, edits],
    )
    expected = replay(walk.trace, {node.path: values for node, values in other.items()})
    assert all(near(values, expected[node], 1e-10) for values, node in zip(edited, named, strict=True))


@pytest.mark.parametrize("case", sampled([case for case in ALL if case != "hostile"], "rnn", "beside"))
def test_an_edited_page_reads_like_the_page_of_the_edited_model_but_for_what_is_grey(opened: Opened, case: str) -> None:
    walk, rng = walked(ALL[case]), np.random.default_rng(5)
    problem = walk.problem
    new = {name: rng.normal(size=w.shape) for name, w in as_dict(problem.model.weights).items()}
    weights = problem.model.weights._replace(**new)
    turned = problem.symbols[::-1] if problem.model.task.inputs is None else problem.symbols
    other = Walk(
        problem._replace(model=replace(problem.model, weights=weights), symbols=turned), backward=walk.backward
    )
    given = [node for node in other.trace.nodes if node.op == "input" and node.path]
    page = opened(walk)
    assert page.evaluate(RECOLOURED) == []
    page.evaluate(
        "(all) => { given = new Map(all.map(([k, v]) => [byKey.get(k), Float64Array.from(v)])); compute(); renewWaiting(Infinity); }",
        [[other.names.labels[node].key, node.value.ravel().tolist()] for node in given],
    )
    found = page.evaluate(TEXTS)
    lines, lit = page.evaluate(FOLLOWED)
    assert page.evaluate("lines.every(({ element }) => element.querySelector('span'))")
    page = opened(other)
    expected = page.evaluate(TEXTS)
    assert len(found) == len(expected) > 50
    assert [(a, b) for (a, grey), (b, _) in zip(found, expected, strict=True) if a != b and not grey] == []
    assert [each for each in zip(lines, page.evaluate(FOLLOWED)[0], strict=True) if len(set(each)) > 1] == []
    assert lit == page.evaluate(FOLLOWED)[1]


def test_a_number_says_how_it_was_made_and_where_it_goes(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}), "#h_2[1]")
    told = page.inner_text("#asked")
    assert "h₂[1] = tanh((Wxh·x₂)[1] + (Whh·h₁ + b)[1]) = tanh(0.846060 + 0.863014) = tanh(1.709074) = 0.936534" in told
    assert page.locator("#asked .list").nth(0).locator("button").all_inner_texts() == [
        "(Wxh·x₂)[1] 0.846060",
        "(Whh·h₁ + b)[1] 0.863014",
    ]
    assert "y₂[h] 1.906075" in page.locator("#asked .list").nth(1).inner_text()
    lists = (
        "(name) => (ask(...find(name)), [...document.querySelectorAll('#asked .list')].map((each) => each.textContent))"
    )
    assert (
        page.evaluate(lists, "Wxh_x_2[1]")[0]
        == "◂ Made of: Wxh[1,e] 0.846060x₂[e] 1and, in products that are 0, 6 more"
    )
    goes = page.evaluate(lists, "x_1[e]")[1]
    assert goes.startswith("▸ Goes into: (Wxh·x₁)[1] 0.287027")
    assert goes.endswith("in products that are 0")
    page.evaluate(lists, "h_2[1]")
    page.click("text=(Whh·h₁ + b)[1] 0.863014")
    assert page.url.endswith("#Whh_h_2[1]")
    page.click(".trail >> text=h₂[1]")
    assert page.locator("table.matrix td.now").first.text_content() == "0.936534"


def test_the_panel_covers_neither_the_number_that_is_clicked_nor_what_it_is_made_of(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}))
    cell = page.locator("section[data-letter='2'] td[data-n]", has_text="0.936534").first
    cell.evaluate("(each) => each.scrollIntoView({ block: 'end' })")
    assert page.evaluate(STILL)
    cell.click()
    assert page.evaluate(STILL)
    around = "(each) => [...each.closest('section').querySelectorAll('td:is(.now, .source)')].map((one) => one.getBoundingClientRect())"
    found = cell.evaluate(around)
    panel = page.evaluate("asked.getBoundingClientRect().top")
    assert len(found) == 3
    assert [each for each in found if not 100 < each["top"] < each["bottom"] < panel] == []
    assert not page.is_visible("#glance")  # what came under the pointer, which rests, is not pointed at
    page.evaluate("scrollTo(0, 0)")
    page.select_option("select[aria-label='letter 3']", label="o")
    assert page.evaluate(STILL)
    assert page.evaluate("scrollY") == 0  # who looks elsewhere stays there


def test_the_powers_of_softmax_and_all_sums_can_be_asked(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}), "#exp_y_2[h]")
    power = math.exp(1.906075)
    assert f"e^y₂[h] = e^1.906075 ≈ {power:.4f}" in page.inner_text("#asked")
    assert "Σe^y₂ " in page.locator("#asked .list").nth(1).inner_text()
    numbers = "(each) => [...each.cells].slice(1, 5).map((cell) => cell.dataset.n !== undefined || cell.textContent)"
    rows = page.evaluate(
        f"[...[...document.querySelectorAll('table:has(meter)')].find((each) => each.textContent.includes('e^y')).rows].slice(1).map({numbers})"
    )
    assert rows == [[True] * 4] * 4 + [["", True, True, True]]
    page.evaluate("ask(byKey.get('sum_p_2'), 0)")
    assert page.inner_text("#asked .told").startswith("Σp₂ = p₂[h] + p₂[e] + p₂[l] + p₂[o] = ")


def test_what_is_said_has_a_bar_and_a_row_also_after_a_change(opened: Opened) -> None:
    walk = walked({"word": "zebra", "vocab": "abcdefghijklmnopqrstuvwxyz", "hidden": 2})
    rows = "[...document.querySelectorAll('table[data-ranked]')].map((each) => [...each.querySelectorAll('tr[data-row]')].map(({ cells }) => [...cells].slice(0, 6).map((cell) => cell.textContent)))"
    bars = "[...document.querySelectorAll('.network [data-head]')].map((each) => each.textContent)"
    steps = "[...document.querySelectorAll('[data-chosen*=said]')].map((each) => each.textContent)"
    weights = walk.problem.model.weights
    assert weights.by is not None
    by = weights.by.copy()
    by[walk.problem.model.vocabulary.index("x"), 0] = 9
    model = replace(walk.problem.model, weights=weights._replace(by=by))
    page = opened(Walk(walk.problem._replace(model=model), backward=True))
    expected = page.evaluate(rows), page.evaluate(bars), page.evaluate(steps)[:4]
    page = opened(walk)
    before = page.evaluate(rows), page.evaluate(bars), page.evaluate(steps)
    assert "x" not in before[1]
    page.evaluate("(by) => change(by.map((each, at) => [byKey.get('by'), at, each]))", by.ravel().tolist())
    page.evaluate("renewWaiting(Infinity)")
    assert (page.evaluate(rows), page.evaluate(bars), page.evaluate(steps)[:4]) == expected
    assert page.evaluate(steps)[1].startswith("q₁[x] = ")
    share = page.locator(".network .hit[data-i='23'] >> nth=0").evaluate(
        "(each) => +each.previousElementSibling.getAttribute('width') / 46"
    )
    assert share == pytest.approx(float(page.evaluate("column('p_1', 0)[23]")), abs=0.01)
    page.click("#reset")
    page.evaluate("renewWaiting(Infinity)")
    assert (page.evaluate(rows), page.evaluate(bars), page.evaluate(steps)) == before


def test_the_numbers_of_summaries_can_be_asked_by_pointer_and_by_keys(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}))
    table = page.locator("table.grid", has_text="p(truth)").first
    table.locator("span[data-n]", has_text="20.5 %").click()
    assert page.inner_text("#asked .told").startswith("p₁[e] = ")
    page.keyboard.press("Escape")
    assert page.evaluate("key(...named(document.activeElement))") == "p_1[e]"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("key(...named(document.activeElement))") == "p_2[l]"
    page.evaluate("choose('x_3', 0, 3)")  # what is true after letter 2 is “o” now
    assert page.evaluate("key(...named(document.activeElement))") == "p_2[o]"
    assert page.evaluate("document.activeElement.matches('.differs')")


def test_a_changed_weight_gives_the_loss_that_numpy_gives_and_comes_back(opened: Opened, tmp_path: Path) -> None:
    walk = walked({"word": "hello"})
    page = opened(walk, "#Whh")
    page.fill("#value", "0.9")
    page.press("#value", "Enter")
    model = walk.problem.model
    edited = replace(model, weights=model.weights._replace(Whh=np.array([[0.9]])))
    expected = Walk(walk.problem._replace(model=edited)).loss
    assert page.inner_text("#loss") == f"loss {expected:.6f}"
    assert page.locator("td.differs").count() > 0
    with page.expect_download() as waiting:
        page.click("text=Download weights")
    waiting.value.save_as(tmp_path / "weights.json")
    again = pose(weights=str(tmp_path / "weights.json"))
    assert Walk(again).loss == pytest.approx(expected, abs=1e-15)
    page.click("#undo")
    assert page.inner_text("#loss") == "loss 6.811275"
    assert page.locator("td.differs").count() == 0
    for leave, by in ((page.keyboard.press, "Escape"), (page.click, ".close")):
        page.evaluate("ask(byKey.get('Whh'), 0)")
        page.fill("#value", "0.7")  # and not entered
        leave(by)
        assert not page.is_visible("#asked")
        assert page.inner_text("#loss") == "loss 6.811275"
        assert page.is_disabled("#undo")


def test_another_letter_is_read_and_is_what_the_one_before_it_should_have_said(opened: Opened) -> None:
    walk = walked({"word": "hello"})
    page = opened(walk)
    page.select_option("select[aria-label='letter 2']", label="o")
    expected = Walk(pose("hollo", weights=walk.problem.model)).loss
    assert page.inner_text("#loss") == f"loss {expected:.6f}"
    page.keyboard.press("Control+z")
    assert page.inner_text("#loss") == "loss 6.811275"
    page.select_option("select[aria-label='letter 2']", label="o")
    page.click("#reset")
    assert page.inner_text("#loss") == "loss 6.811275"


def test_a_hundred_steps_of_learning_are_those_of_training(opened: Opened) -> None:
    walk = walked({"word": "hello"})
    page = opened(walk)
    page.click("text=100 steps")
    page.wait_for_function("learned.losses.length === 101")
    training = Training(walk.problem.model, ["hello"], rate=0.1)
    list(training.epochs(100))
    for name, expected in training.model.weights._asdict().items():
        if expected is not None:
            found = page.evaluate("(name) => [...values[byKey.get(name)].data]", name)
            assert near(found, expected, 1e-9)
    assert page.inner_text("#said") == "after 100 steps it says “ello”"
    page.evaluate("renewWaiting(Infinity)")
    followed = page.evaluate("lines.map(({ i, at }) => key(i, at))")
    assert "y_1[e]" in followed  # as it is said now
    assert followed == opened(Walk(walk.problem._replace(model=training.model), backward=True)).evaluate(
        "lines.map(({ i, at }) => key(i, at))"
    )
    page = opened(walk)
    page.click("text=100 steps")
    page.click("#undo")
    assert page.inner_text("#loss") == "loss 6.811275"
    page.evaluate("renewWaiting(Infinity)")
    assert "y_1[h]" in page.evaluate("lines.map(({ i, at }) => key(i, at))")


def test_a_page_is_walked_and_asked_by_keys_alone(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("open") == 2
    cell = page.locator("table.matrix td[data-n]").first
    cell.focus()
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#glance") == page.text_content("#spoken") == "Wxh[1,e] = 0.846060"
    assert page.evaluate("[asked.hidden, trail.length]") == [True, 0]  # the focus passes by; Enter asks
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "value"
    page.keyboard.press("Escape")
    assert not page.locator("#asked").is_visible()
    assert page.evaluate("key(...named(document.activeElement))") == "Wxh[1,e]"
    stops = "[...document.querySelectorAll('main table:has([data-n])')].map((each) => each.querySelectorAll('[tabindex=\"0\"]').length)"
    assert set(page.evaluate(stops)) == {1}
    table = (
        "[...document.querySelectorAll('table.grid')].find((each) => each.querySelectorAll('td[data-n]').length > 8)"
    )
    page.evaluate(f"{table}.querySelector('[tabindex]').focus()")
    before = page.evaluate("document.activeElement.parentElement.rowIndex")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.parentElement.rowIndex") == before + 1
    page.evaluate("delete document.activeElement.nextElementSibling.dataset.n")
    cells = page.evaluate("document.activeElement.cellIndex")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.cellIndex") == cells + 2


def test_an_address_is_where_the_page_stands_still_and_the_way_back_leads_there(opened: Opened) -> None:
    walk = walked({"word": "hello"})
    page = opened(walk, "#h_4[3]", reduced_motion="no-preference")
    stands = """(number) => {
        const cell = [...document.querySelectorAll("table.matrix td.now")].find((each) => each.closest("section") === sections[open]);
        const { top, bottom } = cell?.getBoundingClientRect() ?? {};
        return cell?.textContent === number && top > tools.offsetHeight && bottom < asked.getBoundingClientRect().top;
    }"""
    assert page.evaluate(STILL)
    assert page.evaluate(stands, "0.906534")
    assert "Letter 4" in page.evaluate("sections[open].querySelector('h2').textContent")
    page.evaluate("ask(byKey.get('h_2'), 0)")
    page.go_back()
    page.locator(".here", has_text="h₄[3]").wait_for()
    assert page.evaluate(STILL)
    assert page.evaluate(stands, "0.906534")
    page.evaluate("(slider.value = 36, slider.dispatchEvent(new Event('input')))")
    assert page.evaluate(STILL)
    assert page.evaluate("sections[36].getBoundingClientRect().top - tools.offsetHeight") == pytest.approx(8, abs=2)
    for name, title in (("p_2[e]", "2 “e” · Step 7"), ("m_2", "2 “e” · Step 7"), ("loss", "The whole word")):
        page.evaluate("(name) => (location.hash = name)", name)
        page.wait_for_function("(name) => now && key(...now) === name", arg=name)
        assert page.evaluate(STILL)
        here = page.evaluate("sections[open].querySelector('h2').textContent")
        assert title in here, name
        seen = "(each) => each.getBoundingClientRect().top"
        assert 50 < page.evaluate_handle("sections[open].querySelector('.now')").evaluate(seen) < 500
    page.evaluate("location.hash = 'h_9[1]'")
    page.wait_for_selector("text=There is no number “h_9[1]” on this page")
    for name in ("Wxh[2,3]", "Wxh[2, l]", "h₂[1]", "h2[1]", "(Whh·h₁ + b)[3]", "y_2[4]", "loss"):
        assert page.evaluate("(name) => key(...find(name))", name) == walk.names.key(*walk.names.find(name)), name
    for name in ("Wxh[1,9]", "h_2[e]", "Why[0,1]"):
        with pytest.raises(InputError):
            walk.names.find(name)
        assert page.evaluate("find", name) is None


def test_the_slider_follows_where_one_scrolls_and_the_address_leads_there(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}))
    page.mouse.move(500, 500)
    page.mouse.wheel(0, 6000)
    page.wait_for_function("() => open > 2")
    assert page.evaluate(STILL)
    page.wait_for_timeout(300)  # sections that came near have their true height now
    here = page.evaluate("sections[open].getBoundingClientRect()")
    assert here["top"] < 150 < here["bottom"]
    assert page.evaluate("+slider.value") == page.evaluate("open")
    step = page.evaluate("open")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(STILL)
    assert page.evaluate("open") == step + 1
    page.wait_for_function("(step) => location.hash === `#part-${step}`", arg=step + 1)
    page.reload()
    page.wait_for_function("(step) => open === step", arg=step + 1)
    last = page.evaluate("sections.length - 1")  # what no scrolling brings to the top
    page.evaluate("go(1000)")
    assert page.evaluate(STILL)
    assert page.evaluate("open") == last


def test_a_number_is_told_while_the_pointer_is_on_it_and_what_is_kept_stays(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}), "#h_2[1]")
    assert page.evaluate(STILL)  # what scrolls away under the pointer is not hovered any more
    page.locator("table.matrix td.source", has_text="0.846060").first.hover()
    page.wait_for_selector("#glance:visible")
    assert page.inner_text("#glance").startswith("(Wxh·x₂)[1] = ")
    assert page.evaluate("document.querySelector('td.now').textContent") == "0.846060"
    assert page.locator("#asked .told").inner_text().startswith("h₂[1] = ")
    page.mouse.move(2, 2)
    page.wait_for_selector("#glance", state="hidden")
    assert page.evaluate("document.querySelector('table.matrix td.now').textContent") == "0.936534"
    assert page.locator(".trail button").count() == 1


def test_a_number_that_has_nothing_to_do_with_the_last_begins_another_trail(opened: Opened) -> None:
    page = opened(walked({"word": "hello"}), "#h_2[1]")
    lengths = []
    for name in ("h_1", "Wxh_x_1", "Wxh", "p_4", "q_4"):  # each made of the next, but for p₄
        page.evaluate("(name) => ask(byKey.get(name), 0)", name)
        lengths.append(page.locator(".trail button").count())
    assert lengths == [1, 2, 3, 1, 2]


def test_each_true_answer_has_a_bar_and_a_picture_without_all_says_so(opened: Opened) -> None:
    page = opened(walked({"word": "hey", "vocab": "abcdefghijklmnopqrstuvwxyz"}))
    sides = page.locator(".network .side").all_text_contents()
    assert {"e", "y", "16 of 26"} <= set(sides)
    page.evaluate("choose('x_2', 0, 25)")  # hzy: now z is true, after h
    assert {"z", "y"} <= set(page.locator(".network .side").all_text_contents())


def test_a_symbol_that_no_word_holds_is_not_offered(opened: Opened) -> None:
    problem = walked({"word": "hell", "vocab": "helo"}).problem
    page = opened(Walk(problem._replace(model=replace(problem.model, vocabulary=("h", "e", "l", "<s>")))))
    assert page.locator(".word select").first.locator("option").all_text_contents() == ["h", "e", "l"]


def test_learning_that_diverges_stops_and_what_no_file_holds_is_not_saved(opened: Opened) -> None:
    page = opened(walked({"word": "8", "inputs": "a", "linear": "sum", "target": "3"}), "#Wxh")
    for value in ("1e101", "0,5", ""):
        page.fill("#value", value)
        page.press("#value", "Enter")
        assert "no number here" in page.inner_text(".wrong")
    assert page.is_disabled("#undo")
    page.evaluate("change([[byKey.get('lr') ?? byKey.get('rate'), 0, 1e9]])")
    page.click("text=100 steps")
    assert "the loss is no number any more: take a smaller learning rate" in page.inner_text("#said")
    assert "NaN" not in (page.get_attribute("#curve polyline", "points") or "NaN")
    assert len(page.evaluate("learned.losses")) < 101
    page.click("text=Download weights")
    assert page.inner_text("#note").startswith("Not saved: ")
    page.click("text=Undo run")
    assert page.evaluate("Number.isFinite(lossNow())")
    assert page.inner_text("#note") == ""
    page = opened(walked({"example": "sum"}))
    page.evaluate("change(['Wxh', 'Whh', 'Why'].map((name) => [byKey.get(name), 0, 9e99]))")
    page.click("text=Download weights")  # each weight fits a file; what they make fits no float
    assert (
        page.inner_text("#note")
        == "Not saved: these numbers make Whh·h₃ too large to be walked. Undo or Reset goes back."
    )


def test_where_scores_are_too_large_for_a_computer_the_page_says_which_number_is_and_nothing_breaks(
    opened: Opened,
) -> None:
    page = opened(walked({"word": "abb", "vocab": "ab", "dense": "2:relu,3:relu,3:relu"}))
    weights = (
        "nodes.flatMap((node, i) => (node.group === 'weight' ? [...node.data.keys()].map((at) => [i, at, 9e99]) : []))"
    )
    page.evaluate(f"(change({weights}), renewWaiting(Infinity))")
    assert "too large for a computer" in page.inner_text("#note")
    name = page.inner_text("#note").removeprefix("These numbers make ").split(" too ")[0]
    assert page.evaluate(
        "(name) => nodes.some((node, i) => node.key && node.data.some((_, at) => symbol(i, at) === name && !Number.isFinite(number(i, at))))",
        name,
    )
    assert page.text_content(".network .said") == "none"
    page.evaluate("ask(byKey.get('p_1'), 0)")
    assert page.inner_text("#asked .told").endswith("= undefined")
    assert "NaN" not in page.inner_text("main")
    page.click("text=Undo")
    page.evaluate("renewWaiting(Infinity)")
    assert page.inner_text("#note") == ""
    assert "undefined" not in page.inner_text("main")


def test_undoing_a_step_of_learning_goes_back_on_the_curve_and_no_undo_leads_forward(opened: Opened) -> None:
    walk = walked({"word": "hello"})
    page = opened(walk)
    for _ in range(5):
        page.click("text=Learn: 1 step")
    page.click("text=Undo step")
    assert page.inner_text("#said").startswith("after 4 of 5 steps it says")
    assert page.evaluate("learned.losses.length") == 6
    page.evaluate("rewind(2)")
    page.click("text=Undo step")
    assert page.inner_text("#said").startswith("after 1 of 5 steps it says")
    page.evaluate("rewind(0)")
    assert page.is_disabled("#undo")
    page.evaluate("(rewind(5), change([[byKey.get('Why'), 0, 3]]))")  # a curve of its own begins
    assert not page.is_visible("#curve")
    page.evaluate("learn(300)")
    assert page.evaluate("[learned.from, learned.reached, +document.getElementById('rewind').min]") == [0, 300, 0]
    page.click("text=Undo run")
    page.click("#undo")
    assert page.inner_text("#said").startswith("after 5 steps it says")
    training = Training(walk.problem.model, ["hello"], rate=0.1)
    list(training.epochs(5))
    assert near(page.evaluate("[...values[byKey.get('Why')].data]"), training.model.weights.Why, 1e-9)


def test_one_can_go_back_to_any_step_of_learning_and_is_told_of_the_last_alone(opened: Opened) -> None:
    walk = walked({"word": "hello"})
    page = opened(walk, reduced_motion="no-preference")
    page.evaluate("""() => {
        window.told_of = [];
        new MutationObserver(() => told_of.push(document.getElementById("spoken").textContent)).observe(document.getElementById("spoken"), { childList: true });
        learn(5);
    }""")
    page.locator("#spoken", has_text="after 5 steps").wait_for(state="attached")
    assert page.evaluate("told_of") == [f"{page.inner_text('#loss')}, {page.inner_text('#said')}"]
    page.evaluate(
        "(document.getElementById('rewind').value = 2, document.getElementById('rewind').dispatchEvent(new Event('input')))"
    )
    training = Training(walk.problem.model, ["hello"], rate=0.1)
    list(training.epochs(2))
    assert near(page.evaluate("[...values[byKey.get('Why')].data]"), training.model.weights.Why, 1e-9)
    assert page.inner_text("#said").startswith("after 2 of 5 steps it says")
    width = page.locator("#curve").bounding_box()["width"]
    page.click("#curve", position={"x": 0.8 * width, "y": 5})
    assert page.inner_text("#said").startswith("after 4 of 5 steps it says")


SAVED: dict[str, tuple[dict[str, Any], str]] = {
    "word": ({"word": "hello"}, "choose('x_2', 0, 2); choose('target_4', 0, 0); change([[byKey.get('h_0'), 1, 0.5]])"),
    "class": (
        {"word": "ab ba", "by": "word", "vocab": "ab ba", "classes": "no,very much", "target": "no"},
        "choose('x_1', 0, 1); choose('target_2', 0, 1)",
    ),
    "numbers": (TASKS["numbers"], "change([[byKey.get('x_2'), 1, -1.5], [byKey.get('target_2'), 0, 7]])"),
    "padded": (TASKS["sentiment"], "choose('x_2', 0, 3)"),
    "several": (BESIDE["answers beside"], "choose('x_1', 0, 1)"),
}


@pytest.mark.parametrize("case", sampled(SAVED, "numbers", "several"))
def test_the_file_that_is_saved_is_the_walk_on_the_screen(opened: Opened, tmp_path: Path, case: str) -> None:
    options, edit = SAVED[case]
    walk = walked(options)
    page = opened(walk)
    page.evaluate(edit)
    with page.expect_download() as waiting:
        page.click("text=Download weights")
    waiting.value.save_as(tmp_path / "weights.json")
    named = json.loads((tmp_path / "weights.json").read_text("utf-8"))
    assert ("word" in named) == (case != "several")
    command = shlex.split(page.inner_text("#note code"))[2:]
    again = Walk(cli_posed(command, tmp_path), backward=True)
    assert near(page.evaluate("lossNow()"), again.loss)
    assert not near(again.loss, walk.loss)
    assert page.evaluate("untold()") == ""


def test_what_no_weight_file_holds_is_said_where_one_is_saved(opened: Opened) -> None:
    page = opened(walked(BESIDE["beside"]))
    page.evaluate("change([[byKey.get('h_0'), 1, 0.5]])")  # of the second word
    page.click("text=Download weights")
    assert page.inner_text("#note").startswith("A weight file holds one initial state: here that of the first word. ")
    problem = walked({"word": "so good bad", "by": "word", "vocab": "<pad> so good bad", "classes": "no,yes"}).problem
    model = replace(problem.model, task=problem.model.task._replace(text=TextRules(maxlen=3)))
    page = opened(Walk(problem._replace(model=model)))
    page.evaluate("choose('x_1', 0, 0)")
    assert page.evaluate("untold()") == ""
    page.evaluate("choose('x_3', 0, 0)")
    page.click("text=Download weights")
    assert "A text holds no “<pad>”: it is walked with it at its beginning alone. " in page.inner_text("#note")


def cli_posed(command: list[str], folder: Path) -> Any:
    """What the command that a page names walks."""
    from rnnwalk.model.options import ModelOptions
    from rnnwalk.model.pose import pose as posed

    words, targets = list[str](), list[str]()
    rest = iter(command)
    for part in rest:
        if part == "--target":
            targets.append(next(rest))
        elif part == "--weights":
            assert next(rest) == "weights.json"
        elif part != "--":
            words.append(part)
    return posed(words or None, ModelOptions(weights=str(folder / "weights.json")), targets or None)


def test_a_typed_rank_is_a_word_that_the_word_before_it_should_have_named(opened: Opened) -> None:
    options = {"by": "word", "inputs": "ranks", "vocab": "cats love so we"}
    page = opened(walked({"word": "we love cats", **options}))
    page.evaluate("ask(byKey.get('x_2'), 0)")
    page.fill("#value", "3")
    page.press("#value", "Enter")
    loss = walked({"word": "we so cats", **options}).loss
    assert page.evaluate("number(byKey.get('loss'), 0)") == pytest.approx(loss, rel=1e-12)
    assert page.evaluate("weightFile().word") == "we so cats"
    page.fill("#value", "0.5")
    page.press("#value", "Enter")
    assert "give a word's rank, a whole number from 0 to 4" in (page.text_content("#asked") or "")
    assert page.evaluate("weightFile().word") == "we so cats"


def test_a_page_reads_without_script(browser: Browser, file_of: Callable[[Walk], Path]) -> None:
    page = browser.new_page(offline=True, java_script_enabled=False)
    page.goto(file_of(walked({"word": "hello"})).as_uri())
    text = page.text_content("main") or ""
    page.close()
    assert "0.936534" in text
    assert "The network, unrolled" in text


@pytest.mark.parametrize("width", sampled([360, 1100], 360))
def test_no_page_is_wider_than_its_window(opened: Opened, width: int) -> None:
    page = opened(walked(TASKS["sentiment"]), viewport={"width": width, "height": 800})
    letters = "for (const n of Array(40).keys()) document.querySelector('.word').append(selector('x_1', 0, ['a'], ''))"
    page.evaluate(letters)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("(document.getElementById('more').open = true, learn(1))")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [page.locator(f"#tools {each}").bounding_box() or {} for each in (".bar input", "#loss", "#undo")]
    assert boxes[0]["width"] > 100
    assert boxes[1]["x"] + boxes[1]["width"] <= boxes[2]["x"]
    assert page.locator("rect.bar").last.is_visible()


def test_a_page_with_the_way_back_is_small() -> None:
    text = "".join(chunks(walked({"word": "hello"}), Choice(everything=True)))
    assert len(text.encode()) < 400_000
    assert text == "".join(chunks(walked({"word": "hello"}), Choice(everything=True)))


def test_a_page_with_the_way_back_opens_at_a_step_of_the_pass_forward_and_says_where_it_is_cut(tmp_path: Path) -> None:
    from rnnwalk.render.page import page

    page.save(walked({"word": "hello"}), Choice(letter=3, step="5"), tmp_path / "p.html", force=False, length=1200)
    text = (tmp_path / "p.html").read_text("utf-8")
    assert 'data-open="3-5"' in text
    assert "This page holds the first 4 of 1,200 letters." in text


def test_of_a_long_text_with_one_answer_some_letters_are_drawn_and_all_are_computed(
    opened: Opened, tmp_path: Path
) -> None:
    word = " ".join(["good"] + ["so"] * 50 + ["bad"] + ["so"] * 48)
    walk = walked({"word": word, "by": "word", "classes": "no,yes", "target": "yes", "hidden": 2})
    path = tmp_path / "long.html"
    path.write_text("".join(chunks(walk, Choice(everything=True), "33-1", most=1000)), "utf-8")
    page = opened(path)
    sections = set(page.evaluate("sections.map(({ dataset }) => +dataset.letter).filter(Boolean)"))
    assert {*range(1, 21), 33, walk.influence.strongest, *range(81, 101)} <= sections
    assert len(sections) <= 61
    assert "Of 100 words, this page shows the steps of" in page.inner_text("header")
    assert page.locator(".network .read").count() == len(sections) == page.locator(".word select").count() - 1
    page.evaluate("change([[byKey.get('Whh'), 0, 0.3]])")
    Whh = walk.problem.model.weights.Whh.copy()
    Whh.flat[0] = 0.3
    weights = walk.problem.model.weights._replace(Whh=Whh)
    other = Walk(walk.problem._replace(model=replace(walk.problem.model, weights=weights)), backward=True)
    assert near(page.evaluate("values[byKey.get('loss')].data[0]"), other.loss)
    undrawn = next(letter for letter in range(21, 81) if letter not in sections)
    page.evaluate("(name) => (location.hash = name)", f"h_{undrawn}[2]")
    page.locator("#asked .told", has_text=f"{other[f'h_{undrawn}'].value[1, 0]:.6f}").wait_for(timeout=5000)


def test_pages_built_anew_are_those_that_are_kept(tmp_path: Path) -> None:
    for path in runpy.run_path(str(WORKSHEETS / "build.py"))["build_pages"](tmp_path):
        kept, new = (folder.read_text("utf-8") for folder in (WORKSHEETS / path.name, path))
        (words, old), (now, fresh) = ((NUMBER.sub("#", text), NUMBER.findall(text)) for text in (kept, new))
        assert words == now
        assert np.allclose([float(each) for each in old], [float(each) for each in fresh], rtol=1e-6, atol=2e-6)


def test_every_weight_that_is_read_is_drawn_and_of_a_huge_matrix_the_page_says_how_to_ask_for_one(
    opened: Opened,
) -> None:
    page = opened(
        walked({"word": "zebra", "vocab": "abcdefghijklmnopqrstuvwxyz"}), viewport={"width": 360, "height": 800}
    )
    page.evaluate("choose('x_2', 0, 16)")
    page.evaluate("location.hash = 'Wxh_x_2[1]'")
    assert page.evaluate(STILL)
    read = page.evaluate("[...sections[open].querySelectorAll('td.source')].map((cell) => key(...named(cell)))")
    assert "Wxh[1,q]" in read
    lit = "[...sections[open].querySelectorAll('td.lit')].map((cell) => key(...named(cell)))"
    assert {each for each in page.evaluate(lit) if each.startswith("Wxh[2")} == {"Wxh[2,q]"}  # the column that is read
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})  # A4
    widest = "Math.max(...[...document.querySelectorAll('table')].map((each) => each.getBoundingClientRect().right))"
    assert page.evaluate(widest) > 1000
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(widest) <= 718
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(widest) > 1000
    text = "".join(chunks(walked({"word": "ab", "hidden": 60}, backward=False), Choice(everything=True)))
    assert "60×60, a part of it; any number by its address: <code>#Whh[60,60]</code>" in text


def test_a_number_stands_behind_a_hebrew_letter_as_it_is_read(opened: Opened) -> None:
    page = opened(walked({"word": "שלום", "hidden": 2}))
    places = """() => [...document.querySelectorAll("main p span[data-live]")].filter((each) => /[א-ת]” \\(/.test(each.textContent)).map((each) => {
        const last = each.lastChild, range = document.createRange();
        range.setStart(last, last.data.indexOf("("));
        range.setEnd(last, last.data.indexOf("%"));
        return range.getBoundingClientRect().left > each.querySelector("bdi").getBoundingClientRect().left;
    })"""
    found = page.evaluate(places)
    assert found
    assert all(found)
    page.evaluate("change([[byKey.get('Why'), 0, 0.3]])")
    assert all(page.evaluate(places))
    assert page.evaluate(RECOLOURED) == []


def test_hostile_names_end_no_script_and_are_shown(opened: Opened) -> None:
    page = opened(walked({"word": HOSTILE}))
    assert page.evaluate("document.querySelectorAll('script').length") == 2
    assert json.loads(page.evaluate("JSON.stringify(model.vocabulary)"))[:3] == ["<", "/", "s"]
