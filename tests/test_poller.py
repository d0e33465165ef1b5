"""What a poll makes of a feed: posts, archive, what is remembered; on a real database."""

from polled import DAY, FEED, INTERVAL, feed_of, item, names, stage

from bot.errors import FetchError, StoreUnavailable
from bot.filters import Filter
from bot.models import FeedOptions, FeedSource
from bot.store.feeds import FeedStore

OTHER = "https://other.example/feed"
STORY = (
    "No ferry will leave the outer harbour before Friday morning, the port office said on Wednesday, after a storm tore"
    " two mooring lines and pushed the swell over the breakwater. Gusts reached 104 kilometres an hour at the lighthouse"
    " shortly before dawn, and forty lorries wait on the quay for the first crossing of the week."
)


async def test_a_first_poll_posts_the_newest_so_many_and_archives_the_rest(database):
    async with stage(database, {FEED: names("4", "3", "2", "1")}, backfill=2) as s:
        await s.poll()
        assert (await s.posts(), await s.archive()) == (["3", "4"], ["1", "2", "3", "4"])


async def test_a_feeds_own_backfill_goes_before_the_general_one(database):
    async with stage(database, {FEED: names("2", "1")}, backfill=2, options={FEED: FeedOptions(backfill=1)}) as s:
        await s.poll()
        assert await s.posts() == ["2"]


async def test_a_category_that_only_says_that_there_is_none_is_no_hashtag(database):
    tagged = item("1").replace("</item>", "<category>Sin categoría</category><category>Puertos</category></item>")
    async with stage(database, {FEED: feed_of(tagged)}, backfill=1) as s:
        await s.poll()
        rows = await database.read(lambda connection: connection.rows("SELECT categories FROM article"))
        assert rows == [('["Puertos"]',)]


async def test_later_polls_post_what_is_new_once(database):
    async with stage(database, {FEED: names("1")}) as s:
        await s.poll()
        for wanted in ("21", "321", "321", "213"):
            s.web.pages[FEED] = names(*wanted)
            await s.poll()
        assert await s.posts() == ["2", "3"]


async def test_a_crash_between_batches_loses_and_doubles_nothing(database):
    everything = [str(number) for number in range(60, 0, -1)]

    class Dying(FeedStore):
        """Gone after the second batch."""

        batches = 0

        async def save(self, result, **arguments):
            if not result.articles:
                raise StoreUnavailable("gone")
            Dying.batches += 1
            if Dying.batches == 3:
                raise StoreUnavailable("gone")
            return await super().save(result, **arguments)

    async with stage(database, {FEED: names(*everything)}, store=Dying, backfill=99) as s:
        await s.poll()
        assert len(await s.posts()) == 40
        Dying.save = FeedStore.save
        again = await s.restarted()
        await again.poll()
        assert await again.posts() == [str(number) for number in range(1, 61)]


async def test_a_poll_whose_claim_was_lost_stores_nothing_and_the_new_holder_does(database):
    async with stage(database, {FEED: names("1")}, backfill=9) as s:
        s.web.gate.clear()
        s.moment[0] += INTERVAL
        await s.poller.tick()
        [other] = await s.feeds.claim_due(int(s.moment[0]) + 10 * DAY, lease=600, limit=9)
        s.web.gate.set()
        await s.poller.drain()
        assert await s.archive() == []
        await s.feeds.release_all([other], int(s.moment[0]))
        await s.poll()
        assert await s.posts() == ["1"]


async def test_a_body_whose_hash_is_unchanged_is_not_parsed(database):
    async with stage(database, {FEED: names("1")}) as s:
        await s.poll()
        await s.poll()
        assert s.web.asked[1][1] is not None
        await s.poll(after=2 * DAY)  # asked without validators, so that the whole body comes
        assert s.web.asked[2] == (FEED, None)
        assert s.web.read_bodies == 1


