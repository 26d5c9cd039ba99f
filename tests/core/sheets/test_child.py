"""The child process itself: what it may use, and what becomes of its failures."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

from tests.core.sheets import samples
from zhitong.core import confined
from zhitong.core.sheets import reading
from zhitong.core.sheets.limits import MB, SheetLimits
from zhitong.core.sheets.reasons import Reason, SheetRefused

# --- a child that does not end well


def test_a_table_too_heavy_for_its_seconds_is_refused(box):
    data = samples.xlsx(samples.many(40_000, 20))
    assert box.refusal(data, limits=SheetLimits(cpu_seconds=1, ratio=10_000)).code == Reason.UNREADABLE


@pytest.mark.parametrize("limits", [{"memory_mb": 24}, {"memory_mb": 90}, {"open_files": 3}])
def test_a_table_too_heavy_for_its_memory_is_refused(box, limits):
    data = samples.csv([["滕州机床厂" * 20] * 10] * 15_000)
    assert box.refusal(data, limits=SheetLimits(**limits)).code == Reason.UNREADABLE
    assert box.read(samples.csv()).count() == 3


def test_rows_that_grow_too_large_are_refused(box):
    data = samples.csv([["x" * 100] * 100] * 150)
    assert box.refusal(data, limits=SheetLimits(output_mb=1)).code == Reason.UNREADABLE


def replaced(monkeypatch, tmp_path, code):
    """Let another script play the child; its standard input, output and handles are the real ones."""
    script = tmp_path / "child.py"
    script.write_text("from __future__ import annotations\nimport os, sys, signal\n" + code)
    monkeypatch.setattr(reading, "_CHILD", script)


GOOD = '{"sheets": [], "sheet": "", "encoding": "", "delimiter": "", "merged": []}'


@pytest.mark.parametrize(
    "code",
    [
        "os.kill(os.getpid(), signal.SIGKILL)",
        "os.kill(os.getpid(), signal.SIGSEGV)",
        "raise RuntimeError",
        "",
        "print('no json')",
        "print('[1]')",
        "print('7')",
        "print('\"rows\"')",
        "print('[' * 4000)",
        "sys.stdout.buffer.write(bytes([255, 254, 253]))",
        "print('{\"rows\": 3}' + ' ' * 9000)",
        "print('{\"rows\": 0}')",
        "print('{\"rows\": Infinity}')",
        "print('{\"rows\": NaN}')",
        "print('{\"rows\": 3}')",
        'print(\'{"refused": "no such reason", "params": {}}\')',
        'print(\'{"refused": [], "params": {}}\')',
        'print(\'{"refused": "empty", "params": []}\')',
        'print(\'{"refused": "empty"}\')',
        'print(\'{"refused": "too_large", "params": {}}\')',
        'print(\'{"refused": "too_large", "params": {"limit_mb": "<script>"}}\')',
    ],
)
def test_nothing_the_child_says_breaks_the_caller(box, monkeypatch, tmp_path, code):
    replaced(monkeypatch, tmp_path, code)
    assert box.refusal(samples.csv()).code == Reason.UNREADABLE


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"7",
        b"{}",
        b"[" * 100_000,
        GOOD.replace('"merged": []', '"merged": null').encode(),
        GOOD.replace('"merged": []', '"merged": [["x"]]').encode(),
        GOOD.replace('"merged": []', '"merged": [[Infinity, 0, 0, 0]]').encode(),
        GOOD.replace('"sheets": []', '"sheets": 7').encode(),
    ],
)
def test_a_wrong_beginning_of_the_rows_is_refused(box, monkeypatch, tmp_path, head):
    replaced(monkeypatch, tmp_path, f"os.write(int(sys.argv[1]), {head!r}); print('{{\"rows\": 1}}')")
    assert box.refusal(samples.csv()).code == Reason.UNREADABLE


@pytest.mark.parametrize(
    "line", [b"\xff", b"7", b"[1]", b'["1", []]', b"[1, [2]]", b"[1, 2]", b"[" * 100_000, b"[1.5, []]", b"x"]
)
def test_a_wrong_row_is_refused_where_it_is_met(tmp_path, line):
    path = tmp_path / "rows"
    path.write_bytes(GOOD.encode() + b'\n[1, ["a"]]\n' + line + b"\n")
    with pytest.raises(SheetRefused) as caught:
        list(reading.open_table(path).rows())
    assert caught.value.code == Reason.UNREADABLE


def test_merged_cells_with_other_corners_are_dropped(tmp_path):
    path = tmp_path / "rows"
    path.write_text(GOOD.replace('"merged": []', '"merged": [[1, 2], [0, 0, 0, 3]]'))
    assert reading.open_table(path).merged == ((0, 0, 0, 3),)


def ended(pid):
    """Tell whether a process is gone or dies at once."""
    try:
        return confined._ends_within(pid, 5)
    except ProcessLookupError:
        return True


@pytest.mark.parametrize("hangs", [True, False])
def test_no_process_is_left_behind(box, monkeypatch, tmp_path, hangs):
    note = tmp_path / "pid"
    # the grandchild closes nothing and would outlive its parent
    code = f"""
pid = os.fork()
if not pid:
    signal.pause()
with open({str(note)!r}, "w") as file:
    file.write(str(pid))
if {hangs}:
    signal.pause()
