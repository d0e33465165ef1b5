"""Updates in their lanes: worked out in order and at once, delivered in order behind."""

import asyncio

import telegram

from bot.messengers.telegram.lanes import Delivery, UpdateLanes


def update(number, chat=10, user=10):
    kind = "private" if chat > 0 else "supergroup"
    facts = {
        "message_id": number,
        "date": 0,
        "chat": {"id": chat, "type": kind, "title": "Friends"},
        "from": {"id": user, "is_bot": False, "first_name": "Ann"},
        "text": "/help",
    }
    return telegram.Update.de_json({"update_id": number, "message": facts}, None)


class Desk:
    """Notes what is answered and delivered; delivering waits until `open`."""

    def __init__(self):
        self.answered, self.delivered, self.open = [], [], asyncio.Event()
        self.lanes = UpdateLanes(self.handle)

    async def handle(self, one):
        self.answered.append(one.update_id)
        if one.update_id == 99:
            raise RuntimeError("on purpose")

        async def deliver():
            await self.open.wait()
            self.delivered.append(one.update_id)
            if one.update_id == 98:
                raise RuntimeError("on purpose")

        return Delivery(deliver)


async def test_a_second_call_is_judged_while_the_answer_to_the_first_waits_its_turn():
    desk = Desk()

    await desk.lanes.take([update(1), update(2)], 0.01)

    assert desk.answered == [1, 2]
    assert desk.delivered == []
    desk.open.set()
    await desk.lanes.finish()
    assert desk.delivered == [1, 2]


async def test_what_overtakes_goes_first_and_holds_up_neither_the_next_call_nor_the_order():
    desk = Desk()
    first = asyncio.Event()

    async def handle(one):
        desk.answered.append(one.update_id)

        async def deliver():
            await (desk.open if one.update_id == 90 else first).wait()
            desk.delivered.append(one.update_id)

        return Delivery(deliver, overtakes=one.update_id == 90)

    lanes = UpdateLanes(handle)
    await lanes.take([update(1), update(2), update(90), update(3)], 0.01)

    assert desk.answered == [1, 2, 90, 3]
    desk.open.set()
    await asyncio.sleep(0.01)
    assert desk.delivered == [90]
    first.set()
    await lanes.finish()
    assert desk.delivered == [90, 1, 2, 3]


async def test_a_failure_ends_neither_the_lane_nor_the_order(caplog):
    desk = Desk()
    desk.open.set()

    await desk.lanes.take([update(99), update(98), update(3)], 1)

    assert desk.delivered == [98, 3]
    assert caplog.text.count("update failed: update=9") == 2


async def test_in_a_group_nobody_waits_behind_another():
    desk, waited = Desk(), asyncio.Event()

    async def handle(one):
        if one.effective_user.id == 1:
            await waited.wait()
        desk.answered.append(one.update_id)

    lanes = UpdateLanes(handle)
    await lanes.take([update(1, -30, 1), update(2, -30, 1), update(3, -30, 2)], 0.01)

    assert desk.answered == [3]
    waited.set()
    await lanes.finish()
    assert desk.answered == [3, 1, 2]


async def test_what_is_at_work_when_all_ends_is_cancelled_and_forgotten():
    desk = Desk()
    await desk.lanes.take([update(1)], 0.01)

    desk.lanes.cancel()
    await desk.lanes.finish()

    assert desk.delivered == []
