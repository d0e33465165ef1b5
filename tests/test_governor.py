import asyncio

import pytest
from fakes import FakeClock, FakeGates

from bot.errors import SendLater
from bot.governor import GLOBAL, Governor, Priority, Rates, SteadyGates

CHANNEL = -1001
READER = 42


class YieldingClock(FakeClock):
    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        await super().sleep(seconds)


def governor(rates: Rates | None = None, gates: FakeGates | None = None) -> tuple[Governor, YieldingClock]:
    clock = YieldingClock()
    return Governor(rates or Rates(), now=clock, gates=gates or FakeGates(), sleep=clock.sleep), clock


async def send(governor: Governor, clock: FakeClock, chat_id: int, count: int, priority: Priority) -> list[float]:
    times = []
    for _ in range(count):
        async with governor.turn(chat_id, priority):
            times.append(clock())
    return times


async def test_a_channel_never_gets_more_than_its_window_in_any_minute() -> None:
    paced, clock = governor()
    times = await send(paced, clock, CHANNEL, 100, Priority.POST)
    assert all(later - earlier >= 60 for earlier, later in zip(times, times[20:], strict=False))
    assert times[-1] - times[0] < 60 * 5


async def test_a_reader_gets_a_short_burst_and_then_one_a_second() -> None:
    paced, clock = governor()
    times = await send(paced, clock, READER, 30, Priority.BROADCAST)
    assert times[2] - times[0] < 0.5
    assert times[-1] - times[0] >= 26
    assert all(later - earlier >= 2.9 for earlier, later in zip(times, times[3:], strict=False))


async def test_the_bot_as_a_whole_stays_under_thirty_a_second_and_near_it() -> None:
    paced, clock = governor()
    start = clock()
    times: list[float] = []
    for reader in range(1, 301):
        times += await send(paced, clock, reader, 1, Priority.BROADCAST)
    assert all(later - earlier >= 0.9 for earlier, later in zip(times, times[30:], strict=False))
    assert (times[-1] - start) * 30 / 300 < 1.05


async def test_an_answer_overtakes_a_waiting_broadcast() -> None:
    paced, _ = governor(Rates(overall=1))
    order: list[str] = []

    async def one(chat_id: int, priority: Priority, name: str) -> None:
        async with paced.turn(chat_id, priority):
            order.append(name)

    waiting = [asyncio.create_task(one(reader, Priority.BROADCAST, "broadcast")) for reader in range(1, 6)]
    await asyncio.sleep(0)
    waiting.append(asyncio.create_task(one(77, Priority.ANSWER, "answer")))
    await asyncio.gather(*waiting)
    assert order.index("answer") <= 1
    assert order.count("broadcast") == 5


async def test_a_refusal_closes_only_its_chat_and_is_remembered() -> None:
    gates = FakeGates()
    paced, clock = governor(gates=gates)
    start = clock()
    await paced.refused(CHANNEL, 100)
    assert (await send(paced, clock, READER, 1, Priority.ANSWER))[0] - start < 1
    reborn = Governor(Rates(), now=clock, gates=gates, sleep=clock.sleep)
    await reborn.load()
    assert (await send(reborn, clock, CHANNEL, 1, Priority.POST))[0] - start >= 100


async def test_refusals_of_one_chat_after_the_other_close_the_bot_for_the_shortest_time_said() -> None:
    paced, clock = governor()
    start = clock()
    for reader in range(1, 7):
        await paced.refused(reader, 20 + reader)
    assert 21 <= (await send(paced, clock, 50, 1, Priority.POST))[0] - start < 22


async def test_refusals_with_a_chat_served_in_between_close_only_their_chats() -> None:
    paced, clock = governor()
    start = clock()
    for reader in range(1, 7):
        await paced.refused(reader, 20)
        if reader == 3:
            await send(paced, clock, 50, 1, Priority.BROADCAST)
    assert (await send(paced, clock, CHANNEL, 1, Priority.POST))[0] - start < 1


async def test_an_answer_is_not_kept_waiting_for_an_hour() -> None:
    paced, clock = governor()
    await paced.refused(READER, 3600)
    with pytest.raises(SendLater):
        await send(paced, clock, READER, 1, Priority.ANSWER)


async def test_messages_of_the_last_run_count_in_the_window() -> None:
    paced, clock = governor()
    start = clock()
    paced.seed(CHANNEL, [start - 10] * 20)
    assert (await send(paced, clock, CHANNEL, 1, Priority.POST))[0] - start >= 49


async def test_messages_of_the_last_run_whose_clock_was_ahead_close_a_chat_for_one_window_at_most() -> None:
    paced, clock = governor()
    start = clock()
    paced.seed(CHANNEL, [start + 3600] * 20)
    assert (await send(paced, clock, CHANNEL, 1, Priority.POST))[0] - start <= 61


async def test_a_group_that_asks_keeps_places_for_answers() -> None:
    paced, clock = governor()
    group = -55
    await send(paced, clock, group, 1, Priority.ANSWER)
    start = clock()
    await send(paced, clock, group, 17, Priority.POST)
    assert (await send(paced, clock, group, 1, Priority.ANSWER))[0] - start < 5


@pytest.mark.parametrize("rate", [0.5, 5, 20, 1200])
async def test_any_configured_rate_is_kept(rate: float) -> None:
    paced, clock = governor(Rates(chat=rate))
    times = await send(paced, clock, CHANNEL, 45, Priority.POST)
    allowed = max(1, min(20, int(rate)))
    assert (times[-1] - times[0]) / 60 * rate >= 45 - allowed - 1


async def test_a_clock_on_the_wall_that_is_set_back_keeps_a_closed_scope_closed_just_as_long() -> None:
    gates, wall, steady = FakeGates(), FakeClock(), FakeClock()
    kept = SteadyGates(gates, wall=wall, steady=steady)
    wall.time -= 3600
    await kept.close_gate(GLOBAL, steady() + 100)
    assert gates.closed[GLOBAL] == wall() + 100
    wall.time += 40
    steady.time += 40
    assert (await kept.load_gates())[GLOBAL] == steady() + 60


async def test_what_went_out_in_the_last_minute_is_counted() -> None:
    paced, clock = governor()
    await send(paced, clock, READER, 5, Priority.BROADCAST)
    async with paced.turn(CHANNEL, Priority.PROBE) as turn:
        turn.counts = False
    assert paced.sent_within(60) == 5
    clock.time += 61
    assert paced.sent_within(60) == 0
