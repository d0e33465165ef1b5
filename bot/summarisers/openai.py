"""Asks a language model over the chat completions interface of OpenAI, which most servers speak (aiohttp)."""

import asyncio
import json
from ipaddress import ip_address
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import aiohttp

from bot.errors import ModelBusy, ModelError
from bot.summary_check import Prompt

PATH = "/chat/completions"
MOST_BYTES = 2**18
LONGEST_REASON = 200
BUSY = frozenset({408, 409, 429, 500, 502, 503, 504, 529})


class OpenAiModel:
    """A model behind an address that the admin chose: it is trusted, and may be on this machine. An async context.

    Only what every such server takes is sent: no temperature, no limit of tokens, which some refuse.

    Args:
        url: up to and without `/chat/completions`; an address without a path gets `/v1`.
        model: its name there.
        key: sent as a bearer token, '' for none.
        proxy: of an HTTP proxy; not used for a server on this machine or in its network.
    """

    def __init__(self, url: str, model: str, key: str = "", *, proxy: str | None = None) -> None:
        self._url = completions_url(url)
        self._model = model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._proxy = None if _is_near(self._url) else proxy
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def ask(self, asked: Prompt, seconds: float) -> str:
        """Return the model's answer as it is.

        Raises:
            ModelBusy: another try may help.
            ModelError: no answer, in time, that could be read.
        """
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                return _answer_of(await self._post(asked))
        except TimeoutError as error:
            raise ModelError(f"no answer within {seconds:.0f} s") from error
        except (aiohttp.ClientError, OSError) as error:
            raise ModelError(f"not reached: {_printable(str(error)) or type(error).__name__}") from error

    async def _post(self, asked: Prompt) -> bytes:
        if self._session is None:
            raise RuntimeError("OpenAiModel is used outside its context")
        body = {
            "model": self._model,
            "messages": [{"role": "system", "content": asked.rules}, {"role": "user", "content": asked.material}],
            "stream": False,
        }
        # Redirects are not followed: the key is for this address alone.
        async with self._session.post(
            self._url, json=body, headers=self._headers, proxy=self._proxy, allow_redirects=False
        ) as response:
            content = await _within_limit(response)
            if response.status in BUSY:
                raise ModelBusy(_refusal(response.status, content), retry_after=_retry_after(response))
            if response.status != 200:  # noqa: PLR2004
                raise ModelError(_refusal(response.status, content))
            return content


def completions_url(url: str) -> str:
    """Return where to post to, for an address as admins write it."""
    base = url.rstrip("/")
    if base.endswith(PATH):
        return base
    return f"{base}{'' if urlsplit(base).path else '/v1'}{PATH}"


def _is_near(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or "." not in host


async def _within_limit(response: aiohttp.ClientResponse) -> bytes:
    pieces, size = [], 0
    async for piece in response.content.iter_any():
        size += len(piece)
        if size > MOST_BYTES:
            raise ModelError(f"the answer is larger than {MOST_BYTES} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def _answer_of(content: bytes) -> str:
    try:
        choice = json.loads(content)["choices"][0]
        answer, reason = choice["message"]["content"], choice.get("finish_reason")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError("the answer is not that of a chat completions interface") from error
    if not isinstance(answer, str):
        raise ModelError("the answer holds no text")
    if reason == "length":
        raise ModelError("the answer was cut off by a limit of the server")
    return answer


def _retry_after(response: aiohttp.ClientResponse) -> int | None:
    value = response.headers.get("Retry-After", "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < LONGEST_REASON else None


def _refusal(status: int, content: bytes) -> str:
    """The server's own words, if it has any."""
    try:
        said = json.loads(content)["error"]
        words = said["message"] if isinstance(said, dict) else said
    except (ValueError, LookupError, TypeError, RecursionError):
        words = ""
    return f"it answers {status} {_printable(words) if isinstance(words, str) else ''}".strip()


def _printable(words: str) -> str:
    return "".join(character for character in words[:LONGEST_REASON] if character.isprintable())
