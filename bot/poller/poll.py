"""One poll of one feed, and its outcomes: unchanged, changed, failed, gone."""

import logging
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.dedupe import Split, all_keys, announce_split, comparable_link, keys_of, new_entries
from bot.errors import FetchError, NotAFeed, WorkerError
from bot.feed_facts import (
    Outcome,
    adopted_url,
    begins_anew,
    found_elsewhere,
    has_lied,
    is_gone,
    last_entry_date,
    may_be_a_site,
    names_another_hub,
    next_state,
    previous_total,
    validators_to_send,
)
from bot.models import Entry, Feed, Known, Learned, Validators
from bot.poller.corrections import Corrector
from bot.poller.saving import failing, save
from bot.poller.storing import ArticleStorer
from bot.poller.tools import PollSettings, PollTools
from bot.poller.twins import LOOK_AGAIN, Twins, home_of, twin_of
from bot.ports import Document, Fetched
from bot.schedule import FAILING_TOO_LONG, next_poll

logger = logging.getLogger(__name__)


class FeedPoll:
    """Polls a claimed feed."""

    def __init__(
        self, tools: PollTools, settings: PollSettings, storer: ArticleStorer, corrector: Corrector, twins: Twins
    ) -> None:
        self._tools = tools
        self._running_since = int(tools.now())
        self._twins = twins
        self._settings = settings
        self._storer = storer
        self._corrector = corrector

    async def poll(self, feed: Feed) -> None:
        """Ask for the feed, and store what came of it, were it only its failure."""
        tools, now = self._tools, int(self._tools.now())
        try:
            fetched = await tools.web.fetch_feed(feed.fetch_url or feed.url, validators_to_send(now, feed))
            if fetched.status == 304 or self._is_unchanged(feed, fetched):  # noqa: PLR2004 - Not Modified
                await self._unchanged(feed, fetched)
                return
            feed, fetched, document = await self._read(feed, fetched)
        except FetchError as error:
            status = 200 if isinstance(error, NotAFeed) else error.status
            outcome = Outcome(status=status, failed=True, retry_after=error.retry_after)
            await self.failed(feed, outcome, str(error))
        except WorkerError as error:
            await self.failed(feed, Outcome(status=200, failed=True), str(error))
        else:
            await self._changed(feed, fetched, document)

    async def _read(self, feed: Feed, fetched: Fetched) -> tuple[Feed, Fetched, Document]:
        """The feed's document; at the address of a site, the document of the site's feed.

        A feed that once worked at its own address is not looked for elsewhere: a page in its place may be anybody's.
        """
        web, stored_hash = self._tools.web, feed.validators.body_hash
        try:
            return feed, fetched, await web.read(fetched.body, feed.url, fetched.content_type, stored_hash)
        except NotAFeed:
            if feed.fetch_url or not may_be_a_site(feed):
                raise
        found = await web.find(feed.url, fetched)
        logger.info("feed found: site=%s feed=%s", feed.url, found.url)
        return found_elsewhere(feed, found.url), found.fetched, found.parsed

    @staticmethod
    def _is_unchanged(feed: Feed, fetched: Fetched) -> bool:
        return bool(feed.validators.body_hash) and fetched.validators.body_hash == feed.validators.body_hash

    async def _unchanged(self, feed: Feed, fetched: Fetched) -> None:
        outcome = Outcome(status=fetched.status, freshness=fetched.freshness, permanent_url=fetched.permanent_url)
        await save(self._tools, self._after_success(feed, fetched, outcome))

    async def _changed(self, feed: Feed, fetched: Fetched, document: Document) -> None:
        named = replace(feed, title=document.title or feed.title, language=document.language or feed.language)
        other = await self._twins.other(named, fetched, document)
        if other is not None:
            await self._doubles(named, other, fetched, document)
            return
        now = int(self._tools.now())
        keys = all_keys(document.entries)
        own = await self._tools.feeds.known(feed.id, keys)
        other_id = twin_of(feed)
        known = own if other_id is None else {**await self._tools.feeds.known(other_id, keys), **own}
        new = new_entries(document.entries, known, now=now)
        split = self._split(feed, new, document, now)
        await self._storer.store(named, split.silent, announce=False)
        await self._storer.store(named, split.announced, announce=True)
        corrections = await self._corrector.corrections(named, document.entries, known)
        outcome = replace(
            _outcome(fetched, document),
            missed=bool(new),
            lied=has_lied(now, feed, fetched.validators, [entry.published for entry in new]),
        )
        after = self._after_success(named, fetched, outcome)
        after = replace(after, state=_with_home(after.state, fetched, document))
        if not (document.is_complete and corrections.are_all):  # the rest must not hide behind 'not modified'
            after = replace(after, validators=Validators())
        if new:
            after = replace(after, last_entry_at=now)
        await save(self._tools, after, corrections.made, learned=_learned(document.entries, known, own))
        self._twins.stored(after)
        if other_id is not None:
            await self._tools.alerts.clear(_doubled(feed))
        if names_another_hub(feed, after):
            self._tools.on_hub()
        logger.info(
            "feed polled: feed=%s entries=%d announced=%d archived=%d corrected=%d",
            feed.url,
            document.total,
            len(split.announced),
            len(split.silent),
            sum(correction.shown for correction in corrections.made),
        )

    async def _doubles(self, feed: Feed, other: Feed, fetched: Fetched, document: Document) -> None:
        """Nothing is stored of a feed that is another one; now and then it is seen whether it still is."""
        outcome = replace(_outcome(fetched, document), hub="")
        after = self._after_success(feed, fetched, outcome)
        state = {**_with_home(after.state, fetched, document), "twin_of": str(other.id)}
        next_at = int(self._tools.now()) + LOOK_AGAIN
        after = replace(after, state=state, validators=Validators(), next_poll_at=next_at)
        await save(self._tools, replace(after, first_polled_at=feed.first_polled_at))
        if names_another_hub(feed, after):
            self._tools.on_hub()
        logger.info("feed is another one: feed=%s other=%s", feed.url, other.url)
        await self._tools.alerts.tell(_doubled(feed), "alert_feed_doubled", feed=feed.url, other=other.url)

    def _split(self, feed: Feed, new: Sequence[Entry], document: Document, now: int) -> Split:
        backfill = feed.options.backfill if feed.options.backfill is not None else self._settings.backfill
        return announce_split(
            new,
            total=document.total,
            previous_total=previous_total(feed),
            first_poll=feed.first_polled_at is None and twin_of(feed) is None,
            backfill=backfill,
            last_entry_date=last_entry_date(feed),
            last_poll_at=feed.last_success_at,
            catch_up=self._settings.catch_up,
            now=now,
            running_since=self._running_since,
        )

    def _after_success(self, feed: Feed, fetched: Fetched, outcome: Outcome) -> Feed:
        now = int(self._tools.now())
        state = next_state(now, feed, outcome)
        return replace(
            feed,
            fetch_url=adopted_url(now, state) or feed.fetch_url,
            validators=_kept(feed, fetched),
            first_polled_at=feed.first_polled_at or now,
            last_success_at=now,
            error_count=0,
            failing_since=None,
            error="",
            next_poll_at=self._next_poll(feed, outcome),
            state=state,
        )

    def _next_poll(self, feed: Feed, outcome: Outcome) -> int:
        moment, interval = self._tools.now(), self._settings.interval_of(feed)
        now = int(moment)
        next_at = next_poll(now, feed, outcome, interval=interval, chance=self._tools.chance())
        # What the server asked for counts from the moment itself, of which only whole seconds are kept.
        return next_at + math.ceil(moment - now) if outcome.retry_after or outcome.freshness else next_at

    async def failed(self, feed: Feed, outcome: Outcome, error: str) -> None:
        """Store that a poll failed; tell the admins of a feed that is gone, or has failed for a day."""
        now = int(self._tools.now())
        interval = self._settings.interval_of(feed)
        gone = is_gone(now, feed, outcome, interval=interval)
        anew = begins_anew(now, feed, outcome, gone=gone)
        after = replace(
            feed,
            fetch_url="" if anew else feed.fetch_url,
            validators=Validators() if anew else feed.validators,
            error_count=feed.error_count + 1,
            failing_since=feed.failing_since or now,
            error=error,
            next_poll_at=now + interval if anew else self._next_poll(feed, outcome),
            stopped=gone and not anew,
            state=next_state(now, feed, outcome),
        )
        logger.warning("feed failed: feed=%s count=%d error=%s", feed.url, after.error_count, error)
        await save(self._tools, after)
        await self._tell_of_failure(after)

    async def _tell_of_failure(self, feed: Feed) -> None:
        lasts = int(self._tools.now()) - (feed.failing_since or 0) >= FAILING_TOO_LONG
        if feed.stopped or lasts:
            self._twins.forget(feed)
        if feed.stopped:
            self._tools.on_hub()
            await self._tools.alerts.clear(failing(feed))  # that it fails was told before, perhaps
            await self._tools.alerts.tell(failing(feed), "alert_feed_gone", feed=feed.url)
        elif lasts:
            await self._tools.alerts.tell(failing(feed), "alert_feed_failing", feed=feed.url, error=feed.error)


