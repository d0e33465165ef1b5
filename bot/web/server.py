"""Serves the few paths that others call: bounded, timed, and silent about everything else."""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from bot.errors import ConfigurationError, TidingsError

logger = logging.getLogger(__name__)

TELEGRAM_PATH = "/telegram"
PUSH_PATH = "/websub/"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
LARGEST_UPDATE = 2**20
LARGEST_PUSH = 10 * 2**20
BODY_SECONDS = 20.0
HEALTH_SECONDS = 5.0
IDLE_SECONDS = 30.0
GRACE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Health:
    """How the bot is, for strangers' eyes too: numbers, no addresses, no names."""

    is_well: bool
    facts: Mapping[str, int | bool]


@dataclass(frozen=True, slots=True)
class TelegramDoor:
    """Where Telegram's updates go: `take` gets the body; False asks Telegram to send it again later."""

    secret: str
    take: Callable[[bytes], Awaitable[bool]]


class PushDoor(Protocol):
    """Where a hub's calls go (`feeds/websub.py`)."""

    async def verify(self, token: str, question: Mapping[str, str]) -> str | None:
        """Return what to answer to a hub's question, None for 'not found'."""

    async def deliver(self, token: str, body: bytes, content_type: str, signature: str) -> bool:
        """Take a delivery; False where nobody waits for it."""


class WebServer:
    """The server. Built from its doors; `start` and `stop` it once.

    Args:
        place: host and port to listen on; port 0 takes a free one.
        prefix: path of WEBHOOK_URL, '' for none.
        health: asked by /healthz.
        telegram: Telegram's webhook, None where updates are polled.
        pushes: WebSub, None where nothing is pushed.
    """

    def __init__(
        self,
        place: tuple[str, int],
        *,
        health: Callable[[], Awaitable[Health]],
        prefix: str = "",
        telegram: TelegramDoor | None = None,
        pushes: PushDoor | None = None,
    ) -> None:
        self._place = place
        self._health = health
        self._telegram = telegram
        self._pushes = pushes
        self._runner = web.AppRunner(
            self._application(prefix),
            access_log=None,
            keepalive_timeout=IDLE_SECONDS,
            shutdown_timeout=GRACE_SECONDS,
        )

    async def start(self) -> None:
        """Listen.

        Raises:
            ConfigurationError: the address is taken or is not this machine's.
        """
        await self._runner.setup()
        host, port = self._place
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise ConfigurationError([f"WEBHOOK_LISTEN: cannot listen on {host}:{port}: {error.strerror}"]) from error
        logger.info("listening: host=%s port=%d", host, self.port)

    @property
    def port(self) -> int:
        """The port listened on."""
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Take no more calls, let those in hand end for a few seconds."""
        await self._runner.cleanup()

    def _application(self, prefix: str) -> web.Application:
        application = web.Application(middlewares=[_bulkhead])
        for path in dict.fromkeys(("/healthz", f"{prefix}/healthz")):
            application.router.add_get(path, self._answer_health)
        if self._telegram is not None:
            application.router.add_post(prefix + TELEGRAM_PATH, self._take_update)
        if self._pushes is not None:
            token = prefix + PUSH_PATH + r"{token:[\w-]{20,80}}"
            application.router.add_get(token, self._verify, allow_head=False)
            application.router.add_post(token, self._deliver)
        return application

    async def _answer_health(self, _request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                health = await self._health()
        except (TimeoutError, TidingsError) as error:
            logger.warning("health unknown: error=%s", error)
            health = Health(is_well=False, facts={})
        word = "ok" if health.is_well else "unhealthy"
        return web.json_response({"status": word, **health.facts}, status=200 if health.is_well else 503)

    async def _take_update(self, request: web.Request) -> web.Response:
        door = self._telegram
        shown = request.headers.get(SECRET_HEADER, "")
        if door is None or not hmac.compare_digest(shown.encode("utf-8", "replace"), door.secret.encode()):
            return web.Response(status=403)
        taken = await door.take(await _body(request, LARGEST_UPDATE))
        return web.Response(status=200 if taken else 503)

    async def _verify(self, request: web.Request) -> web.Response:
        answer = await self._pushes.verify(request.match_info["token"], request.query) if self._pushes else None
        return web.Response(status=404) if answer is None else web.Response(text=answer)

    async def _deliver(self, request: web.Request) -> web.Response:
        if self._pushes is None:
            return web.Response(status=404)
        body = await _body(request, LARGEST_PUSH)
        signature = request.headers.get("X-Hub-Signature", "")
        content_type = request.headers.get("Content-Type", "")
        taken = await self._pushes.deliver(request.match_info["token"], body, content_type, signature)
        return web.Response(status=202 if taken else 404)


@web.middleware
async def _bulkhead(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """What fails for now is to be tried again by the caller, and says nothing of the inside."""
    try:
        return await handler(request)
    except TidingsError as error:
        logger.warning("call not taken: path=%s error=%s", request.path.split("/")[1], error)
    except web.HTTPException:
        raise
    except Exception:
        logger.exception("call failed: path=%s", request.path.split("/")[1])
    return web.Response(status=503)


async def _body(request: web.Request, limit: int) -> bytes:
    """The body, counted while it comes in; whoever sends more or too slowly is refused."""
    if request.content_length is not None and request.content_length > limit:
        raise web.HTTPRequestEntityTooLarge(limit, request.content_length)
    pieces, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.content.iter_any():
                size += len(piece)
                if size > limit:
                    raise web.HTTPRequestEntityTooLarge(limit, size)
                pieces.append(piece)
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    return b"".join(pieces)
