"""How many calls of one reader are answered; pure but for the memory of the last calls.

A reader may call in a burst, then at a steady rate. The first call beyond that is told to slow down; further ones get
nothing where there is no room, and are told so again only after a pause.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum

MOST_READERS = 10_000
FORGIVEN_AT = 0.5  # of the burst


class Verdict(StrEnum):
    """What to do with a call."""

    ANSWER = "answer"
    SLOW_DOWN = "slow down"
    SILENCE = "silence"


@dataclass(slots=True)
class _Account:
    room: float
    at: float
    warned: bool = False


class Patience:
    """Counts calls by reader.

    Args:
        burst: calls that are answered one after the other.
        rate: calls a second that are answered in the long run.
    """

    def __init__(self, burst: int = 20, rate: float = 1.0) -> None:
        self._burst = burst
        self._rate = rate
        self._accounts: OrderedDict[Hashable, _Account] = OrderedDict()

    def judge(self, reader: Hashable, now: float) -> Verdict:
        """Count a call and say whether it is answered; readers not heard of for long are forgotten."""
        account = self._accounts.pop(reader, None) or _Account(float(self._burst), now)
        self._accounts[reader] = account
        if len(self._accounts) > MOST_READERS:
            self._accounts.popitem(last=False)
        account.room = min(float(self._burst), account.room + max(now - account.at, 0.0) * self._rate)
        account.at = now
        if account.room >= self._burst * FORGIVEN_AT:
            account.warned = False
        if account.room >= 1:
            account.room -= 1
            return Verdict.ANSWER
        if account.warned:
            return Verdict.SILENCE
        account.warned = True
        return Verdict.SLOW_DOWN
