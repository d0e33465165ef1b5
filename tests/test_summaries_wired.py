"""The language model where it is set up: its settings, the poller that asks it, and what `tidings check` says of it."""

import time
from contextlib import asynccontextmanager

import pytest
from fakes import FakeAlerts
from modelserver import ModelServer, completion, failure
from pydantic import SecretStr
from test_check import BotApi, settings, told
from test_feeds_poller import SENTENCE, document, served_site

from bot.cli import _secrets
from bot.config import parse_settings
from bot.errors import ConfigurationError
from bot.feeds.web import HttpWeb
from bot.models import FeedSource
from bot.poller import Poller, PollSettings, PollTools
from bot.store import open_database
from bot.store.feeds import FeedStore
from bot.store.summaries import SummaryStore
from bot.summarisers.model import ModelSettings, ModelSummariser
from bot.summarisers.openai import OpenAiModel
from bot.summary_check import Wish
from bot.workers import Workers

KEY = "a-key-without-any-shape"
WISH = Wish(300)
TOLD = "The council has voted for a harbour wall of local stone."


def problems_of(**values):
    with pytest.raises(ConfigurationError) as caught:
        parse_settings(values)
    return caught.value.problems


def test_a_model_needs_its_address_and_its_name():
    assert [line.split()[0] for line in problems_of(summariser="llm")] == ["LLM_API_URL", "LLM_MODEL"]
    assert "127.0.0.1:11434" in problems_of(summariser="llm", llm_model="m")[0]
    assert problems_of(summariser="gpt") == ["SUMMARISER: 'gpt' is not right: it must be extractive or llm"]


def test_translating_without_a_model_is_told_rather_than_forgotten():
    (problem,) = problems_of(summary_language="ar")
    assert "SUMMARISER=llm" in problem


def test_a_wrong_key_is_not_shown_and_a_right_one_is_kept_from_logs_and_representations():
    (problem,) = problems_of(llm_api_key="two secret-words")
    assert "secret-words" not in problem
    fine = parse_settings({"llm_api_key": KEY, "llm_api_url": "http://me:hushhush@host/v1"})
    assert KEY not in repr(fine)
    assert "hushhush" not in repr(fine)
    assert KEY in _secrets(fine)


async def test_the_model_tells_what_is_posted_and_nothing_else(tmp_path, served):
    pages = {"/feed": document("1", "2", "3")}
    async with ModelServer(answer=lambda _: TOLD) as model, served(model, pages, backfill=1) as poll:
        assert [text.startswith(TOLD) for text in await poll()] == [False, False, True]
        assert len(model.asked) == 1
        pages["/feed"] = document("4", "1", "2", "3")
        assert (await poll())[-1] == TOLD
        assert len(model.asked) == 2


async def test_a_correction_is_told_by_the_model_too(tmp_path, served):
    pages = {"/feed": document("1")}
    async with ModelServer(answer=lambda _: TOLD) as model, served(model, pages, backfill=1) as poll:
        assert await poll() == [TOLD]
        pages["/feed"] = document("1").replace("Title 1", "Better title 1")
        model.answer = lambda _: "A new harbour wall will be built of local stone."
        assert await poll() == ["A new harbour wall will be built of local stone."]


async def test_a_correction_that_is_translated_at_last_is_in_its_new_language(tmp_path, served):
    pages = {"/feed": document("1")}
    wish = Wish(300, "ar")
    async with ModelServer(answer=lambda _: failure(400)) as model, served(model, pages, backfill=1, wish=wish) as poll:
        await poll()
        assert await poll.languages() == ["en"]
        pages["/feed"] = document("1").replace("Title 1", "Better title 1")
        model.answer = lambda _: "جدار جديد للميناء\nصوّت المجلس لبناء جدار جديد للميناء."
        assert await poll() == ["صوّت المجلس لبناء جدار جديد للميناء."]
        assert await poll.languages() == ["ar"]


async def test_with_the_model_down_articles_keep_their_own_sentences(tmp_path, served):
    pages = {"/feed": document("1", "2")}
    async with ModelServer(answer=lambda _: failure(400)) as model, served(model, pages, backfill=2) as poll:
        assert [SENTENCE.startswith(text[:60]) for text in await poll()] == [True, True]
        assert len(model.asked) == 2


@pytest.fixture
def served(tmp_path):
    """A poller of /feed on a site with these pages, with a model; gives a call that polls and returns all summaries."""

    @asynccontextmanager
    async def serving(model, pages, *, backfill, wish=WISH):
        async with (
            served_site(pages) as site,
            Workers() as workers,
            OpenAiModel(model.url, "small", KEY) as asked,
        ):
            database = await open_database(f"sqlite:///{tmp_path}/tidings.db")
            feeds = FeedStore(database)
            await feeds.configure([FeedSource(site.base + "/feed")])
            moment = time.time()
            chosen = ModelSettings("small", wish, daily_budget=100, timeout=5)
            tools = PollTools(
                feeds=feeds,
                web=HttpWeb(site.fetcher, workers, summary_length=300),
                alerts=FakeAlerts(),
                now=lambda: moment,
                chance=lambda: 0.0,
                channels_of=lambda _: [-1001],
                on_articles=lambda: None,
                summariser=ModelSummariser(asked.ask, SummaryStore(database), chosen, now=lambda: moment),
            )
            poller = Poller(tools, PollSettings(interval=300, backfill=backfill, concurrency=5, edit_window=90_000))

            async def poll():
                nonlocal moment
                moment += 400
                await poller.tick()
                await poller.drain()
                query = "SELECT summary FROM article ORDER BY id"
                return [row[0] for row in await database.read(lambda connection: connection.rows(query))]

            async def languages():
                rows = await database.read(lambda connection: connection.rows("SELECT language FROM article"))
                return [row[0] for row in rows]

            poll.languages = languages
            yield poll
            await database.close()

    return serving


def checked(api, tmp_path, url, **changes):
    values = {"summariser": "llm", "llm_api_url": url, "llm_model": "small-1", "llm_api_key": SecretStr(KEY)}
    return settings(api, tmp_path, **{**values, **changes})


FINE = "The town library will stay open on Sundays until the end of March, the council decided."


@pytest.mark.parametrize(
    ("answer", "fine", "said"),
    [
        (lambda: completion(FINE), True, "passes"),
        (lambda: completion("See https://spam.example/ for more."), False, "a link"),
        (lambda: failure(401, "Incorrect API key"), False, "401 Incorrect API key; look at LLM_API_URL, LLM_API_KEY"),
        (lambda: failure(404, "model 'small-1' not found"), False, "404 model 'small-1' not found"),
    ],
)
async def test_the_check_asks_the_model_once_and_says_what_is_wrong(answer, fine, said, tmp_path):
    async with BotApi() as api, ModelServer(answer=lambda _: answer()) as model:
        found = (await told(checked(api, tmp_path, model.url)))["language model small-1"]
        assert len(model.asked) == 1
    assert found.fine is fine
    assert said in found.said


async def test_the_check_tells_a_model_that_is_not_there(tmp_path):
    async with ModelServer() as model:
        url = model.url
    async with BotApi() as api:
        found = await told(checked(api, tmp_path, url))
    assert "not reached" in found["language model small-1"].said


async def test_without_a_model_the_check_does_not_speak_of_one(tmp_path):
    async with BotApi() as api:
        assert not [subject for subject in await told(settings(api, tmp_path)) if "model" in subject]
