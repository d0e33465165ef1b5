"""A reader who asks all the time, to see how long answers take while the program is busy with something else."""

import asyncio
import time

EVERY = 0.5


async def ask_latest(world: object, answers: list[float]) -> None:
    """Ask `/latest` until cancelled, each time as somebody else; add the seconds of each answer."""
    for number in range(1_000_000):
        reader = await world.user(f"Asker {number}")
        start = time.monotonic()
        await world.say(reader, "/latest")
        await world.wait_message(reader, timeout=60)
        answers.append(time.monotonic() - start)
        await asyncio.sleep(EVERY)


def described(answers: list[float]) -> str:
    """How long answers took."""
    ordered = sorted(answers)
    median, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return (
        f"/latest, {len(ordered)} times: median {median * 1000:.0f} ms, p99 {late * 1000:.0f} ms,"
        f" slowest {ordered[-1] * 1000:.0f} ms"
    )
