"""The child process itself: what it may use, and what becomes of its failures. Each child start costs a moment."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.core.uploads import samples
from zhitong.core import confined
from zhitong.core.uploads import inspect
from zhitong.core.uploads.formats import FORMATS, Kind
from zhitong.core.uploads.limits import DEFAULT, MB, Limits
from zhitong.core.uploads.reasons import Reason, UploadRefused

PACKAGE = Path(inspect.__file__).parent


@pytest.mark.parametrize("name", list(samples.VALID))
def test_a_good_file_is_kept_under_a_random_name(box, name):
    data = samples.VALID[name]
    found = box.examine(data, name=f"../样品.{name}.exe")
    form = FORMATS["jpeg" if name == "webp" else name]
    assert (found.kind, found.mime, found.extension) == (form.kind, form.mime, form.extension)
    assert found.name == f"样品_{name}.{form.extension}"
    kept = found.path.read_bytes()
    assert found.path.parent == box.out
    assert (found.size, found.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())
    assert found.source_sha256 == hashlib.sha256(data).hexdigest()
    assert found.path.stat().st_mode & 0o077 == 0
    expected = {found.path}
    if found.kind == Kind.PHOTO:
        expected.add(found.thumbnail)
        with Image.open(found.thumbnail) as small:
            assert max(small.size) <= 320
    assert set(box.out.iterdir()) == expected


def test_a_photo_loses_its_place_and_stands_upright(box):
    exif = samples.exif_with_place(6)
    found = box.examine(samples.written(samples.halves(), "JPEG", exif=exif, comment=b"secret"))
    assert (found.width, found.height) == (20, 40)
    with Image.open(found.path) as picture:
        assert picture.size == (20, 40)
        assert not picture.getexif()
    assert b"secret" not in found.path.read_bytes()


def test_a_huge_picture_fits_into_the_limits(box):
    found = box.examine(samples.png_by_hand(7300, 5470, idat=samples.zeros(115)))
    assert (found.width, found.height, found.extension) == (7300, 5470, "jpg")


@pytest.mark.parametrize(
    ("data", "reason", "params"),
    [
        (
            samples.png_by_hand(30_000, 30_000, idat=samples.zeros(8)),
            Reason.TOO_MANY_PIXELS,
            {"limit_mp": 40},
        ),
        (b"\xff\xd8\xff" + bytes(10 * MB), Reason.TOO_LARGE, {"limit_mb": 10}),
        (samples.jpeg()[:900], Reason.DAMAGED, {}),
        (b"<svg onload='x()'>", Reason.WEB_PAGE, {}),
    ],
    ids=["flood", "large", "truncated", "svg"],
)
def test_a_refusal_of_the_child_arrives_with_its_numbers(box, data, reason, params):
    refusal = box.refusal(data)
    assert (refusal.code, refusal.params) == (reason, params)


# --- before a child is started


@pytest.fixture
def childless(monkeypatch):
    def start(*_args, **_options):
        pytest.fail("a child was started")

    monkeypatch.setattr(confined.subprocess, "Popen", start)


@pytest.mark.usefixtures("childless")
def test_an_empty_file_is_refused(box):
    assert box.refusal(b"").code == Reason.EMPTY


@pytest.mark.usefixtures("childless")
def test_a_file_larger_than_any_limit_is_refused(box, tmp_path):
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(20 * MB + 1)
    with pytest.raises(UploadRefused) as caught:
        inspect.examine(big, claimed_name="x", out_dir=box.out)
    assert (caught.value.code, caught.value.params) == (Reason.TOO_LARGE, {"limit_mb": 20})


@pytest.fixture
def impatient():
    """Fail instead of waiting for ever for somebody to write into a pipe."""
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it waits for a writer"))
    signal.alarm(10)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("childless", "impatient")
@pytest.mark.parametrize("sort", ["link", "dangling", "folder", "pipe", "missing", "device", "nul"])
def test_what_is_no_plain_file_is_refused(box, tmp_path, sort):
    target = tmp_path / "target"
    target.write_bytes(samples.jpeg())
    path = tmp_path / "sent"
    if sort == "link":
        path.symlink_to(target)
    elif sort == "dangling":
        path.symlink_to(tmp_path / "nowhere")
    elif sort == "folder":
        path.mkdir()
    elif sort == "pipe":
        os.mkfifo(path)
    elif sort == "device":
        path = Path(os.devnull)
    elif sort == "nul":
        path = tmp_path / "a\0b"
    with pytest.raises(UploadRefused) as caught:
        inspect.examine(path, claimed_name="x", out_dir=box.out)
    assert caught.value.code == Reason.NOT_A_FILE


@pytest.mark.usefixtures("childless")
def test_too_many_at_once_are_sent_away(box):
    held = [inspect._slots.acquire(blocking=False) for _ in range(2)]
    try:
        assert held == [True, True]
        assert box.refusal(samples.jpeg(), limits=Limits(wall_seconds=0.01)).code == Reason.BUSY
    finally:
        for _ in held:
            inspect._slots.release()


# --- a child that does not end well


def replaced(monkeypatch, tmp_path, code):
    """Let another script play the child; its standard input, output and handles are the real ones."""
    script = tmp_path / "child.py"
    script.write_text("from __future__ import annotations\nimport os, sys, signal\n" + code)
    monkeypatch.setattr(inspect, "_CHILD", script)


@pytest.mark.parametrize(
    "code",
    [
        "os.kill(os.getpid(), signal.SIGKILL)",
        "os.kill(os.getpid(), signal.SIGSEGV)",
        "raise RuntimeError",
        "",
        "print('no json')",
        "print('[1]')",
        "print('[' * 4000)",
        'print(\'{"format": "jpeg", "width": 1, "height": 1, "duration": null}\' + \' \' * 9000)',
        'print(\'{"format": "exe", "width": 1, "height": 1, "duration": null}\')',
        'print(\'{"format": "jpeg", "width": 1, "height": 1, "duration": null}\')',
        'os.write(int(sys.argv[1]), b\'x\'); print(\'{"format": "jpeg", "width": 1, "height": 1, "duration": null}\')',
        'os.write(int(sys.argv[1]), b\'x\'); print(\'{"format": "mp3", "width": null, "height": null, "duration": NaN}\')',
        'os.write(int(sys.argv[1]), b\'x\'); print(\'{"format": "mp3", "width": -1, "height": null, "duration": 1}\')',
        'print(\'{"refused": "no such reason", "params": {}}\')',
        'print(\'{"refused": "too_large", "params": {}}\')',
        'print(\'{"refused": "too_large", "params": {"limit_mb": "<script>"}}\')',
        'print(\'{"refused": "too_large"}\')',
    ],
)
def test_nothing_the_child_does_or_says_breaks_the_caller(box, monkeypatch, tmp_path, code):
    replaced(monkeypatch, tmp_path, code)
    assert box.refusal(samples.jpeg()).code == Reason.UNREADABLE


def ended(pid):
    """Tell whether a process is gone or dies at once."""
    try:
        return confined._ends_within(pid, 5)
    except ProcessLookupError:
        return True


def test_a_child_that_hangs_is_killed_with_its_children(box, monkeypatch, tmp_path):
    note = tmp_path / "pid"
    # the grandchild closes nothing and would outlive its parent
    code = f"""
