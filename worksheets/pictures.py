"""Draw the pictures of both READMEs: python worksheets/pictures.py

The terminal's by rnnwalk itself; those of the workbooks need LibreOffice (soffice) and poppler (pdftotext, pdftoppm).
"""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
WIDE = 1052  # dots
# The picture: its workbook, a text that only its page has, and its height in dots.
PICTURES = {
    "walk": ("hello", "Walk: every step, letter by letter", 780),
    "one-letter": ("hello", "One letter: its steps on one screen", 410),
    "unrolled": ("hello", "Unrolled: the whole word on a page", 1440),
    "gates": ("hello-lstm", "Step 9 · The new cell state", 680),
    "forms": ("hello-gru", "Forms: the same weights", 700),
    "backprop": ("hello-training", "What each letter adds to each gradient", 700),
    "training": ("hello-training", "Training: 100 epochs, one per row", 700),
    "gradient-flow": ("gradient-flow", "Gradient flow: does the error vanish", 700),
}
TERMINAL = ["walk", "--letter", "2", "--step", "4"]  # what the terminal's picture shows


def draw_terminal() -> None:
    """The picture of a terminal, in colour."""
    target = str(HERE / "pictures" / "terminal.svg")
    subprocess.run([sys.executable, "-m", "rnnwalk", *TERMINAL, "--save", target, "--force"], check=True)


def draw(name: str, folder: Path) -> None:
    """One picture, by way of a PDF."""
    workbook, text, height = PICTURES[name]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    source, pdf = HERE / f"{workbook}.xlsx", folder / f"{workbook}.pdf"
    if not pdf.exists():
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
        subprocess.run(command, check=True, capture_output=True)
    pages = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout.split("\f")
    page = str(1 + next(number for number, found in enumerate(pages) if text in found))
    crop = ["-scale-to-x", str(WIDE), "-scale-to-y", "-1", "-x", "0", "-y", "20", "-W", str(WIDE), "-H", str(height)]
    target = HERE / "pictures" / name
    command = ["pdftoppm", "-f", page, "-l", page, *crop, "-png", "-singlefile", str(pdf), str(target)]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    draw_terminal()
    with tempfile.TemporaryDirectory() as scratch:
        for picture in PICTURES:
            draw(picture, Path(scratch))
            print(f"drew {picture}.png", file=sys.stderr)
