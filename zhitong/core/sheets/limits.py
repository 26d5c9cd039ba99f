"""The limits of reading one table."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SheetLimits:
    """What a table may be and what reading it may use; sizes in MB (1024 * 1024 bytes), times in seconds."""

    file_mb: int = 50
    unpacked_mb: int = 400  # all parts of a workbook together
    ratio: int = 200  # of a part that unpacks to more than ratio_mb
    ratio_mb: int = 10
    entries: int = 2_000
    rows: int = 200_000
    columns: int = 200
    cell: int = 2_000  # characters; longer cells are cut

    cpu_seconds: int = 30
    memory_mb: int = 1_536
    output_mb: int = 400
    open_files: int = 32
    wall_seconds: float = 60.0


DEFAULT = SheetLimits()