pid = os.fork()
if pid:
    with open({str(note)!r}, "w") as file:
        file.write(str(pid))
signal.pause()
"""
    replaced(monkeypatch, tmp_path, code)
    assert box.refusal(samples.jpeg(), limits=Limits(wall_seconds=1.5)).code == Reason.UNREADABLE
    assert ended(int(note.read_text()))


def test_a_child_that_leaves_a_process_behind_leaves_nothing(box, monkeypatch, tmp_path):
    note = tmp_path / "pid"
    code = f"""
pid = os.fork()
if not pid:
    signal.pause()
with open({str(note)!r}, "w") as file:
    file.write(str(pid))
"""
    replaced(monkeypatch, tmp_path, code)
    assert box.refusal(samples.jpeg()).code == Reason.UNREADABLE
    assert ended(int(note.read_text()))


def test_time_processor_and_memory_run_out_as_a_refusal(box):
    assert box.refusal(samples.jpeg(), limits=Limits(wall_seconds=0.01)).code == Reason.UNREADABLE
    assert box.refusal(samples.jpeg(), limits=Limits(memory_mb=16)).code == Reason.UNREADABLE
    flood = samples.pdf(b"/#41" * (4 * MB))
    assert box.refusal(flood, limits=Limits(cpu_seconds=1)).code == Reason.UNREADABLE


# --- what the child may use

PROBE = """
from __future__ import annotations
import json, os, resource, socket, sys
sys.path.append(sys.argv[1])
from zhitong.core import confined
confined.confine(cpu_seconds=5, memory_mb=512, output_mb=1, open_files=32)
said = {name: resource.getrlimit(getattr(resource, "RLIMIT_" + name))
        for name in ("CORE", "CPU", "AS", "FSIZE", "NOFILE", "NPROC")}
