"""What an answer of a server means to us: a body within its limit, a redirect, validators."""

import re
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from urllib.parse import urljoin

from bot.errors import FetchError, FetchForbidden, FetchTooLarge
from bot.feeds.exchange import Answer
from bot.feeds.headers import just_modified
from bot.models import Validators

_FOREIGN_BYTE = re.compile("[\udc80-\udcff]")  # a byte of a header that is not UTF-8
_PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Fetched:
    """A good answer.

    Attributes:
        status: 200, or 304 for 'not modified'.
        url: where it came from in the end.
        body: decompressed; empty for 304.
        content_type: the whole header, '' for none.
        validators: to be stored and sent the next time; for 304 the ones that were sent, renewed.
        freshness: seconds for which there is nothing new, by the server's word; None where it says nothing.
        permanent_url: the final address, where every redirect on the way was a permanent one; else ''.
        hub: WebSub hub by the Link header.
        self_link: WebSub topic by the Link header.
    """

    status: int
    url: str
    body: bytes = b""
    content_type: str = ""
    validators: Validators = field(default_factory=Validators)
    freshness: int | None = None
    permanent_url: str = ""
    hub: str = ""
    self_link: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where an answer sends us on, and whether for good."""

    target: str
    is_permanent: bool


async def read_body(answer: Answer, limit: int) -> bytes:
    """The decompressed body, read in pieces so that a bomb never unfolds beyond the limit.

    Raises:
        FetchTooLarge: it is over the limit.
    """
    if answer.length is not None and answer.length > limit:
        raise FetchTooLarge(f"the answer is larger than {limit} bytes")
    pieces, size = [], 0
    while piece := await answer.more():
        size += len(piece)
        if size > limit:
            raise FetchTooLarge(f"the answer is larger than {limit} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def redirect_of(url: str, answer: Answer) -> Redirect:
    """Where an answer sends us on; not for good where it leads from https to http.

    Raises:
        FetchError: nowhere, or to what is no address.
    """
    location = answer.headers.get("Location", "")
    if not location:
        raise FetchError(f"the answer is a redirect ({answer.status}) without a target", status=answer.status)
    try:
        target = urljoin(url, _FOREIGN_BYTE.sub(lambda found: f"%{ord(found.group()) - 0xDC00:02X}", location.strip()))
    except ValueError as error:
        raise FetchForbidden("the address redirects to one that cannot be read") from error
    is_downgrade = url.startswith("https:") and not target.startswith("https:")
    return Redirect(target, is_permanent=answer.status in _PERMANENT and not is_downgrade)


def validators_of(answer: Answer, body: bytes) -> Validators:
    """What to ask with the next time: the headers as they came, and the body's hash."""
    etag = _sendable(answer.headers.get("ETag", ""))
    modified = _sendable(answer.headers.get("Last-Modified", ""))
    return Validators(
        etag=etag,
        last_modified=modified if etag or not just_modified(answer.headers) else "",
        body_hash=blake2b(body, digest_size=16).hexdigest(),
    )


def renewed(known: Validators, answer: Answer) -> Validators:
    """A 304 may bring new validators; what it does not bring stays."""
    return replace(
        known,
        etag=_sendable(answer.headers.get("ETag", "")) or known.etag,
        last_modified=_sendable(answer.headers.get("Last-Modified", "")) or known.last_modified,
    )


def _sendable(value: str) -> str:
    """The header as received, or '' where it cannot be sent back byte for byte."""
    return value if value.isprintable() else ""


def printable(reason: str | None) -> str:
    """The beginning of what a server says, fit for a log line."""
    return "".join(character for character in (reason or "")[:60] if character.isprintable())
