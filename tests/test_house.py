"""The house rules: a floor imports only from floors below it, and each outside library has one door."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import rnnwalk

ROOT = Path(rnnwalk.__file__).parent

# From the ground up; a name stands for the module or for everything in the package.
FLOORS = (
    ("errors", "ending"),
    ("engine", "text", "marked", "encoding"),
    ("trace",),
    ("files", "inputs", "model"),
    ("walks",),
    ("tasks", "layout"),
    ("views",),
    ("render", "arguments"),
    ("cli", "__main__", "objects", "__init__"),
)

# Outside libraries, and who may import them.
DOORS = {
    "numpy": ("engine", "trace", "model", "walks", "tasks", "layout", "views", "render"),
    "rich": ("render.terminal", "model.symbols"),  # symbols: rich.cells alone
    "openpyxl": ("render.workbook",),
    "typer": ("cli",),
    "click": ("cli",),
}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in sorted(ROOT.rglob("*.py"))}


@cache
def imports(path: Path) -> set[str]:
    """Everything that a file imports, lazily or not: ``rnnwalk.trace.record.Node``, ``numpy``."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import; write it in full"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def inside(module: str, part: str) -> bool:
    return module == part or module.startswith(f"{part}.")


def floor(module: str) -> int:
    found = [i for i, parts in enumerate(FLOORS) if any(inside(module, part) for part in parts)]
    assert found, f"{module} stands on no floor: put it into FLOORS"
    return found[0]


def ours(path: Path) -> set[str]:
    """The modules of rnnwalk that a file imports from."""
    found = set()
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "rnnwalk" or parts[1:2] == ["__version__"]:
            continue
        while len(parts) > 1 and ".".join(parts[1:]) not in MODULES:
            parts.pop()
        found.add(".".join(parts[1:]) or "__init__")
    return found


def test_a_floor_imports_only_from_floors_below() -> None:
    above = [
        f"{module} imports {other}"
        for module, path in MODULES.items()
        for other in ours(path)
        if floor(other) > floor(module)
    ]
    assert above == []


def test_an_outside_library_is_imported_at_its_door_only() -> None:
    for module, path in MODULES.items():
        for name in imports(path):
            library = name.split(".")[0]
            allowed = DOORS.get(library)
            assert allowed is None or any(inside(module, part) for part in allowed), f"{module} imports {name}"
            assert not (module == "model.symbols" and library == "rich") or name.startswith("rich.cells."), name


def test_the_engine_knows_numpy_and_nothing_else() -> None:
    standard = {"typing", "types", "collections", "functools", "importlib"}
    for module, path in MODULES.items():
        if inside(module, "engine"):
            assert {name.split(".")[0] for name in imports(path)} <= {"numpy", "rnnwalk"} | standard, module
            assert all(inside(other, "engine") for other in ours(path)), module


def test_the_trace_knows_no_cell_and_no_renderer() -> None:
    assert ours(MODULES["trace.record"]) == set()


def test_the_terminal_and_the_workbook_know_nothing_of_each_other() -> None:
    for module, path in MODULES.items():
        for one, other in (("render.terminal", "render.workbook"), ("render.workbook", "render.terminal")):
            assert not (inside(module, one) and any(inside(found, other) for found in ours(path)))


def test_every_wait_for_a_child_in_the_tests_has_an_end() -> None:
    """A child that hangs fails its test; without an end it would hold up the suite for ever."""
    waits = {"run", "call", "check_call", "check_output", "communicate", "wait"}
    for path in sorted(Path(__file__).parent.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in waits:
                assert "timeout" in {keyword.arg for keyword in node.keywords}, f"{path.name}:{node.lineno}"


def test_every_entry_of_the_floors_exists() -> None:
    for floor in FLOORS:
        assert all(part in MODULES or part == "__init__" for part in floor)


NOT_IN_A_WALK = (
    "rnnwalk.engine.backward",
    "rnnwalk.engine.fast",
    "rnnwalk.engine.cells.lstm",
    "rnnwalk.engine.cells.gru",
    "rnnwalk.views.backward",
    "rnnwalk.tasks",
    "rnnwalk.layout",
    "rnnwalk.cli.export",
    "openpyxl",
    "hashlib",
    "tempfile",
)
NOT_IN_A_WALK_BACK = tuple(name for name in NOT_IN_A_WALK if not name.endswith(".backward"))


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["walk"], NOT_IN_A_WALK),
        (["walk", "--backward", "--lr", "0.2"], NOT_IN_A_WALK_BACK),
        (["walk", "--help"], ("numpy", "openpyxl")),
        (["--help"], ("numpy", "openpyxl")),
    ],
)
def test_a_command_loads_no_more_than_it_uses(arguments: list[str], unwanted: tuple[str, ...]) -> None:
    code = "import sys; from rnnwalk.cli.app import main\ntry: main()\nfinally: sys.stderr.write(' '.join(sys.modules))"
    call = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(call, capture_output=True, text=True, check=True, timeout=60, encoding="utf-8")
    loaded = done.stderr.split()
    assert "rnnwalk.cli.app" in loaded
    if "pydantic" in loaded:  # which typer loads from 0.29 on, and these with it
        unwanted = tuple(part for part in unwanted if part not in ("hashlib", "tempfile"))
    assert [name for name in loaded if any(name == part or name.startswith(f"{part}.") for part in unwanted)] == []
