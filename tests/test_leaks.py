"""What is particular to a cell stands in its own file: no other code goes by the name of a cell or of a form."""

import ast
from collections.abc import Iterator

import pytest

from rnnwalk.engine.cells import CELLS, cell_named
from tests.test_house import MODULES, inside

CELLS_OWN = ("engine.cells", "engine.fast")
NAMES = {*CELLS, *[form for cell in CELLS for form in cell_named(cell).FORMS]}

# Where such a name may stand all the same, with the reason.
ALLOWED = {
    ("model.options", "rnn"): "the cell where none is asked for",
    ("model.weight_record", "rnn"): "the cell of a file that names none",
    ("cli.options", "rnn"): "the help's word for that default",
    ("cli.options", "linear"): "an option's name",
    ("trace.record", "tanh"): "the name of an operation",
    ("trace.expression", "tanh"): "the operation on elements",
    ("trace.notation", "tanh"): "how the operation is written",
    ("trace.differentiate", "tanh"): "the operation's derivative",
    ("render.markdown", "tanh"): "the operation in LaTeX",
    ("trace.expression", "relu"): "the operation on elements",
    ("trace.notation", "relu"): "how the operation is written",
    **{("engine.functions", name): "an activation, of a dense layer too" for name in ("tanh", "relu", "linear")},
    **{
        (module, "linear"): "a layer or an output whose sums stay as they are"
        for module in ("engine.layers", "engine.network", "model.task", "model.options")
    },
}


def texts(node: ast.AST) -> Iterator[str]:
    """Every string constant, and each word of one that is split into words."""
    for found in ast.walk(node):
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            yield found.value
        if isinstance(found, ast.Call) and isinstance(found.func, ast.Attribute) and found.func.attr == "split":
            yield from (word for text in texts(found.func.value) for word in text.split())


def names_in(source: str) -> set[str]:
    """The cells and forms that a piece of code goes by: as a constant, an attribute or an import."""
    tree = ast.parse(source)
    found = {text for text in texts(tree) if text in NAMES}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("rnnwalk.engine.cells"):
            found |= {
                name for name in [*node.module.split("."), *[alias.name for alias in node.names]] if name in CELLS
            }
        if isinstance(node, ast.Import):
            found |= {name for alias in node.names for name in alias.name.split(".") if name in CELLS}
    return found


def test_no_code_goes_by_the_name_of_a_cell_or_form() -> None:
    others = [module for module in MODULES if not any(inside(module, own) for own in CELLS_OWN)]
    found = {(module, name) for module in others for name in names_in(MODULES[module].read_text("utf-8"))}
    assert found - ALLOWED.keys() == set()


def test_every_exception_is_needed() -> None:
    assert all(name in names_in(MODULES[module].read_text("utf-8")) for module, name in ALLOWED)


@pytest.mark.parametrize(
    "code",
    [
        'if model.cell == "lstm": pass',
        'TABLE = {"gru": 1}',
        'match form:\n    case "pytorch": pass',
        'KNOWN = "rnn gru".split()',
        "from rnnwalk.engine.cells import lstm",
        "from rnnwalk.engine.cells.gru import Weights",
        "import rnnwalk.engine.cells.rnn",
    ],
)
def test_a_leak_would_be_found(code: str) -> None:
    assert names_in(code)


def test_names_in_longer_texts_are_no_leak() -> None:
    assert not names_in('"""An lstm."""\nhelp = "such as 1 for an lstm, or tanh"')
