"""How fast a workbook is written: python tests/benchmarks/bench_workbook.py

Ratios against a named peer, both taken in turns in the same run; medians of pairs.
"""

import gc
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from copy import copy
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell

from rnnwalk.render.workbook import draw
from rnnwalk.render.workbook.package import Live, save
from rnnwalk.walks.walk import Walk
from tests.examples import pose

TEXT = ("the quick brown fox jumps over the lazy dog and runs away from it. " * 10)[:301]
ENVIRONMENT = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
IMPORTS = [sys.executable, "-c", "import numpy, openpyxl, typer"]


def timed(function: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def ratio(a: Callable[[], float], b: Callable[[], float], pairs: int) -> tuple[float, float, float]:
    """The medians of a, of b, and of a/b over pairs taken in turns, after one of each."""
    a(), b()
    found = [(a(), b()) for _ in range(pairs)]
    return (*(statistics.median(side) for side in zip(*found, strict=True)), statistics.median(x / y for x, y in found))


def ours(walk: Walk) -> float:
    return timed(lambda: save(draw(walk), io.BytesIO()))


def stock(cells: list[tuple[int, int, int, object, Cell]], sheets: int) -> float:
    """The same cells by openpyxl alone: formulas ready and without values, each look made once and copied."""

    def write() -> None:
        book = Workbook()
        made = [book.create_sheet() for _ in range(sheets)]
        looks: dict[bytes, object] = {}
        for sheet, row, column, value, like in cells:
            cell = made[sheet].cell(row, column, value)
            key = like._style.tobytes()
            if key not in looks:
                cell.font, cell.fill, cell.border = copy(like.font), copy(like.fill), copy(like.border)
                cell.alignment, cell.protection = copy(like.alignment), copy(like.protection)
                cell.number_format = like.number_format
                looks[key] = cell._style
            cell._style = copy(looks[key])
        book.save(io.BytesIO())

    return timed(write)


def cells_of(book: Workbook) -> list[tuple[int, int, int, object, Cell]]:
    return [
        (i, row, column, cell._value.text if isinstance(cell._value, Live) else cell._value, cell)
        for i, sheet in enumerate(book.worksheets)
        for (row, column), cell in sheet._cells.items()
    ]


def process(call: list[str]) -> float:
    return timed(lambda: subprocess.run(call, check=True, env=ENVIRONMENT, capture_output=True))


def main() -> None:
    walk = Walk(pose(TEXT, hidden=32))
    cells = cells_of(draw(walk))
    formulas = sum(isinstance(value, str) and value.startswith("=") for *_, value, _ in cells)
    mine, theirs, times = ratio(lambda: ours(walk), lambda: stock(cells, 6), 3)
    print(f"300 letters, hidden 32: {len(cells):,} cells, {formulas:,} of them formulas: {mine:.1f} s")
    print(f"  {len(cells) / mine:,.0f} cells/s; stock openpyxl {theirs:.1f} s: ratio {times:.2f} (goal 1.2)")
    with tempfile.TemporaryDirectory() as folder:
        export = [sys.executable, "-m", "rnnwalk", "export", "-o", str(Path(folder) / "w.xlsx"), "--force"]
        mine, theirs, times = ratio(lambda: process(export), lambda: process(IMPORTS), 7)
    print(f"export hello {mine * 1000:.0f} ms; its imports {theirs * 1000:.0f} ms: ratio {times:.2f} (goal 2.5)")
    for letters in (75, 150, 300):
        walk = Walk(pose(TEXT[: letters + 1], hidden=32, vocab="".join(sorted(set(TEXT)))))
        tracemalloc.start()
        with tempfile.TemporaryFile() as file:
            save(draw(walk), file)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        count = sum(len(sheet._cells) for sheet in draw(walk).worksheets)
        print(f"{letters} letters: {count:,} cells, peak {peak / 2**20:.0f} MiB, {peak / count:.0f} bytes a cell")


if __name__ == "__main__":
    main()
