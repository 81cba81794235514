"""How a value was made."""

import json
from pathlib import Path

import pytest

from rnnwalk.views.blocks import Blocks
from rnnwalk.views.page import Matrix
from rnnwalk.walks.walk import Walk
from tests.examples import pose


@pytest.mark.parametrize("letter", [1, 2])
def test_an_equation_draws_each_matrix_where_its_symbol_stands_also_in_brackets(tmp_path: Path, letter: int) -> None:
    weights = {"Wxh": [[1, 2], [3, 4]], "Whh": [[0.5]], "Why": [[1, 2], [3, 4]]}
    path = tmp_path / "w.json"
    path.write_text(json.dumps({"form": "logistic", "vocabulary": ["a", "b"], "weights": weights}), "utf-8")
    walk = Walk(pose("aba", weights=str(path)), backward=True)
    parts = Blocks(walk).equation(walk.at("slope", letter)).parts
    t = "₁₂"[letter - 1]
    told = [part.label if isinstance(part, Matrix) else part for part in parts]
    assert told == [f"h{t}", "⊙(1 − ", f"h{t}", ") = ", f"slope{t}"]
