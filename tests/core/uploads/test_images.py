from __future__ import annotations

import io
import struct
import zipfile

import pytest
from PIL import Image

from tests.core.uploads import samples
from zhitong.core.uploads.content import convert
from zhitong.core.uploads.limits import DEFAULT, Limits
from zhitong.core.uploads.reasons import Reason, UploadRefused


def opened(content):
    return Image.open(io.BytesIO(content))


def jpeg_segments(content):
    """Return the markers before the pixels, and what follows the end mark."""
    position, markers = 2, []
    while content[position + 1] != 0xDA:
        markers.append(content[position + 1])
        position += 2 + int.from_bytes(content[position + 2 : position + 4], "big")
    return markers, content[content.rindex(b"\xff\xd9") + 2 :]


def png_chunks(content):
    position, names = 8, []
    while position < len(content):
        names.append(content[position + 4 : position + 8])
        position += 12 + int.from_bytes(content[position : position + 4], "big")
    return names


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_is_applied_and_its_mark_removed(orientation):
    data = samples.written(samples.halves(), "JPEG", quality=95, exif=samples.exif_with_place(orientation))
    found = convert(data, DEFAULT)
    picture = opened(found.content).convert("RGB")
    lying = orientation < 5
    assert picture.size == (found.width, found.height) == ((40, 20) if lying else (20, 40))
    assert not picture.getexif()
    # where the red half ends up, by the table of the EXIF standard
    red_first = orientation in {1, 4, 5, 6}
    assert (picture.getpixel((2, 2))[0] > 128) == red_first
    assert opened(found.thumbnail).size == picture.size


def test_the_place_of_a_photo_is_gone_and_was_there_before():
    exif = samples.exif_with_place()
    data = samples.jpeg(exif=exif, comment=b"bought at home", icc_profile=b"profile" * 40)
    assert opened(data).getexif().get_ifd(0x8825)[2] == samples.GPS
    found = convert(data, DEFAULT)
    for content in (found.content, found.thumbnail):
        picture = opened(content)
        assert not picture.getexif()
        assert not picture.getexif().get_ifd(0x8825)
        assert not {"exif", "icc_profile", "comment", "xmp"} & set(picture.info)
        markers, rest = jpeg_segments(content)
        # JFIF header, tables and frame; no application data, no comment
        assert not set(markers) & {*range(0xE1, 0xF0), 0xFE}
        assert rest == b""
        assert b"Maker" not in content


def test_a_png_keeps_pixels_and_transparency_and_nothing_else():
    picture = samples.noise(mode="RGBA")
    text = samples.png_chunk(b"tEXt", b"Comment\0<script>alert(1)</script>")
    data = samples.written(picture, "PNG", exif=samples.exif_with_place(), icc_profile=b"profile" * 40)
    data = data[:33] + text + data[33:]
    found = convert(data, DEFAULT)
    assert found.format == "png"
    assert set(png_chunks(found.content)) == {b"IHDR", b"IDAT", b"IEND"}
    assert opened(found.content).tobytes() == picture.tobytes()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png_of_every_mode_is_kept(mode):
    picture = (
        Image.new("I;16", (40, 30), 200 * 256) if mode == "I;16" else samples.noise((40, 30)).convert(mode)
    )
    found = convert(samples.written(picture, "PNG"), DEFAULT)
    assert opened(found.content).size == (40, 30)
    if mode == "I;16":
        assert opened(found.content).getpixel((5, 5)) == 200


def test_a_print_colour_jpeg_becomes_one_that_screens_show():
    found = convert(samples.written(samples.noise().convert("CMYK"), "JPEG"), DEFAULT)
    assert opened(found.content).mode == "RGB"


def test_webp_is_kept_as_jpeg_with_its_orientation():
    data = samples.written(samples.halves(), "WEBP", exif=samples.exif_with_place(6))
    found = convert(data, DEFAULT)
    assert (found.format, found.width, found.height) == ("jpeg", 20, 40)


def test_the_thumbnail_is_small_and_of_the_same_shape():
    found = convert(samples.jpeg((1000, 400)), DEFAULT)
    assert opened(found.thumbnail).size == (320, 128)
    assert opened(found.thumbnail).format == "JPEG"


def test_a_large_png_becomes_a_jpeg():
    data = samples.written(samples.noise((1100, 1000), "RGBA"), "PNG")
    found = convert(data, Limits(png_megapixels=1))
    assert found.format == "jpeg"
    assert len(found.content) < len(data)


def test_a_picture_with_broken_metadata_stays_as_it_lies():
    data = samples.jpeg(exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + bytes(20))
    assert convert(data, DEFAULT).width == 48


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("payload.exe", b"MZ")
    return out.getvalue()


@pytest.mark.parametrize(
    "glued", [archive(), b"<html><script>alert(1)</script>", b"GIF89a", b"MZ" + bytes(90)]
)
@pytest.mark.parametrize("form", ["jpeg", "png", "webp"])
def test_what_is_glued_to_a_picture_is_gone(form, glued):
    found = convert(samples.VALID[form] + glued, DEFAULT)
    assert glued[:12] not in found.content
    assert not zipfile.is_zipfile(io.BytesIO(found.content))


def test_a_script_in_a_comment_is_gone():
    payload = b"*/=alert(1);/*"
    assert payload not in convert(samples.jpeg(comment=payload), DEFAULT).content


@pytest.mark.parametrize("form", ["jpeg", "png", "webp"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_picture_is_refused(refused, form, share):
    data = samples.VALID[form]
    assert refused(data[: int(len(data) * share)]) == Reason.DAMAGED


def webp_header(width, height):
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + canvas
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    ("data", "limit"),
    [
        (samples.png_by_hand(30_000, 30_000, idat=samples.zeros(8)), 40),
        (samples.png_by_hand(2**31 - 1, 2**31 - 1, idat=b""), 40),
        (samples.png_by_hand(40_000, 1, idat=samples.zeros(1)), 40),
        (webp_header(16_384, 16_384), 24),
        (samples.jpeg()[:2] + b"\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x11\0\x02\x11\0\x03\x11\0", 40),
    ],
    ids=["bomb", "absurd", "ribbon", "webp", "jpeg"],
)
def test_a_flood_of_pixels_is_refused_before_decoding(data, limit, monkeypatch):
    def decode(*_args):
        pytest.fail("the pixels were decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decode)
    # libjpeg's header reader wants the scan to have begun
    data = data + b"\xff\xda\x00\x0c\x03\x01\0\x02\0\x03\0\0\x3f\0" if data[:2] == b"\xff\xd8" else data
    with pytest.raises(UploadRefused) as caught:
        convert(data, DEFAULT)
    assert (caught.value.code, caught.value.params) == (Reason.TOO_MANY_PIXELS, {"limit_mp": limit})


def test_the_guard_against_floods_lets_ordinary_photos_pass():
    assert convert(samples.png_by_hand(2000, 1500, idat=samples.zeros(9)), DEFAULT).height == 1500


@pytest.mark.parametrize("chunk", [b"zTXt", b"iTXt", b"iCCP"])
def test_a_bomb_in_the_metadata_is_defused(refused, chunk):
    between = {b"zTXt": b"k\0\0", b"iTXt": b"k\0\x01\0\0\0", b"iCCP": b"k\0\0"}[chunk]
    extra = samples.png_chunk(chunk, between + samples.zeros(64))
    data = samples.png_by_hand(4, 4, idat=samples.zeros(1), extra=extra)
    assert refused(data) in {None, Reason.DAMAGED}
