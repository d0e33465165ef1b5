"""Datelines: place, day and agency go from the first sentence, and nothing that only looks like them."""

import pytest

from bot.condense.datelines import without_dateline

SENTENCE = "Senador republicano calificó el martes al presidente."


@pytest.mark.parametrize(
    "dateline",
    [
        "LONDON (AP) — ",
        "LONDON, Oct 3 (Reuters) - ",
        "Reuters - ",
        "LONDON — ",
        "Dekalb, Ill. — ",
        "By John Smith LONDON (Reuters) - ",
        "Washington.- ",
        "CIUDAD DE MÉXICO.– ",
        "Madrid, 3 oct.- ",
        "Buenos Aires, 3 oct (EFE).- ",
        "(ANSA) - ROMA, 03 OTT - ",
        "Roma, 3 ott. (askanews) - ",
        "Berlin (dpa) – ",
        "МОСКВА, 3 окт — РИА Новости. ",
        "МОСКВА, 25 ноября. /ТАСС/. ",
        "İSTANBUL (AA) - ",
        "ŞIRNAK - ",
        "القاهرة (رويترز) - ",
        "دمشق-سانا- ",
        "تهران- ایرنا- ",
        "به گزارش خبرگزاری تسنیم، ",
        "नई दिल्ली (भाषा) ",
        "新华社北京10月3日电（记者 王某）",
        "本报讯 ",
        "(서울=연합뉴스) 홍길동 기자 = ",
        "[서울=뉴시스]홍길동 기자 = ",
    ],
)
def test_a_dateline_goes(dateline):
    assert without_dateline(dateline + SENTENCE) == SENTENCE


@pytest.mark.parametrize(
    "sentence",
    [
        "Nein. – Das sagte er am Dienstag der Zeitung in Berlin.",
        "No.- That was all he said to the press on Tuesday afternoon.",
        "NATO - the alliance of thirty states - met in Brussels on Tuesday.",
        "Who - or what - is behind the attack on the harbour city?",
        "Real Madrid - Barcelona wird am Samstag in Madrid gespielt.",
        "به گزارش پلیس، دو نفر در این حادثه کشته شدند و سه نفر زخمی.",
    ],
)
def test_a_sentence_with_a_dash_stays(sentence):
    assert without_dateline(sentence) == sentence
