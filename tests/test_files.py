"""A file is replaced whole or not at all, and only when that was asked for."""

import os
import stat
from pathlib import Path

import pytest

from rnnwalk.errors import InputError
from rnnwalk.files import check_target, replacing


def put(path: Path, content: bytes = b"new", force: bool = False) -> None:
    with replacing(path, force) as file:
        file.write(content)


def refused(path: Path, force: bool = False) -> str:
    before = sorted(path.parent.iterdir()) if path.parent.is_dir() else None
    with pytest.raises(InputError) as error:
        put(path, force=force)
    with pytest.raises(InputError):
        check_target(path, force)
    assert before is None or sorted(path.parent.iterdir()) == before
    assert str(error.value).startswith(f"{path}: ")
    return str(error.value).removeprefix(f"{path}: ")


def test_a_new_file_is_written_with_the_users_permissions(tmp_path: Path) -> None:
    put(tmp_path / "walk.txt")
    (tmp_path / "plain").write_bytes(b"")
    assert (tmp_path / "walk.txt").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "walk.txt").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)
    assert len(list(tmp_path.iterdir())) == 2


def test_an_existing_file_is_kept_without_force_and_replaced_with_it(tmp_path: Path) -> None:
    path = tmp_path / "walk.txt"
    path.write_bytes(b"old")
    assert refused(path) == "exists already; use --force to replace it, or another name"
    assert path.read_bytes() == b"old"
    put(path, force=True)
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ZeroDivisionError, SystemExit])
@pytest.mark.parametrize("existed", [True, False])
def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, failure: type[BaseException], existed: bool
) -> None:
    path = tmp_path / "walk.txt"
    if existed:
        path.write_bytes(b"old")
    with pytest.raises(failure), replacing(path, True) as file:
        file.write(b"half")
        file.flush()
        raise failure
    assert [item.name for item in tmp_path.iterdir()] == (["walk.txt"] if existed else [])
    assert not existed or path.read_bytes() == b"old"


def test_a_full_disk_is_an_error_in_words_and_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "walk.txt"
    path.write_bytes(b"old")
    with pytest.raises(InputError, match="cannot be written \\(No space left on device\\)"), replacing(path, True):
        raise OSError(28, "No space left on device")
    assert [item.name for item in tmp_path.iterdir()] == ["walk.txt"]
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("force", [True, False])
def test_places_where_no_file_can_be_are_refused(tmp_path: Path, force: bool) -> None:
    (tmp_path / "file").write_bytes(b"old")
    assert refused(tmp_path, force) == "is a directory; name a file in it"
    assert refused(tmp_path / "no" / "walk.txt", force) == f"the folder {tmp_path / 'no'} does not exist; make it first"
    assert refused(tmp_path / "file" / "walk.txt", force) == f"{tmp_path / 'file'} is a file, not a folder"
    assert (tmp_path / "file").read_bytes() == b"old"


@pytest.mark.parametrize("name", ["n" * 300, "n\0", "n" * 5000], ids=["long", "null", "longer"])
def test_an_impossible_name_is_refused_in_words(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path / name).startswith("cannot be written (")


def test_a_device_or_a_pipe_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe", force=True) == "is not a regular file; name another"
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert refused(tmp_path / "walk.txt") == f"the folder {tmp_path} cannot be written to"
