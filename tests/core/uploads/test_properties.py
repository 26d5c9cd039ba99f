"""Whatever arrives, the answer is a result or a refusal, never another error."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.uploads import samples
from zhitong.core.uploads.content import Converted, convert
from zhitong.core.uploads.formats import FORMATS
from zhitong.core.uploads.inspect import Inspected, examine
from zhitong.core.uploads.limits import Limits
from zhitong.core.uploads.reasons import Reason, UploadRefused

# a mutated header may claim any size: decoding 40 million pixels a time would take the suite's time
SMALL = Limits(megapixels=1, webp_megapixels=1, unpacked_mb=8)
MAGIC = [data[:16] for data in samples.VALID.values()]

changes = st.lists(
    st.tuples(
        st.sampled_from(["set", "cut", "insert", "double"]),
        st.floats(0, 1),
        st.binary(min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=6,
)


def mutated(data, steps):
    for sort, share, payload in steps:
        at = int(share * len(data))
        if sort == "set":
            data = data[:at] + payload + data[at + len(payload) :]
        elif sort == "cut":
            data = data[:at] + data[at + len(payload) * 4 :]
        elif sort == "insert":
            data = data[:at] + payload + data[at:]
        else:
            data = data[:at] + data[at // 2 :]
    return data


def answer(data):
    try:
        found = convert(data, SMALL)
    except UploadRefused as refusal:
        return refusal
    assert isinstance(found, Converted)
    assert found.format in FORMATS
    assert found.content
    return found


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(samples.VALID)), changes)
def test_mutated_files(name, steps):
    answer(mutated(samples.VALID[name], steps))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([b"", *MAGIC]), st.binary(max_size=400))
def test_random_bytes_after_any_beginning(magic, data):
    answer(magic + data)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(samples.VALID)), changes)
def test_what_was_accepted_once_is_accepted_again(name, steps):
    first = answer(mutated(samples.VALID[name], steps))
    if isinstance(first, Converted):
        second = answer(first.content)
        assert isinstance(second, Converted), second
        assert second.format == first.format


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(sorted(samples.VALID)), st.one_of(changes, st.binary(max_size=200)))
def test_the_whole_way_through_the_child(name, what):
    data = what if isinstance(what, bytes) else mutated(samples.VALID[name], what)
    with tempfile.TemporaryDirectory() as folder:
        sent, out = Path(folder, "sent"), Path(folder, "out")
        sent.write_bytes(data)
        out.mkdir()
        code = None
        try:
            found = examine(sent, claimed_name="x", out_dir=out)
        except UploadRefused as refusal:
            code = refusal.code
        else:
            assert isinstance(found, Inspected)
            assert found.path.stat().st_size == found.size
        assert code != Reason.UNREADABLE, "the child crashed on a file of a few kilobytes"
        assert code is None or not list(out.iterdir())
