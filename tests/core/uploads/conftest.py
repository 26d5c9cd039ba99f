from __future__ import annotations

import pytest

from zhitong.core.uploads.content import convert
from zhitong.core.uploads.inspect import examine
from zhitong.core.uploads.limits import DEFAULT
from zhitong.core.uploads.reasons import UploadRefused


@pytest.fixture
def box(tmp_path):
    """Examine bytes through the real child process; `box.out` is where results lie."""

    class Box:
        out = tmp_path / "out"

        def examine(self, data, *, name="paper", limits=DEFAULT):
            sent = tmp_path / "sent"
            sent.write_bytes(data)
            return examine(sent, claimed_name=name, out_dir=self.out, limits=limits)

        def refusal(self, data, *, limits=DEFAULT):
            with pytest.raises(UploadRefused) as caught:
                self.examine(data, limits=limits)
            assert list(self.out.iterdir()) == [], "a refused file left something behind"
            return caught.value

    Box.out.mkdir()
    return Box()


@pytest.fixture
def refused():
    """Convert bytes in this process and return the reason; without one, None. Much quicker than a child."""

    def reason(data, limits=DEFAULT):
        try:
            convert(data, limits)
        except UploadRefused as refusal:
            return refusal.code
        return None

    return reason
