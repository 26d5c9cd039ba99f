"""The limits of looking at a template and of filling it in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FillLimits:
    """What a template may be and what filling may use; sizes in MB (1024 * 1024 bytes), times in seconds."""

    file_mb: int = 2
    unpacked_mb: int = 40  # all parts together
    ratio: int = 200  # of a part that unpacks to more than ratio_mb
    ratio_mb: int = 2
    entries: int = 300
    rows: int = 2_000  # of a template's sheet
    columns: int = 200
    fields: int = 500  # places with a field
    cases: int = 20_000  # lines that a list may get

    cpu_seconds: int = 90
    memory_mb: int = 2_048
    output_mb: int = 40
    open_files: int = 32
    wall_seconds: float = 120.0


DEFAULT = FillLimits()
