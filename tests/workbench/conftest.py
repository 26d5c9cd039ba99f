from __future__ import annotations

from tests.cases.conftest import office, quick_passwords

__all__ = ["office", "quick_passwords"]
