"""The scripts of a page: one program, linted."""

import shutil
import subprocess
from pathlib import Path

import pytest

from rnnwalk.render.page.page import script

ROOT = Path(__file__).parents[2]


def test_the_scripts_have_no_lint() -> None:
    eslint = shutil.which("eslint")
    if eslint is None:
        pytest.skip("there is no eslint (npm install --global eslint@9)")
    asked = [eslint, "--stdin", "--stdin-filename", "rnnwalk/render/page/page.js"]
    found = subprocess.run(
        asked, input=script(), capture_output=True, encoding="utf-8", cwd=ROOT, check=False, timeout=60
    )
    assert found.stdout + found.stderr * found.returncode == ""


def test_the_scripts_are_javascript() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node")
    found = subprocess.run(
        [node, "--check", "-"], input=script(), capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert found.returncode == 0, found.stderr


def test_nothing_in_the_scripts_asks_a_network() -> None:
    assert not [
        word for word in ("http:", "https:", "fetch(", "XMLHttpRequest", "WebSocket", "import(") if word in known()
    ]


def known() -> str:
    """The scripts without the name of SVG, which is no address."""
    return script().replace("http://www.w3.org/2000/svg", "")