async def test_an_entry_that_kills_the_worker_costs_its_neighbours_nothing(database):
    async with stage(database, {FEED: names("3", "killer", "1")}, backfill=9) as s:
        s.web.killer = "killer"
        await s.poll()
        assert await s.posts() == ["1", "killer", "3"]
        await s.poll()
        assert len(await s.archive()) == 3


async def test_an_article_is_corrected_within_the_window_only(database):
    async with stage(database, {FEED: names("1")}, edit_window=DAY) as s:
        await s.poll()
        s.web.pages[FEED] = feed_of(item("1", text="Four hundred were there, not four, the mayor said on Monday."))
        await s.poll()
        [row] = await s.rows("SELECT summary, revision FROM article")
        assert "Four hundred" in row[0]
        assert row[1] == 1
        s.web.pages[FEED] = feed_of(item("1", text="Nobody was there, as the mayor admitted long afterwards."))
        await s.poll(after=2 * DAY)
        assert await s.rows("SELECT summary, revision FROM article") == [row]
        assert await s.posts() == []


async def test_of_many_articles_changed_at_once_all_are_corrected_though_the_feed_changes_no_more(database):
    names_of_all = [str(number) for number in range(50)]
    async with stage(database, {FEED: names(*names_of_all)}, edit_window=DAY) as s:
        await s.poll()
        s.web.pages[FEED] = feed_of(*(item(name, text=f"Really new words stand in {name}.") for name in names_of_all))
        for _ in range(3):
            await s.poll()
        assert await s.rows("SELECT COUNT(*) FROM article WHERE summary LIKE 'Really new words%'") == [(50,)]
        read = s.web.read_bodies
        await s.poll()
        assert s.web.read_bodies == read


async def test_a_story_from_two_feeds_at_the_same_time_is_posted_once_and_named_twice(database):
    pages = {
        FEED: feed_of(item("a", text=STORY)),
        OTHER: feed_of(item("b", text=STORY, link="https://other.example/b")).replace("Example News", "Other Gazette"),
    }
    async with stage(database, pages, backfill=9, story_window=36 * 3600) as s:
        s.web.gate.clear()
        s.moment[0] += INTERVAL
        await s.poller.tick()
        s.web.gate.set()
        await s.poller.drain()
        assert len(s.web.asked) == 2
        assert len(await s.posts()) == 1
        [[also]] = await s.rows("SELECT also FROM article WHERE also <> '[]'")
        assert also in ('["Other Gazette"]', '["Example News"]')
        again = await s.restarted()
        again.web.pages[OTHER] = pages[OTHER].replace("/b<", "/again<").replace("id b", "id again")
        await again.poll()
        assert len(await s.posts()) == 1


async def test_what_a_filter_removed_is_remembered_and_shown_nowhere(database):
    async with stage(database, {FEED: names("1")}, filter=Filter(exclude=("lottery",))) as s:
        await s.poll()
        s.web.pages[FEED] = feed_of(item("2", text="The lottery has drawn its numbers again."), item("1"))
        await s.poll()
        assert (await s.posts(), await s.archive()) == ([], ["1"])
        free = await s.restarted(filter=Filter())
        s.web.pages[FEED] = feed_of(item("3"), item("2", text="The lottery has drawn its numbers again."), item("1"))
        await free.poll()
        assert await s.posts() == ["3"]


