"""One number back to what it was made from: the tree."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from rnnwalk.errors import InputError
from rnnwalk.layout.sheets import addresses
from rnnwalk.model.problem import Problem
from rnnwalk.render.glyphs import UNICODE
from rnnwalk.render.terminal import screen
from rnnwalk.render.terminal.matrices import draw
from rnnwalk.render.terminal.screen import make_console
from rnnwalk.render.terminal.style import plain
from rnnwalk.views.explain import MOST_LINES, MOST_READ, explain
from rnnwalk.views.page import Equation, Matrix, Page, Prose, Tree
from rnnwalk.walks.walk import Walk
from tests.examples import pose, problems
from tests.views.reading import CELLS, of, only, texts

HELLO = Walk(pose("hello"), backward=True)
MADE_BEFORE = " (made above)"
GIVEN = re.compile(r"(?:weights|inputs|targets|initial state|settings|from beyond the last [\w ]+): (.*)")


def told(page: Page) -> list[tuple[str, float]]:
    """Each name of the tree with its number, as told."""
    found = []
    for _, line in only(page, Tree).lines:
        given = GIVEN.fullmatch(line)
        for text in re.split(r", (?=\S+ = )", given[1]) if given else [line.removesuffix(MADE_BEFORE)]:
            name, *_, value = re.split(" [=≈] ", text)
            found.append((name, float(value)))
    return found


def in_full(page: Page) -> list[str]:
    """The names whose making is shown."""
    lines = [line for _, line in only(page, Tree).lines if not GIVEN.fullmatch(line)]
    return [line.split(" = ")[0] for line in lines if not line.endswith(MADE_BEFORE)]


@pytest.mark.parametrize("quantity", ["h_2[1]", "p_2[h]", "loss", "dWxh[1,e]", "dh_2[1]", "Whh_new"])
def test_every_number_of_the_tree_is_the_recorded_one(quantity: str) -> None:
    numbers = told(explain(HELLO, quantity, digits=12))
    assert len(numbers) > 8
    for name, value in numbers:
        assert value == pytest.approx(HELLO[name].value.item(), abs=1e-11), name


def test_the_articles_h_is_followed_back_to_the_articles_numbers() -> None:
    page = explain(HELLO, "h_2[1]")
    found = dict(told(page))
    assert found["h₂[1]"] == 0.936534
    assert (found["Wxh[1,e]"], found["Whh"], found["b"], found["h₁[1]"]) == (0.846060, 0.427043, 0.567001, 0.693168)
    assert page.title == "h₂[1] · The new hidden state"


@pytest.mark.parametrize(("cell", "form"), CELLS)
def test_the_making_of_a_number_is_told_once(cell: str, form: str) -> None:
    run = Walk(pose("abca", cell=cell, form=form, hidden=2), backward=True)
    for quantity in ("h_3[1]", "loss", "dh_1[2]"):
        names = in_full(explain(run, quantity, depth=100))
        assert len(names) == len(set(names)) > 10


@settings(max_examples=15)
@given(problems())
def test_every_branch_of_a_whole_tree_ends_at_what_was_given(problem: Problem) -> None:
    run = Walk(problem)
    lines = only(explain(run, run.names.key(run.at("h", 1), (0, 0))), Tree).lines
    assert lines[0][0] == 0
    for (depth, text), (below, _) in zip(lines, [*lines[1:], (0, "")], strict=True):
        assert below <= depth + 1
        if below <= depth:
            assert GIVEN.fullmatch(text) or text.endswith(MADE_BEFORE)


@pytest.mark.parametrize("depth", range(5))
def test_a_tree_is_as_deep_as_is_asked(depth: int) -> None:
    lines = only(explain(HELLO, "h_4[2]", depth=depth), Tree).lines
    assert max(level for level, _ in lines) == depth
    assert (len(lines) == 1) == (depth == 0)
    deeper = only(explain(HELLO, "h_4[2]", depth=depth + 1), Tree).lines
    assert [line for line in deeper if line[0] <= depth] == lines


@pytest.mark.parametrize("depth", [3, 4, 5, 6, 7])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_whatever_is_told_above_the_depth_asked_for_is_followed_back_somewhere(cell: str, depth: int) -> None:
    lines = only(explain(Walk(pose("abcab", cell=cell, hidden=1)), "h_4", depth=depth), Tree).lines
    above = {text.split(" = ")[0] for level, text in lines if level < depth and not GIVEN.fullmatch(text)}
    followed = {text.split(" = ")[0] for (level, text), (below, _) in pairwise(lines) if below > level}
    assert above == followed


def test_where_a_long_tree_is_cut_it_is_said_how_to_go_on() -> None:
    run = Walk(pose("ab" * 10))
    said = of(explain(run, "h_19[1]"), Prose)[-1].text
    found = re.fullmatch(
        r"12 levels of the tree: --depth 13 goes further back, or explain a part of it, such as (.*)\.", said
    )
    assert found
    assert run[found[1]].node.op != "input"


@pytest.mark.parametrize("hidden", [3, 60])
def test_a_page_is_as_deep_as_fits_and_no_longer_whatever_it_explains(hidden: int) -> None:
    run = HELLO if hidden == 3 else Walk(pose("hello", hidden=hidden), backward=True)
    fits = screen.fits(make_console(), MOST_READ)
    lengths = {}
    for quantity in ("h_4[1]", "loss", "dWxh[1,h]", "Why_new[h,1]", "h_2", "dWhy", "y_1[h]", "Wxh"):
        page = explain(run, quantity, where=addresses(run), fits=fits)
        lengths[quantity] = len(screen.paper_for(make_console()).page(page))
        cut = [block for block in of(page, Prose) if "--depth" in block.text]
        assert len(cut) == (quantity not in ("Wxh", "h_2", "dWhy") or (hidden == 60 and quantity == "h_2"))
    assert max(lengths.values()) < MOST_READ
    assert only(explain(run, "h_4[1]", depth=3, fits=fits), Tree) == only(explain(run, "h_4[1]", depth=3), Tree)


def test_the_cell_in_brackets_is_said_to_be_one_of_the_workbook() -> None:
    forward = Walk(HELLO.problem)
    for run, command in ((HELLO, "rnnwalk export --backward"), (forward, "rnnwalk export")):
        last = of(explain(run, "h_2[1]", where=addresses(run)), Prose)[-1].text
        assert last == f"[Unrolled!I28] is its cell in the workbook that {command} writes."


def test_no_tree_is_longer_than_can_be_read() -> None:
    lines = only(explain(Walk(pose("ab" * 10, hidden=8)), "h_19[1]", depth=100), Tree).lines
    assert len(lines) < MOST_LINES + 10


def test_a_whole_column_is_drawn_and_each_of_its_rows_is_the_root_of_a_tree() -> None:
    page = explain(HELLO, "h_2")
    (matrix,) = only(page, Equation).parts
    np.testing.assert_array_equal(matrix.values, HELLO["h_2"].value)
    assert [line.split(" = ")[0] for level, line in only(page, Tree).lines if level == 0] == ["h₂[1]", "h₂[2]", "h₂[3]"]


def test_a_whole_column_is_followed_back_one_level_unless_more_is_asked_for() -> None:
    for depth, deepest in ((None, 1), (0, 0), (3, 3)):
        assert max(level for level, _ in only(explain(HELLO, "h_3", depth=depth), Tree).lines) == deepest


def test_what_was_given_has_no_tree() -> None:
    for quantity in ("Wxh", "x_1", "h_0"):
        assert of(explain(HELLO, quantity), Tree) == []
    assert of(explain(HELLO, "Wxh"), Prose)[0].text.endswith(HELLO.problem.model.origin)


def test_each_number_is_followed_by_the_cell_of_the_workbook_that_holds_it() -> None:
    def where(node, at) -> str:
        return f"{HELLO.names.key(node)}!{at[0]}-{at[1]}"

    lines = only(explain(HELLO, "h_1[2]", where=where), Tree).lines
    assert lines[0][1].endswith("[h_1!1-0]")
    assert [line.rpartition(" ")[2] for _, line in lines if "Wxh[2,h] = " in line] == ["[Wxh!1-0]"]


@pytest.mark.parametrize(("word", "sign"), [("a b", "␣"), ("a\tb", "⇥"), ("a\nb", "⏎")])
def test_a_letter_that_cannot_be_seen_is_named_by_its_sign(word: str, sign: str) -> None:
    page = explain(Walk(pose(word)), "h_2[1]")
    assert all(text.isprintable() for text in texts(page))
    assert of(page, Prose)[0].text.startswith(f"At letter 2, “{sign}”.")


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_of_words_no_explanation_speaks_of_letters(cell: str) -> None:
    run = Walk(pose("we love love we", by="word", cell=cell, hidden=2), backward=True)
    for quantity in run:
        key = run.names.key(quantity.node, (0, 0))
        assert [text for text in texts(explain(run, key, depth=1)) if "letter" in text.lower()] == []


def test_an_unknown_quantity_is_refused_with_the_one_that_may_be_meant() -> None:
    with pytest.raises(InputError, match="did you mean 'h_1'"):
        explain(HELLO, "h")


ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize("columns", [80, 100, 120])
@pytest.mark.parametrize("quantity", ["dWxh", "Wxh_new", "Wxh", "dWxh_2"])
def test_of_a_matrix_with_a_column_for_each_symbol_those_that_are_read_are_drawn(quantity: str, columns: int) -> None:
    run = Walk(pose("ykG.", hidden=2, vocab=ALPHABET + "."), backward=True)
    (matrix,) = only(explain(run, quantity), Equation).parts
    assert isinstance(matrix, Matrix)
    head = plain(draw(Equation([matrix]), columns, UNICODE)[0]).splitlines()[1].split()
    assert set(head) >= ({"k"} if quantity == "dWxh_2" else set("ykG"))
    assert len(head) > 3  # where there is room, not they alone


def test_the_tree_of_a_whole_gradient_begins_where_it_is_not_zero() -> None:
    run = Walk(pose("ykG.", hidden=2, vocab=ALPHABET + "."), backward=True)
    page = explain(run, "dWxh")
    roots = [line.split(" = ")[0] for level, line in only(page, Tree).lines if level == 0]
    sizes = np.abs(run["dWxh"].value)
    letter = (ALPHABET + ".")[int(sizes.max(axis=0).argmax())]
    assert letter in "ykG"
    assert roots == [f"∂L/∂Wxh[1,{letter}]", f"∂L/∂Wxh[2,{letter}]"]
    assert f"such as dWxh[1,{letter}]." in of(page, Prose)[-1].text
    told = f"This is how column “{letter}”, one of {run['dWxh'].value.shape[1]}, was made; the others were made"
    assert any(block.text.startswith(told) for block in of(page, Prose))
    likely = [line.split(" = ")[0] for level, line in only(explain(run, "p_1", depth=0), Tree).lines]
    ranks = np.argsort(-run["p_1"].value[:, 0], kind="stable")
    assert likely == [f"p₁[{(ALPHABET + '.')[i]}]" for i in ranks]


@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_the_parts_of_a_long_sum_are_listed_by_what_they_add_and_those_left_out_are_counted(cell: str) -> None:
    run = Walk(pose("hello", cell=cell, hidden=60, seed=3))
    terms = run["Why"].value[1] * run["h_4"].value[:, 0]
    expected = [f"h₄[{i + 1}]" for i in np.argsort(-np.abs(terms), kind="stable")]
    page = explain(run, "y_4[e]", fits=screen.fits(make_console(), MOST_READ))
    parts = [line.split(" = ")[0] for level, line in only(page, Tree).lines if level == 1]
    assert 20 < len(parts) < 40
    assert parts == expected[: len(parts)]
    assert f"; {60 - len(parts)} parts are left out: --depth 1 shows more." in of(page, Prose)[-1].text
    whole = [line.split(" = ")[0] for level, line in only(explain(run, "y_4[e]", depth=1), Tree).lines if level == 1]
    assert whole[:60] == expected


@pytest.mark.parametrize(("cell", "form"), CELLS)
def test_an_element_to_ask_for_has_a_symbol_that_stands_on_the_pages(cell: str, form: str) -> None:
    """Not Whh_h_2[1], for Whh·h₁ + b has no name that a reader has met."""
    run = Walk(pose("hello", cell=cell, form=form))
    for quantity in run:
        found = re.search(r"one element, such as (.*)\.$", "\n".join(texts(explain(run, quantity.key, depth=1))), re.M)
        assert found is None or re.fullmatch(r"[A-Za-z]+(_\d)?(\[\w(,\w)?\])?", found[1]), found[1]
