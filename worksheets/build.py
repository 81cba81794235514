"""Build the workbooks of this folder from the problem files beside them: python worksheets/build.py"""

import sys
from pathlib import Path

from rnnwalk.problem import pose
from rnnwalk.render.workbook import write_workbook
from rnnwalk.walks import Walk

HERE = Path(__file__).parent


def build(folder: Path) -> list[Path]:
    """Write a workbook into ``folder`` for each problem file here."""
    built = []
    for problem in sorted(HERE.glob("*.json")):
        built.append(folder / f"{problem.stem}.xlsx")
        walk = Walk(pose(weights=str(problem)))
        write_workbook(walk, built[-1], gradients=problem.stem == "gradient-flow", force=True)
    return built


if __name__ == "__main__":
    for path in build(HERE):
        print(f"built {path.name}", file=sys.stderr)
