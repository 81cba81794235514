"""Build the workbooks of this folder from the problem files beside them, its pages, and what its notebook shows:
python worksheets/build.py"""

import sys
from pathlib import Path

from rnnwalk.model.options import ModelOptions
from rnnwalk.model.pose import pose
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


def run_notebook(path: Path) -> Path:
    """Run the lesson, and write it to ``path`` with what its cells show; of a page in a frame only what it is."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(HERE / "hello.ipynb", as_version=4)
    NotebookClient(notebook, timeout=60, kernel_name="python3", record_timing=False).execute()
    for output in [output for cell in notebook.cells for output in cell.get("outputs", [])]:
        if "<iframe" in output.data.get("text/html", ""):
            output.data = {"text/plain": output.data["text/plain"]}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    path.write_text(nbformat.writes(notebook) + "\n", "utf-8")
    return path


if __name__ == "__main__":
    for path in [*build(HERE), *build_pages(HERE), run_notebook(HERE / "hello.ipynb")]:
        print(f"built {path.name}", file=sys.stderr)
