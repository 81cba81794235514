"""A file is replaced whole or not at all, only when that was asked for, and nothing else is left or touched."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rnnwalk.errors import InputError
from rnnwalk.files import STALE, check_target, replacing
from rnnwalk.text import named

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files, nor such permissions")

# Writes half of the file that it is told, says so, and then waits to be killed.
HALF = """
import os, sys, time
from pathlib import Path
from rnnwalk.files import replacing
if sys.argv[2] == "elsewhere": os.__dict__.pop("O_TMPFILE", None)
with replacing(Path(sys.argv[1]), True) as file:
    file.write(b"half")
    file.flush()
    print("ready", flush=True)
    time.sleep(60)
"""


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
    assert len(str(error.value)) < 300
    assert str(error.value).startswith(f"{named(path)}: ")
    return str(error.value).removeprefix(f"{named(path)}: ")


def names(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


@pytest.fixture(params=["linux", "elsewhere"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """As on Linux, which has files without a name, and as on systems that lack this and more."""
    if request.param == "elsewhere":
        for missing in ("O_TMPFILE", "fchown", "geteuid"):
            monkeypatch.delattr(os, missing, raising=False)
    return str(request.param)


def kill_while_writing(path: Path, system: str) -> int:
    """The number of a process that was killed while it wrote."""
    with subprocess.Popen([sys.executable, "-c", HALF, str(path), system], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"ready"
        process.kill()
        process.wait(timeout=60)
    return process.pid


@pytest.mark.usefixtures("system")
def test_a_new_file_is_written_with_the_users_permissions(tmp_path: Path) -> None:
    put(tmp_path / "walk.txt")
    (tmp_path / "plain").write_bytes(b"")
    assert (tmp_path / "walk.txt").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "walk.txt").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.usefixtures("system")
def test_an_existing_file_is_kept_without_force_and_replaced_with_it(tmp_path: Path) -> None:
    path = tmp_path / "walk.txt"
    path.write_bytes(b"old")
    assert refused(path) == "exists already; use --force to replace it, or another name"
    assert path.read_bytes() == b"old"
    put(path, force=True)
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["walk.txt"]


@POSIX
@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o666, 0o444, 0o755])
def test_a_replaced_file_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "walk.txt"
    path.write_bytes(b"old")
    path.chmod(mode)
    put(path, force=True)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", mode)


@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("failure", [KeyboardInterrupt, ZeroDivisionError, SystemExit, MemoryError])
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
    assert names(tmp_path) == (["walk.txt"] if existed else [])
    assert not existed or path.read_bytes() == b"old"


@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("late", [False, True], ids=["at once", "when the file is to be on its disk"])
def test_a_full_disk_is_an_error_in_words_and_leaves_the_old_file(
    tmp_path: Path, late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int = 0) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "walk.txt"
    path.write_bytes(b"old")
    if late:
        monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="cannot be written \\(No space left on device\\)"), replacing(path, True):
        if not late:
            full()
    assert names(tmp_path) == ["walk.txt"]
    assert path.read_bytes() == b"old"


def test_a_file_system_that_has_nothing_to_wait_for_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(_: int) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(os, "fsync", nothing)
    put(tmp_path / "walk.txt")
    assert (tmp_path / "walk.txt").read_bytes() == b"new"


@pytest.mark.parametrize("force", [True, False])
def test_places_where_no_file_can_be_are_refused(tmp_path: Path, force: bool) -> None:
    (tmp_path / "file").write_bytes(b"old")
    assert refused(tmp_path, force) == "is a directory; name a file in it"
    no = named(tmp_path / "no")
    assert refused(tmp_path / "no" / "walk.txt", force) == f"the folder {no} does not exist; make it first"
    assert refused(tmp_path / "file" / "walk.txt", force) == f"{named(tmp_path / 'file')} is a file, not a folder"
    assert (tmp_path / "file").read_bytes() == b"old"


@pytest.mark.parametrize("name", ["n" * 300, "n\0", "n" * 5000], ids=["long", "null", "longer"])
def test_an_impossible_name_is_refused_in_words(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path / name).startswith("cannot be written (")


@POSIX
@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("name", ["n" * 255, "é" * 127, "日" * 85, os.fsdecode(b"\xff" * 255), "a\nb", "-"])
def test_every_possible_name_is_written(tmp_path: Path, name: str) -> None:
    for content in (b"one", b"two"):
        put(tmp_path / name, content, force=True)
        assert (tmp_path / name).read_bytes() == content
    assert names(tmp_path) == [name]


def test_a_vanished_working_folder_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    try:
        (tmp_path / "gone").rmdir()
    except OSError:
        pytest.skip("the system keeps a folder that is worked in")
    with pytest.raises(InputError, match=r"walk.txt: "):
        put(Path("walk.txt"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert refused(tmp_path / "walk.txt") == f"the folder {named(tmp_path)} cannot be written to"


# Symbolic links


@POSIX
@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("kind", ["absolute", "relative", "chain", "through a folder"])
def test_through_a_link_its_target_is_replaced_and_the_link_stays(tmp_path: Path, kind: str) -> None:
    real = tmp_path / "real" / "walk.txt"
    real.parent.mkdir()
    real.write_bytes(b"old")
    link = tmp_path / "link.txt"
    if kind == "absolute":
        link.symlink_to(real)
    elif kind == "relative":
        link.symlink_to("real/walk.txt")
    elif kind == "chain":
        (tmp_path / "real" / "middle").symlink_to("walk.txt")
        link.symlink_to("real/middle")
    else:
        (tmp_path / "folder").symlink_to("real")
        link = tmp_path / "folder" / "walk.txt"
    links = {item: item.readlink() for item in tmp_path.rglob("*") if item.is_symlink()}
    assert refused(link) == "exists already; use --force to replace it, or another name"
    put(link, force=True)
    assert {item: item.readlink() for item in tmp_path.rglob("*") if item.is_symlink()} == links
    assert (real.read_bytes(), real.is_symlink()) == (b"new", False)


@POSIX
@pytest.mark.usefixtures("system")
def test_a_link_to_nothing_gets_its_target(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("walk.txt")
    put(tmp_path / "link")
    assert (tmp_path / "link").readlink() == Path("walk.txt")
    assert (tmp_path / "walk.txt").read_bytes() == b"new"
    (tmp_path / "lost").symlink_to("no/walk.txt")
    no = named(tmp_path / "no")
    assert refused(tmp_path / "lost", force=True) == f"the folder {no} does not exist; make it first"


@POSIX
def test_links_that_lead_nowhere_or_to_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "folder").symlink_to(".")
    assert refused(tmp_path / "loop", force=True) == "leads through more than 40 links; name a file"
    assert refused(tmp_path / "folder", force=True) == "is a directory; name a file in it"


# Devices, pipes, and what the system makes


@POSIX
def test_a_pipe_a_socket_and_a_device_are_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        before = Path.cwd()
        os.chdir(tmp_path)  # the path of a socket must be short
        listening.bind("socket")
        os.chdir(before)
        (tmp_path / "null").symlink_to("/dev/null")
        for name in ("pipe", "socket", "null"):
            said = refused(tmp_path / name, force=True)
            assert said == "is a device, a pipe or a socket; name a file, or - for stdout"
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_what_the_system_makes_is_never_replaced(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        for path in (
            "/proc/self/comm",
            f"/proc/self/fd/{file.fileno()}",
            f"/dev/fd/{file.fileno()}",
            "/sys/new",
            "/proc/new",
        ):
            with pytest.raises(
                InputError, match=f"^{path}: is not a file that can be written; name a file, or - for stdout$"
            ):
                put(Path(path), force=True)
    assert (tmp_path / "file").read_bytes() == b""


STDOUT = ["-", *[name for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1") if os.path.lexists(name)]]


@pytest.mark.parametrize("name", STDOUT)
def test_standard_output_gets_all_of_it_or_nothing(name: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    before = os.lstat(name) if name != "-" else None
    put(Path(name))
    assert capfdbinary.readouterr().out == b"new"
    with pytest.raises(KeyboardInterrupt), replacing(Path(name), force=False) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert capfdbinary.readouterr().out == b""
    assert before is None or os.lstat(name).st_mode == before.st_mode


@POSIX
def test_a_link_to_standard_output_is_standard_output(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "walk.md").symlink_to("/dev/stdout")
    put(tmp_path / "walk.md")
    assert capfdbinary.readouterr().out == b"new"
    assert (tmp_path / "walk.md").is_symlink()


def test_a_closed_standard_output_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(InputError, match="stdout is closed"):
        put(Path("-"))


# What a run leaves that is killed


def has_nameless_files(folder: Path) -> bool:
    try:
        os.close(os.open(folder, os.O_TMPFILE | os.O_RDWR))
    except (OSError, AttributeError):
        return False
    return True


@POSIX
@pytest.mark.parametrize("existed", [True, False])
def test_a_run_that_is_killed_leaves_nothing_where_files_need_no_name(tmp_path: Path, existed: bool) -> None:
    if not has_nameless_files(tmp_path):
        pytest.skip("this file system has no files without a name")
    if existed:
        (tmp_path / "walk.txt").write_bytes(b"old")
    kill_while_writing(tmp_path / "walk.txt", "linux")
    assert names(tmp_path) == (["walk.txt"] if existed else [])
    assert not existed or (tmp_path / "walk.txt").read_bytes() == b"old"


@POSIX
def test_elsewhere_it_leaves_a_file_that_says_whose_it_is_and_a_later_run_clears_it(tmp_path: Path) -> None:
    process = kill_while_writing(tmp_path / "walk.txt", "elsewhere")
    (left,) = names(tmp_path)
    assert left.startswith(".walk.txt.rnnwalk-")
    assert f"-{process}-" in left
    put(tmp_path / "other.txt")
    assert names(tmp_path) == [left, "other.txt"], "it has only just been written to"
    long_ago = time.time() - STALE - 1
    os.utime(tmp_path / left, (long_ago, long_ago))
    put(tmp_path / "other.txt", force=True)
    assert names(tmp_path) == ["other.txt"]


@POSIX
def test_only_what_a_dead_run_of_ours_left_is_cleared(tmp_path: Path) -> None:
    process = kill_while_writing(tmp_path / "walk.txt", "elsewhere")
    (left,) = names(tmp_path)
    kept = [
        left.replace(f"-{process}-", f"-{os.getpid()}-"),  # it lives
        left.replace(f"-{process}-", "-1-"),  # so does this one, which is nobody's to end
        left.replace(".rnnwalk-", ".rnnwalk-elsewhere"),  # another machine's
        left[1:],
        f"{left}.mine",
        left.replace("rnnwalk", "rnnwalks"),
    ]
    for name in kept:
        (tmp_path / name).write_bytes(b"")
    (tmp_path / left.replace(".walk.txt", ".link")).symlink_to("link")
    (tmp_path / left.replace(".walk.txt", ".folder")).mkdir()
    kept += [left.replace(".walk.txt", ".link"), left.replace(".walk.txt", ".folder")]
    long_ago = time.time() - STALE - 1
    for name in [*kept, left]:
        os.utime(tmp_path / name, (long_ago, long_ago), follow_symlinks=False)
    put(tmp_path / "walk.txt")
    assert names(tmp_path) == sorted([*kept, "walk.txt"])


@POSIX
def test_a_signal_that_ends_the_run_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "walk.txt").write_bytes(b"old")
    with subprocess.Popen(
        [sys.executable, "-c", HALF, str(tmp_path / "walk.txt"), "linux"], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
    assert (tmp_path / "walk.txt").read_bytes() == b"old"


@pytest.mark.parametrize("existed", [True, False])
def test_where_files_cannot_be_linked_it_is_written_all_the_same(
    tmp_path: Path, existed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "link", forbidden)
    path = tmp_path / "walk.txt"
    if existed:
        path.write_bytes(b"old")
        path.chmod(0o600)
    put(path, b"new" * 1_000_000, force=existed)
    assert path.read_bytes() == b"new" * 1_000_000
    assert names(tmp_path) == ["walk.txt"]
    assert not existed or os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.usefixtures("system")
def test_a_file_that_appears_in_the_meantime_is_kept_too(tmp_path: Path) -> None:
    path = tmp_path / "walk.txt"
    with pytest.raises(InputError, match="exists already; use --force"), replacing(path, False) as file:
        file.write(b"new")
        path.write_bytes(b"somebody's")
    assert path.read_bytes() == b"somebody's"
    assert names(tmp_path) == ["walk.txt"]
    with replacing(tmp_path / "forced.txt", True) as file:
        file.write(b"new")
        (tmp_path / "forced.txt").write_bytes(b"somebody's")
    assert (tmp_path / "forced.txt").read_bytes() == b"new"
