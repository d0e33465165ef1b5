"""Fetch an address as a polite client that no server can fool: guarded, bounded, conditional."""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self, TypeVar

from yarl import URL

from bot.errors import FetchError, FetchForbidden
from bot.feeds.addresses import (
    DEFAULT_PORTS,
    Network,
    check_proxied,
    check_url,
    ports_of,
)
from bot.feeds.answer import Fetched, Redirect, printable, read_body, redirect_of, renewed, validators_of
from bot.feeds.client import Client
from bot.feeds.exchange import Answer
from bot.feeds.failures import translated
from bot.feeds.headers import freshness, linked, retry_after
from bot.feeds.hosts import Hosts
from bot.models import Validators

__all__ = ["FEED_ACCEPT", "IMAGE_ACCEPT", "PAGE_ACCEPT", "Fetched", "HttpFetcher", "ports_of"]

FEED_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.5, */*;q=0.1"
)
PAGE_ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.8, */*;q=0.1"
IMAGE_ACCEPT = "image/jpeg, image/png, image/*;q=0.8, */*;q=0.1"

_T = TypeVar("_T")

_MAX_REDIRECTS = 5
_POST_TIMEOUT = 15.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TOO_MANY = 429
_WAITING = frozenset({_TOO_MANY, 503})
_MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked, the same on every hop of a chain of redirects."""

    headers: dict[str, str]
    validators: Validators
    limit: int
    deadline: float
    closes_host: bool


class HttpFetcher:
    """An HTTP client for addresses that others wrote. Use it as an async context manager.

    Args:
        user_agent: name, version and home page of the program.
        allowed_networks: private networks that may be reached all the same.
        allowed_ports: ports beside 80, 443, 8080 and 8443.
        concurrency: requests at once, at most; two of them to one host.
        pause: seconds for which a host is left alone that answers 429 and does not say for how long.
        proxy: URL of an HTTP proxy. It resolves the names; of the guard there is left what an address itself tells.
        clock: seconds UTC.
        trust: makes a TLS context that knows whose certificates are good; by default, the system's authorities.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allowed_networks: Sequence[Network] = (),
        allowed_ports: Collection[int] = (),
        concurrency: int = 20,
        pause: float = 3_600.0,
        proxy: str | None = None,
        clock: Callable[[], float] = time.time,
        trust: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self._user_agent = user_agent
        self._networks = tuple(allowed_networks)
        self._ports = DEFAULT_PORTS | frozenset(allowed_ports)
        self._proxy = proxy
        self._concurrency = concurrency
        self._clock = clock
        self._hosts = Hosts(concurrency, time.monotonic, pause=pause)
        self._trust = trust
        self._client: Client | None = None

    async def __aenter__(self) -> Self:
        self._client = Client(
            user_agent=self._user_agent,
            concurrency=self._concurrency,
            networks=None if self._proxy else self._networks,
            proxy=self._proxy,
            trust=self._trust,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def fetch(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        timeout: float = 20,  # noqa: ASYNC109 - counted without the wait for a place at the host
        limit: int = 10 * _MEGABYTE,
        accept: str = FEED_ACCEPT,
        closes_host: bool = True,
    ) -> Fetched:
        """The answer at an address, after at most five redirects, each guarded like the first.

        Args:
            url: http(s) only.
            validators: sent as they were received; without them the answer is never 304.
            timeout: seconds for all hops together, bodies included.
            limit: most bytes of the body, counted after decompression.
            accept: the Accept header.
            closes_host: whether an answer of 429 that does not say for how long closes the host to all requests.

        Raises:
            FetchForbidden: the address, or one it redirects to, may not be reached.
            FetchTooLarge: the body is over the limit.
            FetchError: anything else but a body or 304; with status and Retry-After where there are any.
        """
        known = validators or Validators()
        headers = {"Accept": accept}
        if known.etag:
            headers["If-None-Match"] = known.etag
        if known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        return await self._follow(url, _Question(headers, known, limit, timeout, closes_host))

    def leave_alone(self, url: str, seconds: float) -> None:
        """Ask nothing of an address's host for so many seconds, as if it had just said so."""
        with suppress(FetchForbidden):  # what may not be asked is left alone anyway
            self._hosts.close(self._checked(_normal(url)), seconds)

    async def post(self, url: str, fields: Mapping[str, str]) -> int:
        """Send a form, and return the status of the answer; where it is a redirect, the form goes there, guarded too.

        Raises:
            FetchError: as for `fetch`, where no answer came.
        """
        here = _normal(url)
        for _ in range(_MAX_REDIRECTS + 1):
            host = self._checked(here)
            async with self._hosts.turn(host):
                answer = await self._in_time(self._post(here, host, fields), here, _POST_TIMEOUT, _POST_TIMEOUT)
            if isinstance(answer, int):
                return answer
            here = _normal(answer.target)
        raise FetchError(f"the address redirects more than {_MAX_REDIRECTS} times")

    async def _post(self, url: str, host: str, fields: Mapping[str, str]) -> int | Redirect:
        async def read(answer: Answer) -> int | Redirect:
            if answer.status in _REDIRECTS:
                return redirect_of(url, answer)
            wait = retry_after(answer.headers, self._clock())
            if answer.status in _WAITING and wait:
                self.leave_alone(url, wait)
            return answer.status

        with translated(host):
            return await self._opened().post(url, fields, read)

    async def _follow(self, url: str, question: _Question) -> Fetched:
        here, visited, is_permanent, left = _normal(url), set[str](), True, question.deadline
        for _ in range(_MAX_REDIRECTS + 1):
            if here in visited:
                raise FetchError("the address redirects in a circle")
            visited.add(here)
            host = self._checked(here)
            async with self._hosts.turn(host):
                begun = time.monotonic()
                answer = await self._in_time(self._ask(here, host, question), here, left, question.deadline)
                left -= time.monotonic() - begun
            if isinstance(answer, Fetched):
                return _with_move(answer, moved=is_permanent and len(visited) > 1, start=url)
            is_permanent = is_permanent and answer.is_permanent
            here = _normal(answer.target)
        raise FetchError(f"the address redirects more than {_MAX_REDIRECTS} times")

    def _checked(self, url: str) -> str:
        """The host of an address that may be asked for; with a proxy there is no socket of ours to guard."""
        host = check_url(url, self._ports)
        if self._proxy:
            check_proxied(host, self._networks)
        return host

    async def _in_time(self, request: Awaitable[_T], url: str, seconds: float, deadline: float) -> _T:
        """One request; what takes too long becomes a FetchError."""
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                return await request
        except TimeoutError as error:
            if self._client is not None:
                self._client.distrust(url)
            raise FetchError(f"no whole answer within {deadline:g} s") from error

    async def _ask(self, url: str, host: str, question: _Question) -> Fetched | Redirect:
        async def read(answer: Answer) -> Fetched | Redirect:
            if answer.status in _REDIRECTS:
                return redirect_of(url, answer)
            if answer.status == 304 and (question.validators.etag or question.validators.last_modified):  # noqa: PLR2004
                return self._fetched(url, answer, b"", renewed(question.validators, answer))
            if answer.status != 200:  # noqa: PLR2004
                raise self._refusal(host, answer, question)
            body = await read_body(answer, question.limit)
            return self._fetched(url, answer, body, validators_of(answer, body))

        with translated(host):
            return await self._opened().ask(url, question.headers, read)

    def _opened(self) -> Client:
        if self._client is None:
            raise RuntimeError("HttpFetcher is used outside its context")
        return self._client

    def _fetched(self, url: str, answer: Answer, body: bytes, validators: Validators) -> Fetched:
        links = answer.headers.getall("Link", [])
        return Fetched(
            status=answer.status,
            url=url,
            body=body,
            content_type=answer.headers.get("Content-Type", ""),
            validators=validators,
            freshness=freshness(answer.headers, self._clock()),
            hub=linked(links, "hub", url),
            self_link=linked(links, "self", url),
        )

    def _refusal(self, host: str, answer: Answer, question: _Question) -> FetchError:
        wait = retry_after(answer.headers, self._clock())
        if answer.status in _WAITING and wait:
            self._hosts.close(host, wait)
        elif answer.status == _TOO_MANY and question.closes_host:
            self._hosts.close(host, None)
        reason = f"{host} answers {answer.status} {printable(answer.reason)}".strip()
        return FetchError(reason, status=answer.status, retry_after=wait)


def _normal(url: str) -> str:
    """The address as the HTTP library will read it, so that what is checked is what is asked."""
    try:
        return str(URL(url.strip()).with_fragment(None))
    except ValueError as error:
        raise FetchForbidden("the address cannot be read") from error


def _with_move(answer: Fetched, *, moved: bool, start: str) -> Fetched:
    return replace(answer, permanent_url=answer.url) if moved and answer.url != _normal(start) else answer
