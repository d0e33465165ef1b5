"""A page's bytes as text, and text that somebody decoded wrongly before us put right."""

import codecs
import re

_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (b"<\0", "utf-16-le"))
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_HEAD = 16_384  # a page has to declare its encoding in its first 1,024 bytes; not all do
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "tis-620": "cp874",
}
# What the WHATWG's Encoding Standard knows, by Python's names. Python has more, some of them a trap: 'punycode' takes
# a minute for a megabyte, 'unicode_escape' and 'utf-7' make markup out of text.
_MULTIBYTE = frozenset({"utf-8", "gb18030", "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "cp949"})
_ISO_PARTS = frozenset(f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 14, 15, 16))
_PAGES = frozenset(
    {"cp866", "cp874", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", *(f"cp125{i}" for i in range(9))}
)
_KNOWN = _MULTIBYTE | _ISO_PARTS | _PAGES
_TOLERATED = 0.01  # share of broken letters that still counts as damaged UTF-8
_LEAST_MISTAKEN = 8
_LEAST_LATIN = 20
# Two or three letters as which cp1252 shows one letter of UTF-8: 'Ã¶', 'â€œ', 'Ð°', 'Ø§'.
_TRAIL = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_TWICE_ENCODED = re.compile(f"(?:[\xc2-\xdf][{_TRAIL}]|[\xe0-\xef][{_TRAIL}]{{2}}|[\xf0-\xf4][{_TRAIL}]{{3}})+")
_SIGNS = ("Ã", "Â", "â€", "Ð", "Ø", "Î", "à¤", "ã\x81", "ã‚", "ãƒ", "ã€", "ï¼")  # what it always holds
_LATIN = re.compile("[\xa1-\xff]")
_BEYOND_LATIN = re.compile("[\u0370-\uffff]")


def page_text(body: bytes, content_type: str = "") -> str:
    """A page as text; never raises.

    By its byte order mark, as UTF-8 where it is that, else as the server (`content_type`) or the page itself says, else
    as Windows-1252, as browsers do (https://html.spec.whatwg.org/#determining-the-character-encoding).
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace").lstrip("\ufeff")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("utf-8-sig", "replace")
    foreign = sum(map(len, re.findall("[^\x00-\x7f]+", text)))
    if text.count("\ufffd") <= max(1.0, foreign * _TOLERATED):
        return text
    claims = (*_CHARSET.findall(content_type), *declared_encodings(text))
    encoding = next((name for claim in claims if (name := _known(claim)) and name != "utf-8"), "cp1252")
    return body.decode(encoding, "replace")


def declared_encodings(text: str) -> list[str]:
    """The encodings that a page declares in its head."""
    return _CHARSET.findall(text[:_HEAD])


def mended(text: str) -> str:
    """The text of a page without what a wrong decoding made of it; other text is left alone.

    Two accidents are common: UTF-8 read as Windows-1252 ('Ã¶' for 'ö'), and a page of another alphabet read as Latin-1.
    """
    if text.isascii():
        return text
    if any(sign[0] in text and sign in text for sign in _SIGNS):  # one letter is found much faster than two
        mistaken = sum(map(len, _TWICE_ENCODED.findall(text)))
        if mistaken >= _LEAST_MISTAKEN and mistaken > 0.8 * _leading_letters(text):
            return _TWICE_ENCODED.sub(_decoded_again, text)
    encodings = [name for claim in declared_encodings(text) if (name := _known(claim)) and name != "utf-8"]
    return _reread(text, encodings[0]) if encodings and encodings[0] not in {"cp1252", "iso8859-15"} else text


def _reread(text: str, encoding: str) -> str:
    """Latin-1 text in the encoding that its page declares, where that gives another alphabet and breaks nothing."""
    if _BEYOND_LATIN.search(text) or len(_LATIN.findall(text)) < _LEAST_LATIN:
        return text
    try:
        read = text.encode("latin-1").decode(encoding, "replace")
    except UnicodeEncodeError:
        return text
    letters = len(_BEYOND_LATIN.findall(read))
    return read if read.count("\ufffd") <= _TOLERATED * letters else text


def _leading_letters(text: str) -> int:
    """How many letters a text has that could begin such an accident or follow in it; real words have them alone."""
    return len(re.findall(f"[\xc2-\xf4]|(?<=[\xc2-\xf4])[{_TRAIL}]|(?<=[\xe0-\xf4].)[{_TRAIL}]", text))


def _decoded_again(found: re.Match[str]) -> str:
    try:
        return b"".join(_byte(letter) for letter in found.group()).decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return found.group()


def _byte(letter: str) -> bytes:
    return bytes((ord(letter),)) if ord(letter) < 0x100 else letter.encode("cp1252")


def _known(claim: str) -> str:
    """Python's name of an encoding that pages may use, '' for any other."""
    try:
        name = codecs.lookup(claim).name
    except (LookupError, ValueError):
        return ""
    name = _SUPERSETS.get(name, name)
    return name if name in _KNOWN else ""
