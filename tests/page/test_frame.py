"""The page inside a notebook: in a frame that has no address, no origin and no network."""

from pathlib import Path

import rnnwalk
from tests.page.conftest import Opened


def test_in_a_frame_numbers_can_be_asked_and_learned(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "notebook.html"
    path.write_text(rnnwalk.walk("hello", backward=True).page()._repr_html_(), "utf-8")
    frame = opened(path).frame_locator("iframe")
    frame.locator("table.matrix td", has_text="0.936534").first.click()
    assert "0.846060 + 0.863014" in frame.locator("#asked").inner_text()
    frame.get_by_role("button", name="Learn: 1 step").click()
    frame.locator("#loss", has_text="5.796385").wait_for(timeout=10_000)
