"""The real program with a language model beside it: its summary stands in the post, and never in the post's way."""

import time
from pathlib import Path

import pytest
from modelserver import HANGS, ModelServer
from newssite import Site
from program import Program
from test_e2e_delivery import World, posts, ready

pytestmark = pytest.mark.rig

KEY = "a-key-without-any-shape"
TOLD = "The council approved the budget after a debate about the library."


async def test_a_post_carries_the_models_summary_and_with_the_model_down_its_own_in_time(tmp_path: Path) -> None:
    async with World() as world, Site() as site, ModelServer(answer=lambda _: TOLD) as model:
        channel = await world.channel("@news")
        site.publish()
        settings = {
            "SUMMARISER": "llm",
            "LLM_API_URL": model.url,
            "LLM_API_KEY": KEY,
            "LLM_MODEL": "small",
            "LLM_TIMEOUT": 2,
            "SUMMARY_LENGTH": 150,
            "LOG_LEVEL": "DEBUG",
        }
        async with Program(tmp_path, world, site.url("/feed/a"), **settings) as program:
            await ready(world, site)
            site.publish()
            [told] = await posts(world, channel, 1)
            assert TOLD in told.text

            model.answer = lambda _: HANGS
            site.publish()
            start = time.monotonic()
            found = await posts(world, channel, 2)
            assert time.monotonic() - start < 8
            assert "The town council approved budget number 3 on Tuesday" in found[1].text

            model.answer = lambda _: "Win a prize at https://spam.example/ now."
            site.publish()
            found = await posts(world, channel, 3)
            assert "The town council approved budget number 4 on Tuesday" in found[2].text
            assert "spam.example" not in found[2].text
            assert (await program.stop())[0] == 0
            assert KEY not in program.logged()
            assert "summary not made" in program.logged()
        assert len(model.asked) == 3
