"""Bytes of a feed as text: what the bytes themselves say goes before what the server and the document claim."""

import codecs
import re
import zlib

from bot.errors import NotAFeed

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BARE = tuple(  # without a mark; the zeros tell how wide a character is (XML 1.0, appendix F)
    (start.encode(name), name) for name in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be") for start in "<{"
)
_EBCDIC = ("<?xm".encode("cp037"), "cp037")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_SEVEN_BITS = ("iso2022", "hz")  # encodings of which every document is valid ASCII, too
_NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"})
_WIDE = ("utf-16", "utf-32")  # told by their zeros, above: where there are none, the claim is wrong
GZIP = b"\x1f\x8b"
_LARGEST = 10 * 2**20
_MOST_WRAPPINGS = 3
_TOLERATED = 0.01  # share of broken characters that still counts as damaged UTF-8


def unpacked(body: bytes) -> bytes:
    """The body, unpacked where it is a gzip file served as such, even one within another.

    Raises:
        NotAFeed: it unpacks to more than 10 MiB.
    """
    for _ in range(_MOST_WRAPPINGS):
        if not body.startswith(GZIP):
            break
        try:
            body = zlib.decompressobj(wbits=31).decompress(body, _LARGEST + 1)
        except zlib.error:
            break
        if len(body) > _LARGEST:
            raise NotAFeed(f"the answer is packed, and larger than {_LARGEST} bytes when unpacked")
    return body


def decoded(body: bytes, content_type: str = "") -> str:
    """The body as text, without byte order mark and XML declaration; never raises."""
    text = _decoded(body, content_type)
    return _DECLARATION.sub("", text.lstrip("\ufeff"), count=1)


def _decoded(body: bytes, content_type: str) -> str:
    for mark, name in (*_BOMS, *_BARE, _EBCDIC):
        if body.startswith(mark):
            return body.decode(name, "replace")
    if body.isascii() and (name := next(iter(_claims(body, content_type)), "")).startswith(_SEVEN_BITS):
        return body.decode(name, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded_as_declared(body, content_type)


def _decoded_as_declared(body: bytes, content_type: str) -> str:
    for name in _claims(body, content_type):
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    text = body.decode("utf-8", "replace")
    broken, foreign = text.count("\ufffd"), sum(not character.isascii() for character in text)
    if broken < foreign and broken <= max(1.0, foreign * _TOLERATED):
        return text
    names = [name for name in _claims(body, content_type) if name != "utf-8"]
    return body.decode(names[0] if names else "cp1252", "replace")


def _claims(body: bytes, content_type: str) -> list[str]:
    """Encodings named by the document, then by the server."""
    document = _DECLARED.search(body[:400])
    server = _CHARSET.search(content_type)
    named = [document.group(1).decode("ascii") if document else "", server.group(1) if server else ""]
    return [name for claim in named if (name := _known_encoding(claim))]


def _known_encoding(claim: str) -> str:
    try:
        info = codecs.lookup(claim) if claim else None
    except LookupError:
        return ""
    if info is None or info.name in _NO_CHARSETS or info.name.startswith(_WIDE) or not info._is_text_encoding:  # noqa: SLF001 - so is 'hex' a codec
        return ""
    return _SUPERSETS.get(info.name, info.name)
