"""The pages that are generated from tables say what the tables say."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support import source


@pytest.mark.parametrize("script", ["flow_docs.py", "permission_docs.py"])
def test_generated_pages_are_up_to_date(script: str) -> None:
    command = [sys.executable, str(source.ROOT / "scripts" / script), "--check"]
    found = subprocess.run(command, cwd=source.ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, f"run scripts/{script}: {found.stdout}{found.stderr}"
