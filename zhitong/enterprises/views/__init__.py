"""Pages about firms: parse, one service call, render."""

from __future__ import annotations
