"""From a file in a request to an examined file in the media folder."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from zhitong.core.models import Upload
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


def sweep(*, now: datetime, older: timedelta = timedelta(days=1)) -> int:
    """Remove what stands in the media folder, is older than a day and has no row; return how many."""
    folder = settings.MEDIA_ROOT
    if not folder.exists():
        return 0
    named = {name for names in Upload.objects.values_list("path", "thumbnail") for name in names}
    strays = [place for place in folder.iterdir() if place.name not in named and _age(place, now) > older]
    for place in strays:
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
    return len(strays)


def _age(place: Path, now: datetime) -> timedelta:
    return now - datetime.fromtimestamp(place.stat().st_mtime, tz=UTC)
