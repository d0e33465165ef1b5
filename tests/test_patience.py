from bot.patience import MOST_READERS, Patience, Verdict


def judged(patience, times, reader=1):
    return [patience.judge(reader, now) for now in times]


def test_a_burst_is_answered_then_told_once_to_slow_down_then_met_with_silence():
    patience = Patience(burst=3, rate=0.5)

    assert judged(patience, [0] * 6) == [Verdict.ANSWER] * 3 + [Verdict.SLOW_DOWN] + [Verdict.SILENCE] * 2


def test_after_a_pause_the_reader_is_answered_again_and_told_again():
    patience = Patience(burst=2, rate=0.5)
    judged(patience, [0, 0, 0, 0])

    assert judged(patience, [2, 2, 2]) == [Verdict.ANSWER, Verdict.SLOW_DOWN, Verdict.SILENCE]


def test_a_steady_reader_is_always_answered():
    assert set(judged(Patience(burst=2, rate=0.5), range(0, 100, 2))) == {Verdict.ANSWER}


def test_one_reader_does_not_use_up_the_room_of_another():
    patience = Patience(burst=1, rate=0.1)

    assert judged(patience, [0, 0]) == [Verdict.ANSWER, Verdict.SLOW_DOWN]
    assert judged(patience, [0], reader=2) == [Verdict.ANSWER]


def test_a_clock_set_back_takes_nothing_away():
    assert judged(Patience(burst=2, rate=1), [100, 0]) == [Verdict.ANSWER] * 2


def test_only_so_many_readers_are_remembered():
    patience = Patience(burst=1, rate=0.001)
    for reader in range(MOST_READERS + 1):
        patience.judge(reader, 0)

    assert patience.judge(0, 0) is Verdict.ANSWER
    assert patience.judge(MOST_READERS, 0) is Verdict.SLOW_DOWN


def test_a_flood_that_goes_on_is_answered_at_the_rate_and_told_once():
    verdicts = judged(Patience(burst=10, rate=1), [tenth / 10 for tenth in range(600)])

    assert verdicts.count(Verdict.SLOW_DOWN) == 1
    assert 65 <= verdicts.count(Verdict.ANSWER) <= 70
