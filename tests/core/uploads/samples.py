"""Files of every kind, made by hand: small, valid, and with the parts that attacks are made of."""

from __future__ import annotations

import io
import random
import struct
import wave
import zlib

from PIL import Image

from zhitong.core.uploads.ogg import checksum

GPS = (35, 6, 12)


def noise(size=(48, 32), mode="RGB", seed=7):
    bands = {"RGB": 3, "RGBA": 4, "L": 1}[mode]
    return Image.frombytes(mode, size, random.Random(seed).randbytes(size[0] * size[1] * bands))


def exif_with_place(orientation=1):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825).update({1: "N", 2: GPS, 3: "E", 4: (117, 9, 3)})
    return exif


def written(picture, form, **options):
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def jpeg(size=(48, 32), **options):
    return written(noise(size), "JPEG", **options)


def halves(size=(40, 20)):
    """Left half red, right half blue: turning is visible."""
    picture = Image.new("RGB", size, (220, 0, 0))
    picture.paste((0, 0, 220), (size[0] // 2, 0, size[0], size[1]))
    return picture


def png_chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_by_hand(width, height, *, idat, extra=b""):
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + extra + png_chunk(b"IDAT", idat) + png_chunk(b"IEND", b"")


def zeros(megabytes, level=9):
    """What unpacks to many zero bytes."""
    packer = zlib.compressobj(level)
    block = bytes(1024 * 1024)
    return b"".join([*(packer.compress(block) for _ in range(megabytes)), packer.flush()])


def wav(seconds=0.5, rate=8000):
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(random.Random(1).randbytes(int(seconds * rate) * 2))
    return out.getvalue()


def mp3(frames=10):
    # MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes a frame
    return (b"\xff\xfb\x90\xc4" + bytes(413)) * frames


def id3(body=b"TIT2" + bytes(60)):
    size = len(body)
    return b"ID3\x04\0\0" + bytes(size >> shift & 127 for shift in (21, 14, 7, 0)) + body


def aac(frames=10, size=100):
    # AAC LC, 44.1 kHz, one channel
    header = (0xFFF << 44) | (1 << 40) | (1 << 38) | (4 << 34) | (1 << 30) | (size << 13) | (0x7FF << 2)
    return (header.to_bytes(7, "big") + bytes(size - 7)) * frames


def amr(frames=50):
    return b"#!AMR\n" + (b"\x3c" + b"\x55" * 31) * frames


def amr_wide(frames=50):
    return b"#!AMR-WB\n" + (b"\x44" + b"\x55" * 60) * frames


def ogg_page(body, *, flags, position, number, serial=77):
    lacing = b"\xff" * (len(body) // 255) + bytes([len(body) % 255])
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, position, serial, number, 0, len(lacing)) + lacing
    page = head + body
    return page[:22] + struct.pack("<I", checksum(page)) + page[26:]


OPUS = b"OpusHead\x01\x01" + struct.pack("<HIhB", 312, 48000, 0, 0)


def ogg(first=OPUS):
    return b"".join(
        (
            ogg_page(first, flags=2, position=0, number=0),
            ogg_page(b"OpusTags" + bytes(20), flags=0, position=0, number=1),
            ogg_page(b"\x77" * 300, flags=0, position=24312, number=2),
            ogg_page(b"\x77" * 200, flags=4, position=48312, number=3),
        )
    )


def box(name, *bodies):
    body = b"".join(bodies)
    return struct.pack(">I", len(body) + 8) + name + body


def m4a(*, brand=b"M4A ", handler=b"soun", coding=b"mp4a", extra=b"", duration=2500):
    entry = box(coding, bytes(28))
    table = box(b"stbl", box(b"stsd", struct.pack(">II", 0, 1), entry))
    media = box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(13)), box(b"minf", table))
    header = box(b"mvhd", bytes(12) + struct.pack(">II", 1000, duration) + bytes(80))
    place = box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7+35.1033+117.1508/"))
    movie = box(b"moov", header, box(b"trak", media), place)
    return box(b"ftyp", brand + bytes(4)) + movie + extra + box(b"mdat", bytes(range(200)))


def ebml(identifier, body, *, live=False):
    name = identifier.to_bytes((identifier.bit_length() + 7) // 8, "big")
    size = b"\x01" + b"\xff" * 7 if live else (len(body) | 1 << 56).to_bytes(8, "big")
    return name + size + body


def webm(*, kind=2, codec=b"A_OPUS", document=b"webm", tail=b"", live=True):
    track = ebml(0xAE, ebml(0xD7, b"\1") + ebml(0x83, bytes([kind])) + ebml(0x86, codec))
    tags = ebml(0x1254C367, ebml(0x7373, b"+35.1033+117.1508"))
    blocks = b"".join(
        ebml(0xA3, b"\x81" + struct.pack(">h", 60 * n) + b"\x80" + bytes(90)) for n in range(10)
    )
    cluster = ebml(0x1F43B675, ebml(0xE7, b"\x03\xe8") + blocks, live=live)
    segment = ebml(0x18538067, ebml(0x1654AE6B, track) + tags + cluster + tail, live=live)
    return ebml(0x1A45DFA3, ebml(0x4282, document)) + segment


def pdf(*objects, tail=b""):
    body = (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages >>\nendobj\n"
    )
    listed = b"".join(b"%d 0 obj\n%b\nendobj\n" % (number, text) for number, text in enumerate(objects, 3))
    return body + listed + b"trailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n" + tail


def packed(text, declared=b"/Filter /FlateDecode", pack=zlib.compress):
    content = pack(text)
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (declared, len(content), content)


VALID = {
    "jpeg": jpeg(),
    "png": written(noise(mode="RGBA"), "PNG"),
    "webp": written(noise(), "WEBP"),
    "wav": wav(),
    "mp3": mp3(),
    "aac": aac(),
    "amr": amr(),
    "awb": amr_wide(),
    "ogg": ogg(),
    "m4a": m4a(),
    "3gp": m4a(brand=b"3gp4", coding=b"samr"),
    "webm": webm(),
    "pdf": pdf(packed(b"BT (hello) Tj ET")),
}
