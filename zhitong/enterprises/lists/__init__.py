"""Lists of firms as offices keep them: which column is what, and what a cell says."""

from __future__ import annotations
