"""The worksheets of the repository are what their problem files give today."""

import runpy
import zipfile
from pathlib import Path
from xml.etree.ElementTree import canonicalize

import pytest

HERE = Path(__file__).parents[2] / "worksheets"
PROBLEMS = sorted(path.stem for path in HERE.glob("*.json"))


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("worksheets")
    runpy.run_path(str(HERE / "build.py"))["build"](folder)
    return folder


def test_there_is_a_workbook_for_each_problem_and_the_readme_names_it() -> None:
    assert sorted(path.stem for path in HERE.glob("*.xlsx")) == PROBLEMS
    assert {"hello", "hello-training", "banana", "sentence"} <= set(PROBLEMS)
    readme = (HERE / "README.md").read_text("utf-8")
    assert all(f"{name}.xlsx" in readme and f"{name}.json" in readme for name in PROBLEMS)


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_rebuilt_worksheet_has_the_same_parts(name: str, rebuilt: Path) -> None:
    """LazyPage by part, as canonical XML: another zlib or XML writer gives other bytes of the same content."""
    with zipfile.ZipFile(HERE / f"{name}.xlsx") as kept, zipfile.ZipFile(rebuilt / f"{name}.xlsx") as new:
        assert kept.namelist() == new.namelist()
        for part in kept.namelist():
            assert canonicalize(kept.read(part).decode()) == canonicalize(new.read(part).decode()), part
