"""The equations of a cell, and its forms side by side."""

import re
from dataclasses import replace

import numpy as np
import pytest

from rnnwalk.engine.cells import CELLS, cell_named
from rnnwalk.engine.notes import notes
from rnnwalk.errors import InputError
from rnnwalk.model.problem import Problem
from rnnwalk.model.random_weights import draw
from rnnwalk.render.glyphs import signs
from rnnwalk.render.roles import ROLES
from rnnwalk.render.terminal.paper import Paper
from rnnwalk.views.cell import comparison, differ, equations, in_every_form, matrices_called, picture
from rnnwalk.views.page import Page, Prose, Table
from rnnwalk.walks.walk import Walk
from tests.examples import pose, reference
from tests.views.reading import CELLS as READING
from tests.views.reading import column, of, only, texts, values

FORMS = ["chung2014", "cho2014", "pytorch"]


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def gru(form: str, w, x: np.ndarray, h: np.ndarray) -> np.ndarray:
    """The new h as the papers and PyTorch's manual define it; a missing bias is 0."""
    br, bz, bn, bhn = (0 if b is None else b for b in (w.br, w.bz, w.bn, w.bhn))
    r, z = sigmoid(w.Wxr @ x + w.Whr @ h + br), sigmoid(w.Wxz @ x + w.Whz @ h + bz)
    if form == "pytorch":
        n = np.tanh(w.Wxn @ x + bn + r * (w.Whn @ h + bhn))
    else:
        n = np.tanh(w.Wxn @ x + w.Whn @ (r * h) + bn)
    return z * n + (1 - z) * h if form == "chung2014" else (1 - z) * n + z * h


@pytest.mark.parametrize(
    ("cell", "axes", "called"),
    [("rnn", "nk", "Wxh"), ("rnn", "nn", "Whh"), ("lstm", "nk", "Wx…"), ("lstm", "nn", "Wh…"), ("gru", "nn", "Wh…"),
     ("gru", "on", "Why")],
)  # fmt: skip
def test_matrices_together_are_called_by_what_their_names_share(cell: str, axes: str, called: str) -> None:
    assert matrices_called(pose("ab", cell=cell).model, axes) == called


@pytest.mark.parametrize("cell", CELLS)
def test_each_equation_of_the_step_has_a_row_with_a_heading_and_words(cell: str) -> None:
    run = Walk(pose("hello", cell=cell))
    rows = [row for table in of(equations(run, 6), Table) if "equation" in table.headings for row in table.rows]
    assert len(rows) == sum(value is not None for value in run.trace.result.letters[0].step)
    assert all(all(row) for row in rows)
    assert [row[1] for row in rows][-1].startswith("h₁ = ")


@pytest.mark.parametrize(("cell", "form"), READING)
def test_every_quantity_of_a_cell_with_stages_stands_under_one_of_them_in_order(cell: str, form: str) -> None:
    module = cell_named(cell)
    if module.STAGES:
        assert [field for stage in module.STAGES for field in stage.fields] == list(notes(module.Step))
    page = equations(Walk(pose("hello", cell=cell, form=form)), 6)
    told = [block.text for block in of(page, Prose)]
    for i, stage in enumerate(module.STAGES, start=1):
        assert f"{i} · {stage.title}. {stage.text}" in told


@pytest.mark.parametrize(("cell", "form"), [case for case in READING if case[0] != "rnn"])
def test_the_picture_of_a_cell_fits_80_columns_and_names_its_gates_in_their_colours(cell: str, form: str) -> None:
    run = Walk(pose("ab", cell=cell, form=form))
    model, drawn = run.problem.model, picture(run)
    assert drawn is not None
    assert max(map(len, drawn.lines)) <= 78
    named = re.findall(r"\[(\w+)\]", "".join(drawn.lines))
    gates = [field for field, note in notes(model.network.cell.Step).items() if (note.role or "").endswith("gate")]
    single = {field for field in gates if len(field) == 1}
    assert single <= set(named) <= set(drawn.roles)
    for encoding in ("utf-8", "ascii", "cp1252"):
        paper = Paper(80, encoding, signs(encoding))
        (_, _, *lines) = paper.page(Page("", [drawn]))
        plain = ["".join(text for text, _ in line) for line in lines]
        plain[0].encode(encoding)
        assert list(map(len, plain)) == list(map(len, drawn.lines)), "a sign for a sign, so that columns stay"
        coloured = {text.strip("[]"): role for line in lines for text, role in line if text.startswith("[")}
        assert coloured == {name: drawn.roles[name] for name in named}
        assert set(coloured.values()) <= set(ROLES)