def _outcome(fetched: Fetched, document: Document) -> Outcome:
    return Outcome(
        status=200,
        freshness=fetched.freshness,
        parsed=True,
        total=document.total,
        published=tuple(entry.published for entry in document.entries if entry.published is not None),
        ttl=document.ttl,
        update_period=document.update_period,
        skip_hours=document.skip_hours,
        skip_days=document.skip_days,
        permanent_url=fetched.permanent_url,
        hub=fetched.hub or document.hub,
        self_link=fetched.self_link or document.self_link,
        reached=fetched.url,
    )


def _with_home(state: Mapping[str, str], fetched: Fetched, document: Document) -> dict[str, str]:
    kept = {name: value for name, value in state.items() if name != "twin_of"}
    return {**kept, "home": home_of(fetched, document), "found_at": comparable_link(fetched.url)}


def _learned(entries: Sequence[Entry], known: Mapping[str, Known | None], own: Collection[str]) -> tuple[Learned, ...]:
    """Entries that are known by one of their keys and not by all: so a guid may change first, and the link later."""
    learned = []
    for entry in entries:
        keys = keys_of(entry)
        article = next((known[key] for key in keys if known.get(key)), None)
        if article is not None and any(key not in own for key in keys):
            learned.append(Learned(article.article_id, keys))
    return tuple(learned)


def _doubled(feed: Feed) -> str:
    return f"feed {feed.id} doubled"


def _kept(feed: Feed, fetched: Fetched) -> Validators:
    """On 304 the renewed validators with the hash of the body they stand for; on 200 all that came with it."""
    if fetched.validators.body_hash:
        return fetched.validators
    return replace(fetched.validators, body_hash=feed.validators.body_hash)
