"""Plain sound formats: WAV, MP3, AAC and AMR, walked frame by frame; runs in the child process.

Sound is not decoded: each format is walked by its own lengths to the last byte, and only what the walk
covered is kept. MP3, AAC and AMR have no overall length, so a foreign piece that happens to look like whole
frames passes; it is stored as sound and served under a type that no browser runs.
"""

from __future__ import annotations

import io
import struct
import wave

from zhitong.core.uploads.content import Converted
from zhitong.core.uploads.limits import Limits
from zhitong.core.uploads.reasons import Reason, UploadRefused

_ID3_HEADER = 10
_ID3_TAGS = 4
_PADDING = 65536
_PCM = bytes.fromhex("0100000000001000800000aa00389b71")
# fewer frames are a chance match of the sync bits
_FEWEST_FRAMES = 3


# --- WAV


def wav(data: bytes, _limits: Limits) -> Converted:
    """Return a WAV file written anew from its format and samples; other chunks are dropped."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise UploadRefused(Reason.DAMAGED)
    if data[end:].strip(b"\0"):
        raise UploadRefused(Reason.EXTRA_DATA)
    chunks = _wav_chunks(data, end)
    form, samples = chunks.get(b"fmt ", b""), chunks.get(b"data", b"")
    if len(form) < struct.calcsize("<HHIIHH") or not samples:
        raise UploadRefused(Reason.DAMAGED)
    # the extensible format says the same in the 16 bytes from 24 on; both are written as the plain one
    if form[:2] != _PCM[:2] and (form[:2] != b"\xfe\xff" or form[24:40] != _PCM):
        raise UploadRefused(Reason.AUDIO_FORMAT)
    _, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", form)
    out = io.BytesIO()
    try:
        with wave.open(out, "wb") as writer:
            writer.setnchannels(channels)
            writer.setsampwidth((bits + 7) // 8)
            writer.setframerate(rate)
            block = channels * writer.getsampwidth()
            frames = len(samples) // block
            writer.writeframes(samples[: frames * block])
    except (wave.Error, struct.error) as error:
        raise UploadRefused(Reason.DAMAGED) from error
    if not frames:
        raise UploadRefused(Reason.DAMAGED)
    return Converted("wav", out.getvalue(), duration=frames / rate)


def _wav_chunks(data: bytes, end: int) -> dict[bytes, bytes]:
    chunks: dict[bytes, bytes] = {}
    position = 12
    while position + 8 <= end:
        size = int.from_bytes(data[position + 4 : position + 8], "little")
        start = position + 8
        if start + size > end:
            raise UploadRefused(Reason.DAMAGED)
        chunks.setdefault(data[position : position + 4], data[start : start + size])
        position = start + size + size % 2
    return chunks


# --- MP3 and AAC

_LAYER3_KBIT = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_LAYER3_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)


def mpeg(data: bytes, _limits: Limits) -> Converted:
    """Return the frames of an MP3 or ADTS AAC file; tags before and after them are dropped."""
    start = _after_id3(data)
    if start + 8 > len(data):
        raise UploadRefused(Reason.DAMAGED)
    # the two layer bits are zero in AAC only
    return _mp3(data, start) if data[start + 1] & 6 else _aac(data, start)


def _after_id3(data: bytes) -> int:
    position = 0
    for _ in range(_ID3_TAGS):
        header = data[position : position + _ID3_HEADER]
        if header[:3] != b"ID3" or len(header) < _ID3_HEADER:
            break
        size = 0
        for byte in header[6:]:
            size = size << 7 | byte & 0x7F
        footer = _ID3_HEADER if header[5] & 0x10 else 0
        position += _ID3_HEADER + size + footer
    padding = data[position : position + _PADDING]
    return position + len(padding) - len(padding.lstrip(b"\0"))


def _mp3_frame(data: bytes, position: int) -> tuple[int, int, int]:
    """Return length in bytes, samples per second and samples of the frame here; zeros if there is none."""
    header = int.from_bytes(data[position : position + 4], "big")
    version, layer = header >> 19 & 3, header >> 17 & 3
    bitrate, rate = header >> 12 & 15, header >> 10 & 3
    if header >> 21 != 0x7FF or version == 1 or layer != 1 or not 0 < bitrate < 15 or rate == 3:  # noqa: PLR2004 - the format's own codes
        return 0, 0, 0
    hertz = _LAYER3_RATES[version][rate]
    samples = 1152 if version == 3 else 576  # noqa: PLR2004 -- MPEG 1, and 2 with 2.5
    kbit = _LAYER3_KBIT[3 if version == 3 else 2][bitrate]  # noqa: PLR2004 - same
    return samples // 8 * kbit * 1000 // hertz + (header >> 9 & 1), hertz, samples


def _mp3(data: bytes, start: int) -> Converted:
    position, frames, total = start, 0, len(data)
    first = _mp3_frame(data, start)
    while True:
        length, hertz, samples = _mp3_frame(data, position)
        if not length or (hertz, samples) != first[1:]:
            break
        if position + length > total:
            raise UploadRefused(Reason.DAMAGED)
        position += length
        frames += 1
    if frames < _FEWEST_FRAMES:
        raise UploadRefused(Reason.DAMAGED)
    _check_tail(data[position:])
    return Converted("mp3", data[start:position], duration=frames * first[2] / first[1])


def _aac_fixed(data: bytes, position: int) -> int:
    # sync, version, profile, rate and channels are the same in each frame; the copyright bits may change
    return int.from_bytes(data[position : position + 4], "big") & 0xFFFF_FDC0


def _aac(data: bytes, start: int) -> Converted:
    same = _aac_fixed(data, start)
    rate = same >> 10 & 15
    if rate >= len(_AAC_RATES):
        raise UploadRefused(Reason.DAMAGED)
    position, blocks, frames, total = start, 0, 0, len(data)
    while position + 7 <= total and _aac_fixed(data, position) == same:
        length = int.from_bytes(data[position + 3 : position + 6], "big") >> 5 & 0x1FFF
        if length < 8 or position + length > total:  # noqa: PLR2004 -- header and one byte
            raise UploadRefused(Reason.DAMAGED)
        blocks += 1 + (data[position + 6] & 3)
        position += length
        frames += 1
    if frames < _FEWEST_FRAMES:
        raise UploadRefused(Reason.DAMAGED)
    _check_tail(data[position:])
    return Converted("aac", data[start:position], duration=blocks * 1024 / _AAC_RATES[rate])


def _check_tail(tail: bytes) -> None:
    """Raise UploadRefused unless what follows the frames is only padding and known tags."""
    if tail[-128:-125] == b"TAG":
        tail = tail[:-128]
    if tail.startswith(b"APETAGEX"):
        tail = tail[32 + int.from_bytes(tail[12:16], "little") :]
    if tail[:1] == b"\xff" and len(tail) < 7:  # noqa: PLR2004 -- the beginning of a frame header
        raise UploadRefused(Reason.DAMAGED)
    if tail.strip(b"\0"):
        raise UploadRefused(Reason.EXTRA_DATA)


# --- AMR

# bytes of a frame without its header, by frame type; None is not allowed in a file
_AMR_SIZES = (12, 13, 15, 17, 19, 20, 26, 31, 5, *[None] * 6, 0)
_AWB_SIZES = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5, *[None] * 4, 0, 0)


def amr(data: bytes, _limits: Limits) -> Converted:
    """Return an AMR (narrow band) or AMR-WB recording of one channel as it is."""
    for magic, stored, sizes in ((b"#!AMR\n", "amr", _AMR_SIZES), (b"#!AMR-WB\n", "awb", _AWB_SIZES)):
        if data.startswith(magic):
            return Converted(stored, data, duration=_amr_frames(data, len(magic), sizes) * 0.02)
    raise UploadRefused(Reason.AUDIO_FORMAT)


def _amr_frames(data: bytes, position: int, sizes: tuple[int | None, ...]) -> int:
    frames, total = 0, len(data)
    while position < total:
        header = data[position]
        size = sizes[header >> 3 & 15]
        if header & 0x83 or size is None:
            raise UploadRefused(Reason.EXTRA_DATA if frames >= _FEWEST_FRAMES else Reason.DAMAGED)
        position += 1 + size
        frames += 1
    if position != total or not frames:
        raise UploadRefused(Reason.DAMAGED)
    return frames