def test_the_pictures_of_the_gru_s_forms_differ_where_the_forms_do() -> None:
    """In chung2014 1 − z multiplies the old memory, in the others the candidate; pytorch multiplies by Whn before r."""
    drawn = {form: picture(Walk(pose("ab", cell="gru", form=form))).lines for form in FORMS}
    column = {form: next(line.index("1−z") for line in lines if "1−z" in line) for form, lines in drawn.items()}
    old, new = (drawn["pytorch"][1].index(sign) for sign in "⊙+")
    assert abs(column["chung2014"] - old) <= 1
    assert old < column["cho2014"] == column["pytorch"] < new
    assert [form for form in FORMS if "Whn" in "".join(drawn[form])] == ["pytorch"]


def test_the_forms_of_the_gru_are_those_that_numpy_makes_of_the_same_weights() -> None:
    run = Walk(pose("hello", cell="gru", hidden=3, form="cho2014"))
    table = of(equations(run, 6), Table)[-1]
    assert column(table, "form") == ["chung2014", "cho2014 ← here", "pytorch"]
    problem = run.problem
    for form, cell in zip(FORMS, column(table, "h₂ from the same weights"), strict=True):
        h = np.zeros((3, 1))
        for letter in "he":
            h = gru(form, problem.model.weights, problem.model.one_hot(letter), h)
        np.testing.assert_allclose(values(cell.split()), h[:, 0], atol=6e-7)


def test_of_words_side_by_side_the_table_of_the_forms_says_which_one_it_is_of() -> None:
    table = of(equations(Walk(pose(["abc", "bca"], cell="gru", hidden=2)), 6), Table)[-1]
    assert table.headings == ["form", "h₂ of word 1 from the same weights"]


def test_the_comparison_has_a_row_for_each_letter_and_form_with_the_numbers_of_numpy() -> None:
    problem = pose("abca", cell="gru", hidden=2, form="pytorch")
    table, w = only(comparison(problem, 6), Table), problem.model.weights
    rows = iter(table.rows)
    states = {form: np.zeros((2, 1)) for form in FORMS}
    losses = dict.fromkeys(FORMS, 0.0)
    for t, (read, truth) in enumerate(["ab", "bc", "ca"], start=1):
        for i, form in enumerate(FORMS):
            row = next(rows)
            bare = w if form == "pytorch" else w._replace(bhn=None)
            h = states[form] = gru(form, bare, problem.model.one_hot(read), states[form])
            y = w.Why @ h + w.by
            loss = float(np.log(np.exp(y).sum()) - y["abc".index(truth), 0])
            losses[form] += loss
            assert row[:3] == [str(t) if i == 0 else "", read if i == 0 else "", form]
            np.testing.assert_allclose(values(row[3].split()), h[:, 0], atol=6e-5)
            assert row[4:6] == ["abc"[int(np.argmax(y))], truth]
            assert float(row[6]) == pytest.approx(loss, abs=6e-7)
    assert [(row[2], row[5]) for row in table.rows[9:]] == [(form, "all") for form in FORMS]
    np.testing.assert_allclose(values(row[6] for row in rows), list(losses.values()), atol=2e-6)


@pytest.mark.parametrize("case", ["hello-gru-chung2014", "hello-gru-cho2014", "hello-gru-pytorch"])
def test_the_loss_of_a_form_is_pytorchs(case: str) -> None:
    problem, expected = reference(case)
    losses = {row[2]: row[6] for row in only(comparison(problem, 9), Table).rows if row[5] == "all"}
    assert float(losses[problem.model.form]) == pytest.approx(expected["loss"], abs=1e-9)
    assert len(set(losses.values())) == 3


def test_the_bias_of_one_form_alone_is_named_only_where_the_weights_have_it() -> None:
    bare = draw("gru", ("a", "b"), 2, 0, form="pytorch")
    bare = replace(bare, weights=bare.weights._replace(bhn=None))
    for model, said in (
        (pose("ab", cell="gru", form="pytorch").model, 1),
        (bare, 0),
        (pose("ab", cell="gru").model, 0),
    ):
        page = comparison(Problem(model, ("a", "b")), 6)
        assert sum("bhn is the pytorch form's own" in block.text for block in of(page, Prose)) == said


@pytest.mark.parametrize("cell", CELLS)
def test_only_a_cell_whose_forms_give_other_numbers_is_compared(cell: str) -> None:
    problem = pose("ab", cell=cell)
    assert differ(cell_named(cell)) == (cell == "gru")
    if cell == "gru":
        assert list(in_every_form(problem)) == FORMS
    else:
        with pytest.raises(InputError, match="--cell gru"):
            in_every_form(problem)


def test_one_letter_under_each_form_is_the_rows_of_the_whole_and_the_notation_changes_symbols_alone() -> None:
    problem = pose("abca", cell="gru", hidden=2)
    whole, one = (only(comparison(problem, 4, letter), Table).rows for letter in (None, 2))
    assert one == [["2", "b", *whole[3][2:]], *whole[4:6]]
    course = comparison(problem, 4, 2, "course")
    assert only(course, Table).rows == one
    assert "Γr" in " ".join(texts(course))
    with pytest.raises(InputError, match="--letter is 4, expected 1 to 3"):
        comparison(problem, 4, 4)
