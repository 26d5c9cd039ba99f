from __future__ import annotations

import io
import struct
import wave

import pytest

from tests.core.uploads import samples
from zhitong.core.uploads.content import convert
from zhitong.core.uploads.limits import DEFAULT
from zhitong.core.uploads.reasons import Reason

SOUND = ["wav", "mp3", "aac", "amr", "awb", "ogg", "m4a", "3gp", "webm"]


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("wav", 0.5),
        ("mp3", 10 * 1152 / 44100),
        ("aac", 10 * 1024 / 44100),
        ("amr", 1.0),
        ("awb", 1.0),
        ("ogg", 1.0),
        ("m4a", 2.5),
        ("3gp", 2.5),
        ("webm", 1.54),
    ],
)
def test_the_length_of_a_recording_is_known(name, seconds):
    found = convert(samples.VALID[name], DEFAULT)
    assert found.format == name
    assert found.duration == pytest.approx(seconds)


@pytest.mark.parametrize("name", ["mp3", "aac", "amr", "awb", "ogg"])
def test_plain_frames_pass_unchanged(name):
    assert convert(samples.VALID[name], DEFAULT).content == samples.VALID[name]


GLUED = [b"PK\x03\x04" + bytes(60), b"<html><script>alert(1)</script>", b"\x7fELF" + bytes(40)]


@pytest.mark.parametrize("glued", GLUED, ids=["zip", "html", "elf"])
@pytest.mark.parametrize("name", SOUND)
def test_what_is_glued_to_a_recording_is_refused(refused, name, glued):
    assert refused(samples.VALID[name] + glued) in {Reason.EXTRA_DATA, Reason.DAMAGED}


@pytest.mark.parametrize("name", SOUND)
def test_a_recording_cut_off_inside_a_frame_is_refused(refused, name):
    assert refused(samples.VALID[name][:-7]) == Reason.DAMAGED


@pytest.mark.parametrize("name", SOUND)
def test_a_mere_beginning_is_refused(refused, name):
    for length in (4, 9, 12, 20, 40):
        assert refused(samples.VALID[name][:length]) is not None, length


# --- WAV


def test_a_wav_is_written_anew_without_other_chunks():
    data = samples.wav()
    note = b"LIST" + struct.pack("<I", 24) + b"INFOICMT<script>alert(1)"
    body = data[8:36] + note + data[36:]
    sent = b"RIFF" + struct.pack("<I", len(body)) + body
    found = convert(sent, DEFAULT)
    assert b"script" in sent
    assert found.content == data
    with wave.open(io.BytesIO(found.content)) as file:
        assert file.getnframes() == 4000


def test_a_wav_in_another_coding_is_refused_by_name(refused):
    data = bytearray(samples.wav())
    data[20:22] = struct.pack("<H", 0x55)
    assert refused(bytes(data)) == Reason.AUDIO_FORMAT


def test_an_extensible_wav_is_kept_as_a_plain_one(refused):
    data = samples.wav()
    coding = bytes.fromhex("0100000000001000800000aa00389b71")
    form = b"\xfe\xff" + data[22:36] + struct.pack("<HHI", 22, 16, 4) + coding
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + data[36:]
    sent = b"RIFF" + struct.pack("<I", len(body)) + body
    assert convert(sent, DEFAULT).content == data
    assert refused(sent.replace(coding, bytes(16))) == Reason.AUDIO_FORMAT


@pytest.mark.parametrize(("offset", "value"), [(22, 0), (24, 0), (34, 0), (34, 999), (40, 2**31), (4, 2**31)])
def test_a_wav_with_impossible_numbers_is_refused(refused, offset, value):
    data = bytearray(samples.wav())
    layout = "<H" if offset in {22, 34} else "<I"
    struct.pack_into(layout, data, offset, value)
    assert refused(bytes(data)) == Reason.DAMAGED


# --- MP3, AAC


def test_tags_around_an_mp3_are_stripped():
    tail = b"APETAGEX" + struct.pack("<II", 2000, 40) + bytes(16) + bytes(40)
    sent = samples.id3(b"GEOB<script>alert(1)</script>") + samples.mp3() + tail + b"TAG" + b"x" * 125
    assert convert(sent, DEFAULT).content == samples.mp3()


def test_tags_before_aac_are_stripped():
    assert convert(samples.id3() + samples.aac(), DEFAULT).content == samples.aac()


def test_a_tag_longer_than_the_file_is_refused(refused):
    assert refused(b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + samples.mp3()) == Reason.DAMAGED


def test_two_frames_are_no_recording(refused):
    assert refused(samples.mp3(2)) == Reason.DAMAGED
    assert refused(samples.aac(2)) == Reason.DAMAGED


# --- AMR