def attempt(what):
    try:
        what()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "done"
said["memory"] = attempt(lambda: bytearray(600 << 20))
out = os.open(sys.argv[2], os.O_CREAT | os.O_WRONLY)
os.truncate(out, 1 << 20)
os.lseek(out, 0, os.SEEK_END)
said["file"] = attempt(lambda: os.write(out, b"x"))
confined.close_doors()
said["open"] = attempt(lambda: os.open("/etc/hostname", os.O_RDONLY))
said["socket"] = attempt(lambda: socket.socket())
print(json.dumps(said))
"""


def test_the_limits_hold(tmp_path):
    run = subprocess.run(
        [sys.executable, "-I", "-c", PROBE, str(PACKAGE.parents[2]), str(tmp_path / "out")],
        capture_output=True,
        check=True,
        env={},
    )
    said = json.loads(run.stdout)
    assert said["CPU"] == [5, 5]
    assert said["AS"] == [512 * MB] * 2
    assert said["FSIZE"] == [MB] * 2
    assert said["NOFILE"] == [32, 32]
    assert said["CORE"] == said["NPROC"] == [0, 0]
    assert said["memory"] == "MemoryError"
    assert said["file"] == said["open"] == said["socket"] == "OSError"


def test_the_child_is_started_apart_from_the_server(box, monkeypatch):
    monkeypatch.setenv("ZHITONG_SECRET", "not for children")
    started = {}
    real = confined.subprocess.Popen

    def popen(command, **options):
        started.update(options, command=command)
        return real(command, **options)

    monkeypatch.setattr(confined.subprocess, "Popen", popen)
    box.examine(samples.mp3())
    assert started["env"] == {}
    assert started["start_new_session"] is True
    assert started["command"][1:3] == ["-I", "-B"]
    assert not any("sent" in str(part) for part in started["command"]), "the path is not told"


def test_the_web_process_loads_no_parser():
    code = "import sys, zhitong.core.uploads.inspect; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, cwd=PACKAGE.parents[2]
    ).stdout.split()
    ours = {name.rpartition(".")[2] for name in loaded if name.startswith("zhitong.core.uploads.")}
    assert ours == {"inspect", "formats", "limits", "names", "reasons"}
    assert not [name for name in loaded if name == "PIL" or name.startswith("PIL.")]


def test_the_default_limits_are_the_promised_ones():
    assert (DEFAULT.photo_mb, DEFAULT.audio_mb, DEFAULT.document_mb, DEFAULT.megapixels) == (10, 20, 20, 40)
    assert (DEFAULT.cpu_seconds, DEFAULT.memory_mb) == (5, 512)