async def test_a_feed_that_fails_for_a_day_is_told_once_and_once_when_it_is_back(database):
    async with stage(database, {FEED: names("1")}) as s:
        await s.poll()
        s.web.pages[FEED] = FetchError("news.example answers 500", status=500)
        for _ in range(4):
            await s.poll(after=DAY // 4)
        assert s.alerts.told == []
        for _ in range(4):
            await s.poll(after=DAY)
        assert len(s.alerts.told) == 1
        assert "failed for a day" in s.alerts.told[0]
        s.web.pages[FEED] = names("2", "1")
        for _ in range(2):
            await s.poll(after=DAY)
        assert [text.partition(" ")[2] for text in s.alerts.told[1:]] == ["works again."]
        assert await s.posts() == ["2"]
        assert await s.rows("SELECT error_count, error FROM feed") == [(0, "")]


async def test_a_feed_that_is_gone_is_told_and_asked_no_more(database):
    async with stage(database, {FEED: FetchError("gone", status=410)}) as s:
        await s.poll()
        assert s.alerts.told == []
        for _ in range(4):
            await s.poll(after=DAY)
        assert len(s.web.asked) == 2
        assert len(s.alerts.told) == 1
        assert "410" in s.alerts.told[0]


async def test_a_moved_feed_whose_ids_and_links_all_change_floods_nobody(database):
    old = [item(str(number), minute=number) for number in range(9, 0, -1)]
    async with stage(database, {FEED: feed_of(*old)}) as s:
        await s.poll()
        new = [
            item(str(number), guid=f"new {number}", link=f"https://moved.example/p{number}", minute=number)
            for number in range(9, 0, -1)
        ]
        late = item("late", guid="new late", link="https://moved.example/late", minute=15)
        s.web.pages["https://moved.example/feed"] = feed_of(late, *new)
        s.web.moved[FEED] = "https://moved.example/feed"
        await s.poll()
        assert await s.posts() == ["late"]


async def test_a_guid_that_changes_first_and_a_link_that_changes_later_make_nothing_new(database):
    def changed(version: int) -> str:
        guid, link = f"guid {version // 2}", f"https://news.example/a{(version + 1) // 2}"
        return feed_of(item("a", guid=guid, link=link), item("b"))

    async with stage(database, {FEED: changed(0)}) as s:
        for version in range(30):
            s.web.pages[FEED] = changed(version)
            await s.poll()
        assert await s.archive() == ["b", "a"]
        [[keys]] = await s.rows(
            "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM identity GROUP BY article_id) AS counted"
        )
        assert keys <= 16


async def test_a_feed_taken_away_and_added_again_begins_anew(database):
    async with stage(database, {FEED: names("1")}) as s:
        await s.poll()
        await s.feeds.configure([])
        s.web.pages[FEED] = names("3", "2", "1")
        await s.poll()
        await s.feeds.configure([FeedSource(FEED)])
        await s.poll()
        assert (await s.posts(), await s.archive()) == ([], ["1", "2", "3"])
        s.web.pages[FEED] = names("4", "3", "2", "1")
        await s.poll()
        assert await s.posts() == ["4"]


async def test_a_page_in_place_of_a_feed_is_a_failure_that_keeps_what_was_seen(database):
    async with stage(database, {FEED: names("1")}) as s:
        await s.poll()
        s.web.pages[FEED] = "<html>For sale</html>"
        await s.poll()
        [[error, count]] = await s.rows("SELECT error, error_count FROM feed")
        assert error
        assert count == 1
        s.web.pages[FEED] = names("2", "1")
        await s.poll()
        assert await s.posts() == ["2"]


async def test_after_a_restart_what_is_older_than_the_limit_fills_the_archive(database):
    async with stage(database, {FEED: feed_of(item("1", minute=5))}) as s:
        await s.poll()
        s.moment[0] += 60
        again = await s.restarted(catch_up=3600)
        again.web.pages[FEED] = feed_of(item("old", minute=9), item("undated"), item("1", minute=5))
        await again.poll()
        assert (await s.posts(), await s.archive()) == (["undated"], ["1", "old", "undated"])


async def test_a_host_that_asked_to_be_left_alone_is_so_after_a_restart_too(database):
    async with stage(database, {FEED: FetchError("too many", status=429, retry_after=5000)}) as s:
        await s.poll()
        s.moment[0] += 1000
        again = await s.restarted()
        assert again.web.left_alone == {FEED: 4000}
        s.moment[0] += 4000
        assert (await s.restarted()).web.left_alone == {FEED: 4000}
