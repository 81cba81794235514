"""The keys of Windows, which a test elsewhere can only make believe."""

import sys
from types import SimpleNamespace

import pytest

from rnnwalk.render.terminal import keys


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("\xe0M\x00K\xe0H\xe0P", ["right", "left", "up", "down"]),
        ("\xe0G\xe0O\xe0I\xe0Q", ["home", "end", "left", "right"]),
        ("q7 \r\x08\x1b\x03", ["q", "7", "space", "enter", "backspace", "escape", "interrupt"]),
        ("\x00;n", ["", "n"]),  # F1, which has no meaning
    ],
)
def test_the_keys_of_windows_have_the_same_names(typed: str, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "os", SimpleNamespace(name="nt"))
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(getwch=iter(typed).__next__))
    with keys.keyboard() as key:
        assert [key() for _ in names] == names
