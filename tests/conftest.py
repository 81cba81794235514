"""What all tests share: golden files, and hypothesis with the same examples on every run, little looking for garbage."""

import gc
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("rnnwalk", deadline=None, derandomize=True, max_examples=50, database=None)
settings.load_profile("rnnwalk")


gc.set_threshold(200_000, 20, 100)  # records are many small objects: to look for garbage often took a tenth of the time


def pytest_collection_finish() -> None:
    gc.freeze()  # thousands of tests, which stay


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write the golden files anew: read their diff, then commit")


class Golden:
    """Compares a text with the file of that name in a folder, or with ``accept`` writes it there."""

    def __init__(self, folder: Path, accept: bool) -> None:
        self.folder = folder
        self.accept = accept

    def __call__(self, name: str, text: str) -> None:
        path = self.folder / name
        if self.accept:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        if not path.is_file():
            pytest.fail(f"there is no golden file {path.name} yet; look at the output, then run pytest --accept")
        assert text == path.read_bytes().decode(), f"{path.name} has changed; on purpose? then run pytest --accept"


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """``golden(name, text)``: the text is what tests/golden/NAME holds, byte for byte."""
    return Golden(Path(__file__).parent / "golden", request.config.getoption("--accept"))
