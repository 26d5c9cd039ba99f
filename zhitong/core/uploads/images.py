"""Pictures: decoded and written anew, so that only pixels survive; runs in the child process."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Callable

from PIL import Image, ImageFile, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from zhitong.core.uploads.content import Converted, Converter
from zhitong.core.uploads.limits import MB, Limits
from zhitong.core.uploads.reasons import Reason, UploadRefused

# Pillow imports its drivers on first use; later there are no file handles left to import with
Image.preinit()
assert TiffImagePlugin  # noqa: S101 -- reads EXIF; named so that the import stays

_MILLION = 1_000_000
_QUALITY = 90
_THUMBNAIL_QUALITY = 80
# what Pillow's drivers raise on files that are not what they seem
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    AttributeError,
    OverflowError,
    ZeroDivisionError,
    struct.error,
    zlib.error,
)
_OPENERS: dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    "jpeg": JpegImagePlugin.JpegImageFile,
    "png": PngImagePlugin.PngImageFile,
    "webp": WebPImagePlugin.WebPImageFile,
}
_ORIENTATION_TAG = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _convert(source: str, data: bytes, limits: Limits) -> Converted:
    if source == "webp":
        # its driver allocates the canvas on opening, so the size is read by hand first
        _check_pixels(*_webp_size(data), limits.webp_megapixels, limits)
    picture: Image.Image = _OPENERS[source](io.BytesIO(data))
    _check_pixels(*picture.size, limits.megapixels, limits)
    picture.load()
    turn = _TURNS.get(_orientation(picture))
    picture = _plain(picture)
    if turn is not None:
        picture = picture.transpose(turn)
    width, height = picture.size
    small_enough = width * height <= limits.png_megapixels * _MILLION
    content, stored = b"", "jpeg"
    if source == "png" and small_enough:
        content, stored = _write(picture, "PNG"), "png"
    if not content or len(content) > limits.photo_mb * MB:
        picture = _opaque(picture)
        content, stored = _write(picture, "JPEG", quality=_QUALITY), "jpeg"
    picture.thumbnail((limits.thumbnail_px, limits.thumbnail_px))
    thumbnail = _write(_opaque(picture), "JPEG", quality=_THUMBNAIL_QUALITY)
    return Converted(stored, content, thumbnail, width, height)


def _too_many_pixels(megapixels: int) -> UploadRefused:
    return UploadRefused(Reason.TOO_MANY_PIXELS, {"limit_mp": megapixels})


def _check_pixels(width: int, height: int, megapixels: int, limits: Limits) -> None:
    if width < 1 or height < 1:
        raise UploadRefused(Reason.DAMAGED)
    if width * height > megapixels * _MILLION or max(width, height) > limits.side:
        raise _too_many_pixels(megapixels)


def _webp_size(data: bytes) -> tuple[int, int]:
    chunk = data[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        return (
            int.from_bytes(data[26:28], "little") & 0x3FFF,
            int.from_bytes(data[28:30], "little") & 0x3FFF,
        )
    raise UploadRefused(Reason.DAMAGED)


def _orientation(picture: Image.Image) -> int:
    try:
        value = picture.getexif().get(_ORIENTATION_TAG, 1)
    except BROKEN:
        # a good picture with broken metadata stays as it lies
        return 1
    return value if isinstance(value, int) else 1


def _plain(picture: Image.Image) -> Image.Image:
    """Return the pixels as L, RGB or RGBA, eight bits each, without anything else."""
    if picture.mode.startswith(("I", "F")):
        # 16 bits a pixel; a plain convert() would cut off at 255 instead of scaling
        plain = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif picture.has_transparency_data:
        plain = picture.convert("RGBA")
    elif picture.mode not in {"L", "RGB"}:
        plain = picture.convert("L" if picture.mode == "1" else "RGB")
    else:
        plain = picture
    # profiles, comments, texts: Pillow would copy some of them into the new file
    plain.info = {}
    return plain


def _opaque(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    white = Image.new("RGB", picture.size, (255, 255, 255))
    white.paste(picture, mask=picture)
    return white


def _write(picture: Image.Image, form: str, **options: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def _converter(source: str) -> Converter:
    def convert(data: bytes, limits: Limits) -> Converted:
        # Pillow warns about damaged metadata and large pictures; the limits here are our own
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return _convert(source, data, limits)
            except MemoryError:
                raise _too_many_pixels(limits.webp_megapixels) from None
            except BROKEN as error:
                raise UploadRefused(Reason.DAMAGED) from error

    return convert


jpeg, png, webp = (_converter(source) for source in ("jpeg", "png", "webp"))