def test_amr_of_several_channels_is_refused_by_name(refused):
    assert refused(b"#!AMR_MC1.0\n" + bytes(40)) == Reason.AUDIO_FORMAT


def test_amr_frames_with_foreign_bits_are_refused(refused):
    assert refused(samples.amr() + b"\xbc" + bytes(31)) == Reason.EXTRA_DATA
    assert refused(samples.amr() + b"\x7c" + b"\x60") == Reason.EXTRA_DATA


# --- Ogg


def test_a_page_after_the_last_one_is_refused(refused):
    more = samples.ogg_page(b"PK", flags=0, position=48312, number=4)
    assert refused(samples.ogg() + more) == Reason.EXTRA_DATA


def test_video_and_rare_codings_in_ogg_are_refused_by_name(refused):
    assert refused(samples.ogg(b"\x80theora" + bytes(40))) == Reason.VIDEO
    assert refused(samples.ogg(b"Speex   " + bytes(40))) == Reason.AUDIO_FORMAT


def test_a_changed_byte_in_ogg_is_noticed(refused):
    data = bytearray(samples.ogg())
    data[200] ^= 1
    assert refused(bytes(data)) == Reason.DAMAGED


def test_a_second_stream_in_ogg_is_refused(refused):
    assert refused(samples.ogg() + samples.ogg()) == Reason.EXTRA_DATA
    foreign = samples.ogg_page(b"x", flags=0, position=0, number=1, serial=9)
    first = samples.ogg_page(b"OpusHead" + bytes(20), flags=2, position=0, number=0)
    assert refused(first + foreign) == Reason.EXTRA_DATA


# --- MP4


def test_the_place_of_a_recording_is_overwritten():
    sent = samples.m4a()
    found = convert(sent, DEFAULT)
    assert b"+35.1033" in sent
    assert b"+35.1033" not in found.content
    assert len(found.content) == len(sent), "the offsets in the tables must stay true"


@pytest.mark.parametrize("name", [b"free", b"skip", b"uuid", b"meta", b"udta"])
def test_padding_cannot_hide_a_file(name):
    sent = samples.m4a(extra=samples.box(name, b"PK\x03\x04payload"))
    assert b"payload" not in convert(sent, DEFAULT).content


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (samples.m4a(handler=b"vide"), Reason.VIDEO),
        (samples.m4a(handler=b"text"), Reason.EXTRA_DATA),
        (samples.m4a(coding=b"avc1"), Reason.AUDIO_FORMAT),
        (samples.m4a(extra=samples.box(b"evil", b"payload")), Reason.EXTRA_DATA),
        (samples.m4a(extra=struct.pack(">I", 0) + b"mdat"), Reason.DAMAGED),
        (samples.m4a(extra=struct.pack(">I", 1) + b"mdat" + struct.pack(">Q", 3)), Reason.DAMAGED),
        (samples.m4a(extra=struct.pack(">I", 1) + b"mdat" + struct.pack(">Q", 2**63)), Reason.DAMAGED),
        (samples.box(b"ftyp", b"M4A \0\0\0\0"), Reason.DAMAGED),
        (samples.m4a(extra=samples.box(b"mdat") * 60_000), Reason.DAMAGED),
    ],
)
def test_mp4_that_is_no_plain_recording_is_refused(refused, data, reason):
    assert refused(data) == reason


def test_endless_nesting_is_refused(refused):
    nest = b""
    for _ in range(400):
        nest = samples.box(b"moof", nest)
    assert refused(samples.m4a(extra=nest)) == Reason.DAMAGED


def test_fragments_without_a_stated_length_pass():
    assert convert(samples.m4a(duration=0), DEFAULT).duration is None


# --- WebM


@pytest.mark.parametrize("live", [True, False])
def test_the_tags_of_webm_are_overwritten(live):
    sent = samples.webm(live=live)
    found = convert(sent, DEFAULT)
    assert b"+35.1033" in sent
    assert b"+35.1033" not in found.content
    assert convert(found.content, DEFAULT).content == found.content


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (samples.webm(kind=1, codec=b"V_VP8"), Reason.VIDEO),
        (samples.webm(document=b"matroska"), Reason.VIDEO),
        (samples.webm(kind=17), Reason.AUDIO_FORMAT),
        (samples.webm(codec=b"A_PCM/INT/LIT"), Reason.AUDIO_FORMAT),
        (samples.webm(tail=samples.ebml(0x1941A469, b"attached")), Reason.EXTRA_DATA),
        (samples.webm(tail=samples.ebml(0x18538067, b"nested")), Reason.DAMAGED),
        (samples.webm(live=False) + b"more", Reason.EXTRA_DATA),
    ],
)
def test_webm_that_is_no_plain_recording_is_refused(refused, data, reason):
    assert refused(data) == reason
