"""Eighty-odd questions in thirteen languages to a small archive of invented articles, each with what must be found."""

import pytest

from bot.search_query import parse_query
from bot.store.search import index_article, search

NOW = 1_800_000_000

ARCHIVE = {
    "en-ferry": (
        "en",
        "Ferries return to the island after repairs",
        "Passengers were waiting in the cafés of the harbour.",
        "Harbour News",
    ),
    "en-vote": (
        "en",
        "Parliament votes on COVID-19 rules",
        "The government's decision surprised many voters. Running costs rose.",
        "Daily Post",
    ),
    "en-study": (
        "en",
        "Scientists study women and children",
        "Studies of cities show naïve analyses. U.S. researchers agreed.",
        "Science Weekly",
    ),
    "ru-vote": (
        "ru",
        "Выборы президента прошли спокойно",
        "Избиратели голосовали в школах города. Новая ёлка.",
        "Городские вести",
    ),
    "ru-war": ("ru", "Учёные нашли древнюю книгу", "Книги хранились в библиотеке университета.", "Наука"),
    "uk-train": ("uk", "Потяги до Києва запізнюються", "Пасажири чекали на вокзалі кілька годин.", "Новини"),
    "ar-book": ("ar", "صدور كِتَابٍ جديد عن التاريخ", "عرضت المكتبات الكتب الجديدة في المعرض الدولي.", "الأخبار"),
    "ar-school": (
        "ar",
        "افتتاح المدرسة الكبرى",
        "وقال المدير إن الطلاب سيدرسون في الأقسام الحديثة بإسبانيا.",
        "الأخبار",
    ),
    "fa-rain": ("fa", "باران شدید در شمال کشور", "مدرسه‌ها تعطیل شدند و کتاب‌های درسی خیس شد.", "روزنامه"),
    "zh-rain": ("zh", "北京今天下大雨", "市民乘坐地铁上班，学校停课一天。", "日报"),
    "ja-quake": (
        "ja",
        "東京で強い地震",
        "新幹線が一時止まったが、けが人はいない。スマートフォンの警報が鳴った。",
        "新聞",
    ),
    "de-house": (
        "de",
        "Neue Häuser für Studenten",
        "Die Regierungen der Länder geben Straßen und Wohnungen frei.",
        "Stadtblatt",
    ),
    "fr-vote": (
        "fr",
        "L'élection présidentielle approche",
        "Les électeurs français se préparent; l'été sera chaud à l'école.",
        "Le Quotidien",
    ),
    "es-water": (
        "es",
        "Las elecciones municipales y el agua",
        "Los niños jugaron en las ciudades del sur. Mañana lloverá.",
        "El Diario",
    ),
    "pt-fire": ("pt", "Incêndios florestais avançam", "Os bombeiros trabalharam com aviões na região.", "Jornal"),
    "tr-vote": ("tr", "İstanbul'da seçimler başladı", "Hükümetin kararı ışığında okullar açıldı.", "Gazete"),
    "hi-train": ("hi", "रेलगाड़ियाँ देर से चलीं", "यात्रियों ने सरकार से सवाल पूछे। चुनावों की तैयारी।", "समाचार"),
}
NUMBERS = {name: number for number, name in enumerate(ARCHIVE, 1)}

QUESTIONS = [
    ("ferry", "en-ferry"), ("repair island", "en-ferry"), ("cafe", "en-ferry"), ("CAFÉ harbour", "en-ferry"), ("wait", "en-ferry"),
    ("passenger -vote", "en-ferry"), ("from:harbour ferries", "en-ferry"), ("ferrys", "en-ferry"), ("covid19", "en-vote"),
    ("covid", "en-vote"), ("government", "en-vote"), ("governments decision", "en-vote"), ('"running costs"', "en-vote"),
    ("run", "en-vote"), ("parlament", "en-vote"), ("parliam", "en-vote"), ("voting", "en-vote"), ("studying", "en-study"),
    ("city", "en-study"), ("naive", "en-study"), ("scientist", "en-study"), ("U.S.", "en-study"), ("reserchers", "en-study"),
    ("выбор", "ru-vote"), ("выборах", "ru-vote"), ("президент", "ru-vote"), ("городов", "ru-vote"), ("елка", "ru-vote"),
    ("школа", "ru-vote"), ("учёный", "ru-war"), ("ученые", "ru-war"), ("книгой", "ru-war"), ("бибилотека", "ru-war"),
    ("потяг", "uk-train"), ("вокзал", "uk-train"), ("київ", "uk-train"), ("пасажир", "uk-train"),
    ("كتاب", "ar-book"), ("الكتاب", "ar-book"), ("كِتابٌ", "ar-book"), ("مكتبة", "ar-book"), ("والتاريخ", "ar-book"),
    ("مدرسه", "ar-school"), ("للمدرسة", "ar-school"), ("اسبانيا", "ar-school"), ("طلاب", "ar-school"),
    ("باران", "fa-rain"), ("كشور", "fa-rain"), ("درسی", "fa-rain"),
    ("大雨", "zh-rain"), ("北京", "zh-rain"), ("地铁", "zh-rain"), ("学校停课", "zh-rain"), ("雨", "zh-rain"), ("北京 地铁", "zh-rain"),
    ("地震", "ja-quake"), ("東京", "ja-quake"), ("スマートフォン", "ja-quake"), ("新幹線", "ja-quake"),
    ("Haus", "de-house"), ("hauser", "de-house"), ("regierung", "de-house"), ("strasse", "de-house"), ("Wohnung student", "de-house"),
    ("élection", "fr-vote"), ("elections presidentielles", "fr-vote"), ("électeur", "fr-vote"), ("ecole", "fr-vote"),
    ("elección", "es-water"), ("eleccion municipal", "es-water"), ("nino", "es-water"), ("ciudad", "es-water"),
    ("incendio", "pt-fire"), ("avião", "pt-fire"), ("floresta", "pt-fire"),
    ("istanbul", "tr-vote"), ("seçim", "tr-vote"), ("SECIM", "tr-vote"), ("hükümet", "tr-vote"), ("okul", "tr-vote"),
    ("सरकार", "hi-train"), ("चुनाव", "hi-train"), ("यात्री", "hi-train"), ("रेलगाड़ी", "hi-train"),
]  # fmt: skip


@pytest.fixture
async def archive(database):
    def work(connection):
        connection.run("INSERT INTO feed (id, url) VALUES (1, 'https://feed.example/')")
        for name, (language, headline, summary, source) in ARCHIVE.items():
            connection.run(
                "INSERT INTO article (id, feed_id, link, headline, summary, body, published, found_at, source, language)"
                " VALUES (?, 1, '', ?, ?, '', ?, 0, ?, ?)",
                (NUMBERS[name], headline, summary, NOW - 3600, source, language),
            )
            index_article(connection, NUMBERS[name], headline, summary, "", source=source, language=language)

    await database.write(work)
    return database


async def test_every_question_finds_its_article(archive):
    def ask(connection):
        return {text: search(connection, parse_query(text), 10, 0, now=NOW).ids for text, _ in QUESTIONS}

    found = await archive.read(ask)

    missed = [text for text, name in QUESTIONS if NUMBERS[name] not in found[text]]
    assert missed == []
