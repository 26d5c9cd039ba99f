from __future__ import annotations

import zlib

import pytest

from tests.core.uploads import samples
from zhitong.core.uploads.content import convert
from zhitong.core.uploads.limits import DEFAULT, Limits
from zhitong.core.uploads.reasons import Reason

SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"
OBJECTS = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"


def stored(text):
    """Pack without compressing, so that the text can be read in the packed bytes."""
    packer = zlib.compressobj(0)
    return packer.compress(text) + packer.flush()


def test_a_plain_document_passes_unchanged():
    data = samples.VALID["pdf"]
    assert convert(data, DEFAULT).content == data


def test_a_document_with_packed_objects_passes():
    data = samples.pdf(samples.packed(b"5 0 << /Type /Page /Lang (zh) >>", OBJECTS))
    assert convert(data, DEFAULT).content == data


@pytest.mark.parametrize(
    "body",
    [
        SCRIPT,
        b"<< /S/JavaScript/JS 9 0 R >>",
        b"<< /S /Rendition /JS\n<6170702e> >>",
        b"<< /S /Rendition /JS 12 0 R >>",
        b"<< /S /Rendition /JS (\xfe\xff\0a\0p\0p) >>",
        b"<< /S /J#61v#61Script >>",
        b"<< /S /#4aavaScript >>",
        b"<< /#4a#53 12 0 R >>",
        b"<< /S /Launch /F (cmd.exe) >>",
        b"<< /Names << /EmbeddedFiles 8 0 R >> >>",
        b"<< /Type /EmbeddedFile >>",
        b"<< /S /GoToE >>",
        b"<< /XFA [(datasets) 7 0 R] >>",
        b"<< /Subtype /RichMedia >>",
        samples.packed(b"5 0 " + SCRIPT, OBJECTS),
        samples.packed(b"5 0 " + SCRIPT, b"/Filter /Fl"),
        samples.packed(b"5 0 " + SCRIPT, OBJECTS, pack=stored),
        # the name lies across two of the pieces that are searched
        samples.packed(bytes(3 * 1024 * 1024 - 10) + b"<< /S /Launch >>", OBJECTS),
        # a comment that looks like a stream: a reader sees the object in it
        b"% stream\nx\n4 0 obj\n" + SCRIPT + b"\nendobj % endstream",
    ],
)
def test_active_content_is_refused(refused, body):
    assert refused(samples.pdf(body)) == Reason.PDF_ACTIVE


@pytest.mark.parametrize("name", [b"/Encrypt 9 0 R", b"/Encr#79pt 9 0 R", b"/Encrypt<<>>"])
def test_a_protected_document_is_refused(refused, name):
    assert refused(samples.pdf(b"<< " + name + b" >>")) == Reason.PDF_ENCRYPTED


@pytest.mark.parametrize(
    "body",
    [
        b"<< /LaunchDate (1999) /JavaScripting 1 /EncryptMetadata false >>",
        b"(a /JS in a sentence)",
        samples.packed(b"BT (see /JS chapter) Tj ET"),
    ],
)
def test_words_that_only_begin_alike_pass(refused, body):
    assert refused(samples.pdf(body)) is None


@pytest.mark.parametrize(
    "declared",
    [
        b"/Type /ObjStm /Filter /ASCIIHexDecode",
        b"/Type /Obj#53tm /Filter [/ASCII85Decode /FlateDecode]",
        OBJECTS + b" /DecodeParms << /Predictor 12 >>",
    ],
)
def test_packed_objects_that_cannot_be_seen_are_refused(refused, declared):
    pack = zlib.compress if b"Predictor" in declared else hexadecimal
    body = samples.packed(b"5 0 x", declared, pack=pack)
    assert refused(samples.pdf(body)) == Reason.PDF_UNCHECKABLE


def hexadecimal(text):
    return text.hex().encode()


def test_a_document_that_unpacks_without_end_is_refused(refused):
    bomb = samples.pdf(samples.packed(b"", pack=lambda _: samples.zeros(9)))
    assert refused(bomb, Limits(unpacked_mb=8)) == Reason.PDF_UNCHECKABLE
    assert refused(bomb, Limits(unpacked_mb=10)) is None


def test_many_small_bombs_count_together(refused):
    bombs = samples.pdf(*[samples.packed(b"", pack=lambda _: samples.zeros(1))] * 9)
    assert refused(bombs, Limits(unpacked_mb=8)) == Reason.PDF_UNCHECKABLE


@pytest.mark.parametrize("tail", [b"PK\x03\x04payload", b"<script>alert(1)</script>"])
def test_what_is_glued_to_a_document_is_refused(refused, tail):
    assert refused(samples.pdf(tail=tail)) == Reason.EXTRA_DATA
    assert refused(samples.pdf(tail=b"\r\n\0\0")) is None


def test_a_truncated_document_is_refused(refused):
    data = samples.VALID["pdf"]
    for share in (0.2, 0.6, 0.95):
        assert refused(data[: int(len(data) * share)]) == Reason.DAMAGED


def test_a_document_that_begins_as_something_else_is_refused(refused):
    assert refused(b"<html>" + samples.VALID["pdf"]) == Reason.WEB_PAGE
    assert refused(b"\n" + samples.VALID["pdf"]) == Reason.UNKNOWN_TYPE
