import struct
import zlib

import pytest
from gallery import moving_picture, picture, size_of

from bot.errors import FetchError
from bot.picture_file import as_jpeg, see
from bot.pictures import LARGEST_AT_ADDRESS


def claimed_png(width, height):
    """A small PNG whose header claims any size."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP"])
def test_the_type_is_told_by_the_content(kind):
    body = picture(kind, 320, 200)
    seen = see(body)
    assert (seen.type, seen.width, seen.height, seen.size) == (kind, 320, 200, len(body))
    assert not seen.is_animated


def test_a_moving_picture_is_known_as_one_and_its_first_frame_is_taken():
    assert see(moving_picture()).is_animated
    assert size_of(as_jpeg(moving_picture(400, 300))) == ("JPEG", 400, 300)


@pytest.mark.parametrize(
    "body", [b"", b"<!doctype html><p>x", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff"]
)
def test_what_is_no_picture_is_refused(body):
    with pytest.raises(FetchError, match="no picture"):
        see(body)


def test_a_damaged_picture_is_refused():
    whole = picture("PNG", 600, 400)
    with pytest.raises(FetchError, match="damaged"):
        as_jpeg(whole[: len(whole) // 2])


def test_sides_are_known_without_decoding_and_a_bomb_is_never_decoded():
    bomb = claimed_png(60_000, 60_000)
    assert (see(bomb).width, see(bomb).height) == (60_000, 60_000)
    with pytest.raises(FetchError, match="too many"):
        as_jpeg(bomb)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_any_colours_become_plain_ones(mode):
    assert size_of(as_jpeg(picture("JPEG", 200, 150, mode=mode))) == ("JPEG", 200, 150)


@pytest.mark.parametrize("mode", ["P", "LA", "RGBA", "1", "I;16"])
def test_any_png_becomes_a_jpeg(mode):
    assert size_of(as_jpeg(picture("PNG", 200, 150, mode=mode))) == ("JPEG", 200, 150)


@pytest.mark.parametrize(("kind", "width", "height"), [("JPEG", 8000, 6000), ("PNG", 5200, 3900)])
def test_a_large_picture_is_shrunk_to_what_telegram_takes(kind, width, height):
    body = as_jpeg(picture(kind, width, height))
    assert size_of(body) == ("JPEG", 2560, 1920)
    assert len(body) <= LARGEST_AT_ADDRESS


def test_a_picture_lying_on_its_side_is_put_upright():
    upright = 6  # of the Exif tag 'orientation': turn right by 90 degrees
    exif = (
        b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01"
        + bytes([0, upright, 0, 0])
        + bytes(4)
    )
    assert size_of(as_jpeg(picture("JPEG", 300, 200, exif=exif))) == ("JPEG", 200, 300)
