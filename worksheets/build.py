"""Build the workbooks of this folder from the problem files beside them, and its pages: python worksheets/build.py"""

import sys
from pathlib import Path

from rnnwalk.model.pose import ModelOptions, pose
from rnnwalk.render.page import page
from rnnwalk.render.workbook import write_workbook
from rnnwalk.views.walkthrough import Choice
from rnnwalk.walks.walk import Walk

HERE = Path(__file__).parent
EPOCHS = {"hello-training": 100}  # the others are walks without a way back
FORMS = "hello-gru"  # has the sheet of that name, too
GRADIENTS = "gradient-flow"  # has the sheet of that name, too
PAGES = {
    "hello": ModelOptions(weights=str(HERE / "hello.json")),
    "hello-lstm": ModelOptions(weights=str(HERE / "hello-lstm.json")),
    "sentiment": ModelOptions(example="sentiment"),
}


def build(folder: Path) -> list[Path]:
    """Write a workbook into ``folder`` for each problem file here."""
    built = []
    for problem in sorted(HERE.glob("*.json")):
        built.append(folder / f"{problem.stem}.xlsx")
        epochs = EPOCHS.get(problem.stem, 0)
        walk = Walk(pose(None, ModelOptions(weights=str(problem))), backward=epochs > 0)
        write_workbook(
            walk, built[-1], epochs=epochs, gradients=problem.stem == GRADIENTS, forms=problem.stem == FORMS, force=True
        )
    return built


def build_pages(folder: Path) -> list[Path]:
    """Write the pages that recompute themselves into ``folder``."""
    built = []
    for name, asked in PAGES.items():
        built.append(folder / f"{name}.html")
        walk = Walk(pose(None, asked), backward=True)
        page.save(walk, Choice(), built[-1], force=True)
    return built


if __name__ == "__main__":
    for path in [*build(HERE), *build_pages(HERE)]:
        print(f"built {path.name}", file=sys.stderr)
