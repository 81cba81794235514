"""The worksheets of the repository are what their problem files give today, on every machine.

Promised: every part, cell, formula, style and text exactly, and numbers to eight digits, because processors add in
different orders. On one machine the same bytes, with lxml or without.
"""

import math
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, canonicalize

import pytest

from tests.examples import sampled

from .support import NAMESPACE

HERE = Path(__file__).parents[2] / "worksheets"
PROBLEMS = sorted(path.stem for path in HERE.glob("*.json"))
FEW = ["gradient-flow", "hello-lstm"]
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"

EIGHT_DIGITS = 1e-8  # a central difference loses that much
ZERO = 1e-15  # two numbers closer than this are the same: what is left when equal numbers cancel

BUILD = """
import sys
without_lxml = sys.argv[2] == "without"
if without_lxml:
    sys.modules["lxml"] = sys.modules["lxml.etree"] = None
import openpyxl, runpy
from pathlib import Path
assert openpyxl.LXML is not without_lxml, "lxml is a requirement of the tests"
runpy.run_path("build.py")["build"](Path(sys.argv[1]))
"""

# OpenBLAS under the names of its kernels, the oldest of each family first; "" is what it chooses for this processor.
KERNELS = ("", "Prescott", "Sandybridge", "Haswell", "SkylakeX", "ARMV8", "NEOVERSEN1")
MULTIPLY = "import numpy as np; a = np.arange(4096.0).reshape(64, 64); a @ a; a @ a[0]"


def environment(kernel: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENBLAS_", "OPENPYXL_"))}
    return kept | ({"OPENBLAS_CORETYPE": kernel} if kernel else {})


@cache
def kernels() -> tuple[str, ...]:
    """Two kernels that differ and that this processor runs, its own choice first; fewer where there are not two."""
    found: dict[str, str] = {}
    for kernel in KERNELS:
        if len(found) == 2:
            break
        call = [sys.executable, "-c", MULTIPLY]
        settings = environment(kernel) | {"OPENBLAS_VERBOSE": "2"}
        done = subprocess.run(call, env=settings, capture_output=True, text=True, check=False, timeout=60)
        core = re.search("^Core: (.+)$", done.stdout + done.stderr, re.MULTILINE)
        if done.returncode == 0 and core:
            found.setdefault(core[1], kernel)
    return tuple(found.values())


def build(folder: Path, kernel: str = "", lxml: str = "with", source: Path = HERE) -> Path:
    """All workbooks of a folder, built in a process of its own."""
    call = [sys.executable, "-c", BUILD, str(folder), lxml]
    done = subprocess.run(
        call, cwd=source, env=environment(kernel), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return folder


def source_of(names: list[str], folder: Path) -> Path:
    """A folder with the problem files of these alone, and what builds their workbooks."""
    (source := folder / "source").mkdir()
    for file in ("build.py", *[f"{name}.json" for name in names]):
        shutil.copy(HERE / file, source)
    return source


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("worksheets"))


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def numbers_in(root: Element) -> Iterator[tuple[str, Element]]:
    """Where a part holds a number, and its element: in cells without a type, and in what charts remember."""
    for cell in root.iter(f"{NAMESPACE}c"):
        if "t" not in cell.attrib:
            yield from ((cell.attrib["r"], value) for value in cell.findall(f"{NAMESPACE}v"))
    for series in root.iter(f"{CHART}numCache"):
        for point in series.iter(f"{CHART}pt"):
            yield from ((f"point {point.attrib['idx']}", value) for value in point.findall(f"{CHART}v"))


def taken_apart(part: str) -> tuple[list[tuple[str, float]], str]:
    """The numbers of a part, each with its place, and all the rest."""
    root = ElementTree.fromstring(part)
    numbers = []
    for place, value in numbers_in(root):
        numbers.append((place, float(value.text or "")))
        value.text = ""
    return numbers, ElementTree.tostring(root, encoding="unicode")


def compare(kept: Path, new: Path) -> None:
    """Everything exactly, and numbers to eight digits."""
    old_parts, new_parts = parts(kept), parts(new)
    assert list(old_parts) == list(new_parts)
    for name, part in old_parts.items():
        if part == new_parts[name]:
            continue
        old_numbers, old_rest = taken_apart(part)
        new_numbers, new_rest = taken_apart(new_parts[name])
        assert old_rest == new_rest, name
        apart = [
            (name, place, old, new)
            for (place, old), (_, new) in zip(old_numbers, new_numbers, strict=True)
            if not math.isclose(old, new, rel_tol=EIGHT_DIGITS, abs_tol=ZERO)
        ]
        assert apart == []


def test_there_is_a_workbook_for_each_problem_and_the_readme_names_it() -> None:
    assert sorted(path.stem for path in HERE.glob("*.xlsx")) == PROBLEMS
    assert {"hello", "hello-training", "banana", "sentence"} <= set(PROBLEMS)
    readme = (HERE / "README.md").read_text("utf-8")
    assert all(f"{name}.xlsx" in readme and f"{name}.json" in readme for name in PROBLEMS)


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_rebuilt_worksheet_is_the_one_that_is_kept(name: str, rebuilt: Path) -> None:
    compare(HERE / f"{name}.xlsx", rebuilt / f"{name}.xlsx")


@pytest.mark.parametrize("names", sampled([FEW, PROBLEMS], FEW), ids=["a few", "all"])
def test_another_kernel_of_openblas_gives_the_same_worksheets(names: list[str], tmp_path: Path) -> None:
    if len(kernels()) < 2:
        pytest.skip(f"needs two kernels of OpenBLAS that run here; there is {len(kernels())}")
    build(tmp_path, kernel=kernels()[1], source=source_of(names, tmp_path))
    for name in names:
        compare(HERE / f"{name}.xlsx", tmp_path / f"{name}.xlsx")


def test_the_worksheets_have_the_same_bytes_without_lxml(rebuilt: Path, tmp_path: Path) -> None:
    build(tmp_path, lxml="without", source=source_of(FEW, tmp_path))
    for name in FEW:
        assert (tmp_path / f"{name}.xlsx").read_bytes() == (rebuilt / f"{name}.xlsx").read_bytes(), name


@pytest.mark.parametrize("name", sampled(PROBLEMS, *FEW))
def test_every_part_is_canonical_xml_which_has_one_spelling(name: str, rebuilt: Path) -> None:
    for part, text in parts(rebuilt / f"{name}.xlsx").items():
        assert text == canonicalize(text), part
