from __future__ import annotations

import io
import tarfile
import zipfile

import pytest

from tests.core.uploads import samples
from zhitong.core.uploads.formats import FORMATS, SOURCES, Kind, detect
from zhitong.core.uploads.reasons import Reason, UploadRefused


def zipped(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def tarred():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../../slip"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (zipped("photo.jpg"), Reason.ARCHIVE),
        (zipped("../../slip"), Reason.ARCHIVE),
        (zipped(), Reason.ARCHIVE),
        (zipped("[Content_Types].xml", "word/vbaProject.bin"), Reason.OFFICE),
        (zipped("mimetype"), Reason.OFFICE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), Reason.OFFICE),
        (b"{\\rtf1", Reason.OFFICE),
        (tarred(), Reason.ARCHIVE),
        (b"Rar!\x1a\x07\x01\x00", Reason.ARCHIVE),
        (b"7z\xbc\xaf\x27\x1c", Reason.ARCHIVE),
        (b"\x1f\x8b\x08\x00", Reason.ARCHIVE),
        (b"<!DOCTYPE html><script>alert(1)</script>", Reason.WEB_PAGE),
        (b"\xef\xbb\xbf \n<svg onload='x()'>", Reason.WEB_PAGE),
        ("<html>".encode("utf-16"), Reason.WEB_PAGE),
        ("<html>".encode("utf-16-be"), Reason.WEB_PAGE),
        (b'<?xml version="1.0"?>', Reason.WEB_PAGE),
        (b"MZ\x90\x00", Reason.PROGRAM),
        (b"\x7fELF\x02\x01", Reason.PROGRAM),
        (b"#!/bin/sh\nrm -rf ~", Reason.PROGRAM),
        (b"\xcf\xfa\xed\xfe", Reason.PROGRAM),
        (b"GIF89a\x01\x00\x01\x00;", Reason.PICTURE_FORMAT),
        (b"II*\x00\x08\x00\x00\x00", Reason.PICTURE_FORMAT),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", Reason.HEIC),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00", Reason.HEIC),
        (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00", Reason.HEIC),
        (b"RIFF\x00\x00\x00\x00AVI LIST", Reason.VIDEO),
        (b"fLaC\x00\x00\x00\x22", Reason.AUDIO_FORMAT),
        (b"\x02#!SILK_V3", Reason.AUDIO_FORMAT),
        (b"plain words", Reason.UNKNOWN_TYPE),
        (b"\x89PNG\n", Reason.UNKNOWN_TYPE),
        (bytes(2000), Reason.UNKNOWN_TYPE),
    ],
)
def test_what_is_not_accepted_is_named_by_its_content(data, reason):
    with pytest.raises(UploadRefused) as caught:
        detect(data)
    assert caught.value.code == reason


def test_heic_is_answered_with_the_way_out():
    with pytest.raises(UploadRefused, match="save the picture as JPEG"):
        detect(b"\x00\x00\x00\x18ftypheic")


@pytest.mark.parametrize("name", list(samples.VALID))
def test_each_sample_has_a_source(name):
    assert detect(samples.VALID[name]) in SOURCES


def test_each_stored_format_has_a_sample():
    assert set(FORMATS) == set(samples.VALID) - {"webp"}
    assert {form.kind for form in FORMATS.values()} == set(Kind)
    assert all(form.mime.split("/")[0] not in {"text", "multipart"} for form in FORMATS.values())