"""
    replaced(monkeypatch, tmp_path, code)
    assert box.refusal(samples.csv(), limits=SheetLimits(wall_seconds=1.5)).code == Reason.UNREADABLE
    assert ended(int(note.read_text()))


def test_where_no_child_can_be_started_nothing_is_left(box, monkeypatch):
    def start(*_args, **_options):
        raise BlockingIOError

    monkeypatch.setattr(confined.subprocess, "Popen", start)
    with pytest.raises(BlockingIOError):
        box.read(samples.csv())
    assert list(box.folder.iterdir()) == []
    monkeypatch.undo()
    assert box.read(samples.csv()).count() == 3


# --- what the child may do

PROBE = """
from __future__ import annotations
import json, os, resource, socket, sys
sys.path.append(sys.argv[1])
from zhitong.core.confined import close_doors, confine

def attempt(act):
    try:
        act()
    except (OSError, MemoryError, ValueError) as error:
        return type(error).__name__
    return "done"

said = {"before": attempt(lambda: open("/etc/hostname"))}
confine(cpu_seconds=5, memory_mb=512, output_mb=1, open_files=16)
said["limits"] = {
    name: resource.getrlimit(getattr(resource, "RLIMIT_" + name))
    for name in ("CPU", "AS", "FSIZE", "NOFILE", "CORE", "NPROC")
}
confine(cpu_seconds=2, memory_mb=1024, output_mb=9, open_files=99)
said["raised"] = [resource.getrlimit(getattr(resource, "RLIMIT_" + n))[0] for n in ("CPU", "AS", "NOFILE")]
said["memory"] = attempt(lambda: bytearray(600 << 20))
close_doors()
said["open"] = attempt(lambda: open("/etc/hostname"))
said["socket"] = attempt(socket.socket)
said["pair"] = attempt(socket.socketpair)
said["pipe"] = attempt(os.pipe)
said["copy"] = attempt(lambda: os.dup(0))
said["environment"] = dict(os.environ)
said["folder"] = os.getcwd()
said["isolated"] = sys.flags.isolated
said["session"] = os.getsid(0) == os.getpid()
said["read"] = sys.stdin.read()
print(json.dumps(said))
"""


def test_the_child_can_open_neither_files_nor_sockets(tmp_path, monkeypatch):
    monkeypatch.setenv("ZHITONG_SECRET", "not for children")
    script, source, printed = tmp_path / "probe.py", tmp_path / "source", tmp_path / "printed"
    script.write_text(PROBE)
    source.write_text("the file")
    root = str(Path(reading.__file__).resolve().parents[3])
    with confined.opened(source) as given, printed.open("wb") as out:
        status = confined.run_child(script, [root], source=given, outputs=(), printed=out, wall_seconds=20)
    assert status == 0
    said = json.loads(printed.read_text())
    limits = said.pop("limits")
    assert limits["CPU"] == [5, 5]
    assert limits["AS"] == [512 * MB] * 2
    assert limits["FSIZE"] == [MB] * 2
    assert limits["NOFILE"] == [16, 16]
    assert limits["CORE"] == limits["NPROC"] == [0, 0]
    assert said.pop("raised") == [2, 512 * MB, 16]
    assert {name: "" for name in said["environment"]}.keys() <= {"LC_CTYPE"}
    del said["environment"]
    assert said == {
        "before": "done", "memory": "MemoryError", "open": "OSError", "socket": "OSError", "pair": "OSError",
        "pipe": "OSError", "copy": "OSError", "folder": "/", "isolated": 1, "session": True, "read": "the file",
    }  # fmt: skip


def test_the_child_writes_to_its_handles_and_its_status_is_told(tmp_path):
    script, source = tmp_path / "script.py", tmp_path / "source"
    source.write_text("x")
    script.write_text("import os, sys\nos.write(int(sys.argv[1]), sys.argv[2].encode())\nsys.exit(3)")
    with (
        confined.opened(source) as given,
        (tmp_path / "out").open("wb") as out,
        (tmp_path / "printed").open("wb") as printed,
    ):
        status = confined.run_child(
            script, ["said"], source=given, outputs=(out,), printed=printed, wall_seconds=20
        )
    assert status == 3
    assert (tmp_path / "out").read_text() == "said"


def test_a_child_that_takes_too_long_has_no_status(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import signal\nsignal.pause()")
    with confined.opened(script) as given, (tmp_path / "printed").open("wb") as printed:
        started = time.monotonic()
        status = confined.run_child(script, [], source=given, outputs=(), printed=printed, wall_seconds=0.3)
    assert status is None
    assert time.monotonic() - started < 10


def test_the_web_process_loads_no_parser(tmp_path):
    script, printed = tmp_path / "script.py", tmp_path / "printed"
    root = str(Path(reading.__file__).resolve().parents[3])
    script.write_text(
        "import sys\nsys.path.append(sys.argv[1])\nimport zhitong.core.sheets.reading\nprint(*sorted(sys.modules))"
    )
    with confined.opened(script) as given, printed.open("wb") as out:
        status = confined.run_child(script, [root], source=given, outputs=(), printed=out, wall_seconds=20)
    assert status == 0
    loaded = printed.read_text().split()
    ours = {name.rpartition(".")[2] for name in loaded if name.startswith("zhitong.core.sheets.")}
    assert ours == {"reading", "limits", "reasons"}
    assert not [name for name in loaded if name.startswith("python_calamine")]


def test_the_child_is_this_interpreter_and_is_told_no_path(box, monkeypatch):
    started = {}
    real = confined.subprocess.Popen

    def popen(command, **options):
        started.update(options, command=command)
        return real(command, **options)

    monkeypatch.setattr(confined.subprocess, "Popen", popen)
    box.read(samples.csv())
    assert started["command"][:3] == [sys.executable, "-I", "-B"]
    assert started["env"] == {}
    assert not any(str(box.folder) in str(part) or "sent" in str(part) for part in started["command"])
