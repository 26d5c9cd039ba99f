"""From a file in a request to an examined file in the media folder."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from zhitong.core.uploads.inspect import Inspected, examine

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def examine_upload(file: UploadedFile) -> Inspected:
    """Write the upload to a closed place, have it examined, keep what may be kept; raises UploadRefused."""
    folder = settings.MEDIA_ROOT
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="quarantine-", dir=folder) as quarantine:
        raw = Path(quarantine) / "file"
        with raw.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        return examine(raw, claimed_name=file.name or "", out_dir=folder)
