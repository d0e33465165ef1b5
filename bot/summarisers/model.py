"""Summaries by a language model where it helps and answers in time; the extractive ones everywhere else."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from bot.errors import BudgetSpent, ModelBusy, ModelError, StoreUnavailable
from bot.models import Condensed
from bot.ports import Clock, SummaryBook
from bot.summary_check import Prompt, Wish, is_worth_asking, prompt, read_answer

logger = logging.getLogger(__name__)

Ask = Callable[[Prompt, float], Awaitable[str]]
"""Asks the model and gives it so many seconds (`openai.OpenAiModel.ask`)."""

AT_ONCE = 5
MOST_FAILURES = 3
REST_SECONDS = 300
LEAST_SECONDS = 1.0
RETRY_SECONDS = 1.0
LONGEST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What the admin has set.

    Attributes:
        model: its name; another model makes other summaries.
        daily_budget: calls a day (UTC), at most.
        timeout: seconds that an article may wait for its summary, at most, whatever happens.
    """

    model: str
    wish: Wish
    daily_budget: int
    timeout: float


class Breaker:
    """Stops asking a model that fails again and again, and tries it anew with one article now and then."""

    def __init__(self) -> None:
        self._failures = 0
        self._again_at = 0.0

    def lets_through(self, now: float) -> bool:
        """Whether to ask; while it rests, one question each `REST_SECONDS`."""
        if self._failures < MOST_FAILURES:
            return True
        if now < self._again_at:
            return False
        self._again_at = now + REST_SECONDS
        return True

    def worked(self) -> None:
        """Take an answer down."""
        self._failures = 0

    def failed(self, now: float) -> None:
        """Take a failure down."""
        self._failures += 1
        if self._failures == MOST_FAILURES:
            self._again_at = now + REST_SECONDS
            logger.warning("language model rests: seconds=%d", REST_SECONDS)


class ModelSummariser:
    """`ports.Summariser` by a language model.

    Args:
        ask: the model.
        book: what was asked and answered so far, kept over restarts.
        now: seconds UTC.
    """

    def __init__(self, ask: Ask, book: SummaryBook, settings: ModelSettings, *, now: Clock) -> None:
        self._ask = ask
        self._book = book
        self._settings = settings
        self._now = now
        self._places = asyncio.Semaphore(AT_ONCE)
        self._breaker = Breaker()
        self._spent_on = ""

    async def summarise(self, articles: Sequence[Condensed]) -> list[Condensed]:
        """Return each article with the model's summary, or as it was; after `timeout` seconds at the latest."""
        return list(await asyncio.gather(*map(self._summarised, articles)))

    async def _summarised(self, article: Condensed) -> Condensed:
        if not is_worth_asking(article, self._settings.wish):
            return article
        asked = prompt(article, self._settings.wish)
        try:
            async with asyncio.timeout(self._settings.timeout):
                answer = await self._answer(asked, time.monotonic() + self._settings.timeout)
            return article if answer is None else read_answer(answer, article, self._settings.wish, asked)
        except BudgetSpent:
            self._tell_once_a_day()
        except TimeoutError:
            logger.info("summary not made: link=%s error=no place at the model in time", article.link)
        except (ModelError, StoreUnavailable) as error:
            logger.warning("summary not made: link=%s error=%s", article.link, error)
        except Exception:  # the bulkhead of an article: it is posted with its own sentences
            logger.exception("summary failed, this is our bug: link=%s", article.link)
        return article

    async def _answer(self, asked: Prompt, deadline: float) -> str | None:
        """The model's answer, now or before; None while it rests."""
        key = self._key(asked)
        kept = await self._book.answer(key)
        if kept is not None:
            return kept
        async with self._places:
            if time.monotonic() > deadline - self._settings.timeout / 2:
                raise TimeoutError  # so late that a failure would say nothing about the model
            if not self._breaker.lets_through(self._now()):
                return None
            answer = (await self._watched(asked, deadline))[:LONGEST_KEPT]
        # Kept before it is checked: what was refused is not paid for a second time either.
        await self._book.keep(key, answer, int(self._now()))
        return answer

    async def _watched(self, asked: Prompt, deadline: float) -> str:
        try:
            answer = await self._tried(asked, deadline)
        except ModelError:
            self._breaker.failed(self._now())
            raise
        self._breaker.worked()
        return answer

    async def _tried(self, asked: Prompt, deadline: float) -> str:
        """Ask once, and once more where the model is busy and there is time."""
        try:
            return await self._paid(asked, deadline)
        except ModelBusy as error:
            wait = RETRY_SECONDS if error.retry_after is None else error.retry_after
            if time.monotonic() + wait + LEAST_SECONDS > deadline:
                raise
            await asyncio.sleep(wait)
        return await self._paid(asked, deadline)

    async def _paid(self, asked: Prompt, deadline: float) -> str:
        if not await self._book.spend(self._today(), self._settings.daily_budget):
            raise BudgetSpent
        # A little sooner than the article's own time runs out, so that a model that hangs is known to hang.
        return await self._ask(asked, deadline - time.monotonic() - LEAST_SECONDS / 10)

    def _today(self) -> str:
        return time.strftime("%Y-%m-%d", time.gmtime(self._now()))

    def _tell_once_a_day(self) -> None:
        if self._spent_on != self._today():
            self._spent_on = self._today()
            logger.warning("language model not asked until tomorrow: budget=%d", self._settings.daily_budget)

    def _key(self, asked: Prompt) -> str:
        words = f"{self._settings.model}\x00{asked.rules}\x00{asked.material}"
        return blake2b(words.encode("utf-8", "replace"), digest_size=16).hexdigest()
