from __future__ import annotations

import io
import json

import pytest

from zhitong.core.sheets.limits import DEFAULT
from zhitong.core.sheets.parse import convert
from zhitong.core.sheets.reading import read_table
from zhitong.core.sheets.reasons import SheetRefused


@pytest.fixture
def box(tmp_path):
    """Read bytes through the real child process; `box.out` is where the rows lie."""

    class Box:
        folder = tmp_path / "box"
        out = folder / "rows.jsonl"
        sent = tmp_path / "sent"

        def read(self, data, *, sheet="", limits=DEFAULT):
            self.sent.write_bytes(data)
            return read_table(self.sent, out=self.out, sheet=sheet, limits=limits)

        def refusal(self, data=None, *, limits=DEFAULT):
            if data is not None:
                self.sent.write_bytes(data)
            with pytest.raises(SheetRefused) as caught:
                read_table(self.sent, out=self.out, limits=limits)
            assert list(self.folder.iterdir()) == [], "a refused table left something behind"
            return caught.value

    Box.folder.mkdir()
    return Box()


@pytest.fixture
def rows():
    """Convert bytes in this process and return the rows. Much quicker than a child."""

    def converted(data, sheet="", limits=DEFAULT):
        out = io.StringIO()
        count = convert(data, out, limits, sheet)
        found = [json.loads(line) for line in out.getvalue().split("\n")[1:-1]]
        assert len(found) == count
        return found

    return converted


@pytest.fixture
def refused(rows):
    """Convert bytes in this process and return the refusal; without one, None."""

    def refusal(data, limits=DEFAULT):
        try:
            rows(data, limits=limits)
        except SheetRefused as found:
            return found
        return None

    return refusal
