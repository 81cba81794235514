"""rnnwalk export, and the cells that explain names."""

import re
from pathlib import Path

import openpyxl
import pytest

from tests.cli.conftest import Run


def test_export_writes_a_workbook_and_says_where_to_begin(run: Run, tmp_path: Path) -> None:
    result = run("export", "-o", "hello.xlsx")
    assert (result.code, result.out) == (0, "")
    assert "hello.xlsx" in result.err
    assert openpyxl.load_workbook(tmp_path / "hello.xlsx").sheetnames[0] == "Start"


def test_the_model_options_are_those_of_walk(run: Run, tmp_path: Path) -> None:
    assert run("weights", "new", "--word", "noon", "--hidden", "2", "-o", "noon.json").code == 0
    assert run("export", "no", "--weights", "noon.json", "-o", "a.xlsx").code == 0
    assert run("export", "we love we", "--by", "word", "--hidden", "2", "--seed", "4", "-o", "b.xlsx").code == 0
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["Inputs"]
    assert [sheet.cell(6, column).value for column in (3, 4, 5)] == ["we", "love", "we"]


def test_every_address_that_explain_prints_holds_that_number(run: Run, tmp_path: Path) -> None:
    arguments = ("banana", "--hidden", "4", "--seed", "7")
    assert run("export", *arguments, "-o", "w.xlsx").code == 0
    file = openpyxl.load_workbook(tmp_path / "w.xlsx", data_only=True)
    text = re.sub(r"\n[│├└─ ]*([=≈]) ", r" \1 ", run("explain", "loss_3", "--depth", "12", *arguments).out)
    found = re.findall(r"[=≈] (-?[0-9.]+) +\[(\w+)!([A-Z]+[0-9]+)\]", text)
    assert len(found) > 40
    for number, sheet, cell in found:
        assert float(file[sheet][cell].value) == pytest.approx(float(number), abs=5.1e-7), (number, sheet, cell)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-o", "hello.xls"), "ends in .xlsx, as in hello.xlsx"),
        (("-o", "nowhere/hello.xlsx"), "folder"),
        (("hallo", "--weights", "none.json", "-o", "w.xlsx"), "none.json"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_no_file(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = run("export", *arguments)
    assert result.code == 2
    assert words in result.err
    assert result.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_needs_force(run: Run, tmp_path: Path) -> None:
    (tmp_path / "w.xlsx").write_text("mine")
    assert run("export", "-o", "w.xlsx").code == 2
    assert (tmp_path / "w.xlsx").read_text() == "mine"
    assert run("export", "-o", "w.xlsx", "--force").code == 0


def test_export_trains_in_the_workbook(run: Run, tmp_path: Path) -> None:
    options = ("--optimizer", "adam", "--lr", "0.05", "--clip", "1")
    assert run("export", "noon", "--hidden", "2", "--train", "3", *options, "-o", "w.xlsx").code == 0
    file = openpyxl.load_workbook(tmp_path / "w.xlsx", data_only=True)
    assert [name for name in file.sheetnames if name in ("Backprop", "Training", "Nudge")] == [
        "Backprop",
        "Training",
        "Nudge",
    ]
    losses = [file["Training"].cell(row, 2).value for row in (9, 10, 11)]
    assert losses == sorted(losses, reverse=True)
    assert run("export", "noon", "--hidden", "2", "--backward", "-o", "b.xlsx").code == 0
    assert "Training" not in openpyxl.load_workbook(tmp_path / "b.xlsx").sheetnames


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--train", "3000"), "at most 2,840 epochs"),
        (("--train", "20", "--lr", "1e300"), "expected at most 1e+100"),
        (("--train", "2", "--lr", "0"), "learning rate is 0"),
        (("--backward", "--clip", "-1"), "clip norm is -1"),
        (("--backward", "--clip-value", "0"), "clip value is 0"),
        (("--backward", "--clip", "1", "--clip-value", "1"), "--clip and --clip-value do not go together"),
    ],
)
def test_what_cannot_be_trained_is_one_sentence_and_leaves_no_file(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = run("export", *arguments, "-o", "w.xlsx")
    assert result.code == 2
    assert words in result.err
    assert list(tmp_path.iterdir()) == []


def test_a_text_too_long_for_a_workbook_is_refused_before_it_is_recorded(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = []
    monkeypatch.setattr("rnnwalk.walks.walk.check_size", lambda letters, *_, **__: recorded.append(letters))
    result = run("export", "ab" * 60_000, "-o", "w.xlsx")
    assert result.code == 2
    assert "a text of 120,000 symbols with these weights does not fit" in result.err
    assert max(recorded) == 2
