from __future__ import annotations

from typing import Any

import pytest

from tests.cases.conftest import office, quick_passwords

__all__ = ["office", "quick_passwords"]


@pytest.fixture
def unit(office: Any) -> Any:
    """The district's office, for which its dispatcher takes things down."""
    return office.units["district"]
