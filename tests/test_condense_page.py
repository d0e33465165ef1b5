"""Pages: the article, its headline and its link, whatever stands around them."""

import json
import time

import pytest

from bot.condense import condense_page, extract_page

PARAGRAPHS = {
    "en": (
        "The old harbour bridge reopened to traffic on Tuesday after two years of repairs that cost the city 40 million crowns.",
        "Mayor Lena Ortiz said the work had finished three weeks ahead of plan.",
        "Some 12,000 cars a day are expected to use the crossing, the only link to the northern docks.",
    ),
    "ar": (
        "أعيد افتتاح جسر الميناء القديم أمام حركة المرور يوم الثلاثاء بعد عامين من الإصلاحات التي كلفت المدينة أربعين مليونا.",
        "وقالت رئيسة البلدية لينا إن الأعمال انتهت قبل موعدها بثلاثة أسابيع.",
        "ومن المتوقع أن تعبره اثنتا عشرة ألف سيارة يوميا في الطريق إلى الأرصفة الشمالية.",
    ),
    "es": (
        "El viejo puente del puerto reabrió al tráfico el martes tras dos años de obras que costaron a la ciudad 40 millones.",
        "La alcaldesa Lena Ortiz dijo que los trabajos terminaron tres semanas antes de lo previsto.",
        "Se espera que unos 12.000 coches al día crucen el puente, único enlace con los muelles del norte.",
    ),
}
HEADLINES = {
    "en": "Harbour Bridge Reopens After Two Years of Repairs",
    "ar": "إعادة افتتاح جسر الميناء بعد عامين من الإصلاحات",
    "es": "Reabre el puente del puerto tras dos años de obras",
}
CHROME = {
    "en": (
        "No Script",
        "Please Wait…",
        "folder_openLocal News access_time2 years ago",
        "starAdd to favorites",
        "By Staff, Agencies",
        "Comments",
    ),
    "ar": (
        "No Script",
        "يرجى الانتظار…",
        "folder_openأخبار محلية access_timeمنذ سنتين",
        "starأضف إلى المفضلة",
        "بقلم فريق التحرير، وكالات",
        "تعليقات",
    ),
    "es": (
        "No Script",
        "Por favor, espere…",
        "folder_openNoticias locales access_timehace 2 años",
        "starAñadir a favoritos",
        "Por Redacción, Agencias",
        "Comentarios",
    ),
}
URL = "https://daily.example/news/12/harbour?utm_source=rss#top"


def plain(language):
    script, wait, stamp, star, byline, comments = CHROME[language]
    head, body = HEADLINES[language], "".join(f"<p>{text}</p>" for text in PARAGRAPHS[language])
    return (
        f"<html lang={language}><head><title>{head} - Harbour Daily</title></head><body><div>{script}</div><div>{wait}</div>"
        f"<h2>{head}</h2><h1>{head}</h1><div>{stamp}</div><div>{star}</div><div>{byline}</div><div>{body}</div><h3>{comments}</h3></body></html>"
    )


def spans(language):
    script, wait, stamp, star, byline, comments = CHROME[language]
    body = "<br><br>".join(PARAGRAPHS[language])
    return (
        f"<html lang={language}><head><title>{HEADLINES[language]}</title></head><body><noscript>{script}</noscript><span>{wait}</span>"
        f"<div><p>{HEADLINES[language]}</p><p>{HEADLINES[language]}</p><p>{stamp}</p><p>{star}</p><p>{byline}</p><div>{body}</div><p>{comments}</p></div></body></html>"
    )


def article_element(language):
    script, wait, stamp, star, byline, comments = CHROME[language]
    body = "".join(f"<p>{text}</p>" for text in (byline, *PARAGRAPHS[language]))
    return (
        f"<html lang={language}><head><meta property='og:title' content='{HEADLINES[language]} | Harbour Daily'><title>x</title></head>"
        f"<body>{script}<p>{wait}</p><main><article><h1>{HEADLINES[language]}</h1><h2>{HEADLINES[language]}</h2>"
        f"<ul><li>{stamp}</li><li>{star}</li></ul>{body}</article><section><h4>{comments}</h4></section></main></body></html>"
    )


@pytest.mark.parametrize("language", ["en", "ar", "es"])
@pytest.mark.parametrize("page", [plain, spans, article_element])
def test_the_archetype_page_gives_exactly_headline_first_sentences_and_link(page, language):
    condensed = condense_page(page(language), URL)
    assert condensed.headline == HEADLINES[language]
    assert condensed.summary == " ".join(PARAGRAPHS[language])
    assert condensed.link == "https://daily.example/news/12/harbour"
    assert condensed.language == language


def test_bytes_in_the_page_s_own_encoding_are_read():
    html = "<html><head><meta charset=iso-8859-1><title>Stürme über Köln legen Verkehr lahm</title></head><body><p>Grüße</p></body></html>"
    assert extract_page(html.encode("latin-1"), URL).title == "Stürme über Köln legen Verkehr lahm"


def test_a_page_made_by_javascript_gives_what_its_json_ld_says():
    said = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": ["NewsArticle"],
                "headline": HEADLINES["en"],
                "description": "The bridge to the northern docks is open again, three weeks ahead of plan.",
                "articleBody": "\n\n".join(PARAGRAPHS["en"]),
                "datePublished": "2026-05-12T10:30:00+02:00",
                "image": [{"url": "/bridge.jpg"}],
            }
        ],
    }
    html = f"<html><head><script type='application/ld+json'>{json.dumps(said)}</script></head><body><div id=app>Please enable JavaScript</div></body></html>"
    page = extract_page(html, URL)
    assert page.title == HEADLINES["en"]
    assert page.text == "\n\n".join(PARAGRAPHS["en"])
    assert page.published == 1778574600
    assert page.image == "https://daily.example/bridge.jpg"
    assert (
        condense_page(html, URL).summary == "The bridge to the northern docks is open again, three weeks ahead of plan."
    )


def test_a_paywalled_page_gives_its_teaser_and_not_the_wall():
    html = (
        f"<html><head><title>{HEADLINES['en']}</title><meta name=description content='The bridge to the northern docks is open again, says the mayor of the harbour city.'></head>"
        "<body><article><p>Subscribe now to continue reading this article.</p><p>Already a subscriber? Log in to continue.</p></article></body></html>"
    )
    assert (
        condense_page(html, URL).summary
        == "The bridge to the northern docks is open again, says the mayor of the harbour city."
    )


def test_a_standfirst_shown_above_the_article_belongs_to_its_text():
    standfirst = "Two years after the flood the harbour bridge carries cars and buses to the northern docks again, and the city counts what it has paid and what it has learnt from it."
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS["en"] * 3)
    html = f"<html><head><title>Bridge</title><meta name=description content='{standfirst}'></head><body><header><h2>{standfirst}</h2></header><article>{body}</article></body></html>"
    assert extract_page(html, URL).text.startswith(standfirst)


def test_a_description_cut_off_in_the_head_is_taken_in_full_from_the_page():
    standfirst = "Two years after the flood the bridge carries cars to the northern docks again. The mayor counts what the city paid."
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS["en"] * 3)
    html = f"<html><head><meta name=description content='{standfirst[:90]}…'></head><body><h1>Bridge</h1><div><h2>{standfirst}</h2></div><article>{body}</article></body></html>"
    assert condense_page(html, URL).summary == standfirst


def test_a_standfirst_known_only_by_its_class_is_the_summary():
    standfirst = (
        "Two years after the flood the bridge carries cars to the northern docks again, says the mayor of the city."
    )
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS["en"] * 3)
    html = f"<html><body><h1>Bridge</h1><div class='article__standfirst'>{standfirst}</div><article>{body}</article></body></html>"
    assert condense_page(html, URL).summary == standfirst


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("<span>Harbour</span><span>Bridge reopens after repairs</span>", "Harbour Bridge reopens after repairs"),
        ("Bridge reopens<br>after repairs", "Bridge reopens after repairs"),
        ("H<sub>2</sub>O in the <span>harb</span>our", "H2O in the harbour"),
    ],
)
def test_the_parts_of_a_heading_are_words_of_their_own(heading, title):
    assert extract_page(f"<html><body><h1>{heading}</h1><p>Text.</p></body></html>", URL).title == title


def test_the_name_of_the_site_is_not_the_headline():
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS["en"])
    html = (
        f"<html><head><title>{HEADLINES['en']} | Harbour Daily</title><meta property=og:site_name content='Harbour Daily'></head>"
        f"<body><h1>Harbour Daily</h1><article><h1>{HEADLINES['en']}</h1>{body}</article></body></html>"
    )
    assert extract_page(html, URL).title == HEADLINES["en"]


@pytest.mark.parametrize(
    "html",
    [
        "",
        " ",
        "\x00" * 100,
        "no markup at all",
        "<",
        "<html>",
        b"\xff\xfe\x00",
        b"\x80\x81",
        "<html><body></body></html>",
        "<?xml version='1.0'?><rss/>",
    ],
)
def test_a_page_without_an_article_gives_an_answer_without_one(html):
    assert condense_page(html, URL).link == "https://daily.example/news/12/harbour"


HOSTILE = {
    "deep": "<div>" * 20_000 + "x",
    "wide": "<p>word word.</p>" * 3_000,
    "one paragraph": "<p>" + "word word. " * 60_000,
    "no space": "a" * 300_000,
    "open tags": "<a><b><i>" * 20_000,
    "attributes": "<p " + "a=b " * 50_000 + ">x",
    "broken json": "<script type='application/ld+json'>" + "[" * 50_000 + "</script>",
    "endless title": "<title>" + "A | " * 20_000 + "</title>",
    "quotes": "<p>" + "“a. " * 20_000,
    "places": "<p>" + "LONDON, " * 20_000,
    "icons": "<p>" + "a_b" * 50_000,
    "one capital word": "<p>" + "A" * 200_000,
    "one icon after another": "<p>" + "folder_open " * 20_000,
    "notices without end": "<p>our daily free newsletter sign get " * 5_000,
    "json without end": "<script type='application/ld+json'>" + "{}," * 100_000 + "</script>",
    "decoded wrongly": "<meta charset=gb2312><p>" + "Ã¶Â" * 100_000,
    "abbreviations": "<p>" + "U.S. " * 30_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_page_is_answered_in_bounded_time(kind):
    start = time.process_time()
    condensed = condense_page(HOSTILE[kind], URL)
    assert len(condensed.summary) <= 350
    assert time.process_time() - start < 3


def test_a_menu_taken_for_the_article_is_not_its_beginning():
    menu = "".join(f"<p>{word}</p>" for word in ("Rooms", "Experts", "Magazine", "Sign in"))
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS["en"])
    html = f"<html><body><h1>{HEADLINES['en']}</h1><div>{menu}{body}</div></body></html>"
    assert extract_page(html, URL).text.startswith(PARAGRAPHS["en"][0])


@pytest.mark.parametrize(
    "names", ["id=cookie-banner", "class='popup js-cookie-consent'", "id=update-browser-banner", "class=newsletter-box"]
)
def test_a_box_named_as_a_notice_is_no_part_of_the_article(names):
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS["en"] * 2)
    html = f"<html><body><article><div {names}><p>We value what you like and store it here.</p></div>{body}</article></body></html>"
    assert "store it" not in extract_page(html, URL).text


NOTICES = {
    "en": "We use cookies to improve your experience. By continuing you agree to our terms.",
    "de": "Ihr Browser ist veraltet. Dieser Artikel enthält Affiliate-Links.",
    "fr": "Votre navigateur n'est pas à jour. Cet article contient des liens affiliés.",
    "es": "Tu navegador no permite JavaScript. Este artículo contiene enlaces de afiliado.",
    "it": "Attiva o abilita JavaScript per leggere. L'articolo contiene link di affiliazione.",
    "pt": "Seu navegador não é compatível. Todos os direitos reservados.",
    "ru": "Ваш браузер устарел. Подписывайтесь на наш канал и читайте нас в Telegram.",
    "pl": "Twoja przeglądarka jest przestarzała. Obserwuj nas w Google News.",
    "tr": "Tarayıcınız güncel değil. Bizi Google News üzerinden takip edin.",
    "ar": "متصفحك قديم ولا يدعم الموقع. تابعونا عبر تلغرام.",
    "fa": "مرورگر شما قدیمی است. ما را در تلگرام دنبال کنید.",
    "hi": "आपका ब्राउज़र पुराना है। ताज़ा खबरों के लिए फॉलो करें।",
    "zh": "您的浏览器版本过低，请启用JavaScript。关注我们的公众号。",
    "ja": "お使いのブラウザは対応していません。JavaScriptを有効にしてください。",
    "ko": "브라우저를 업데이트하세요. 무단전재 및 재배포 금지",
    "vi": "Trình duyệt của bạn đã cũ. Theo dõi chúng tôi trên Google News.",
}


@pytest.mark.parametrize("language", NOTICES)
def test_a_notice_is_no_part_of_the_article_in_any_language(language):
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS["en"] * 2)
    html = f"<html><body><article><p>{NOTICES[language]}</p>{body}<p>{NOTICES[language]}</p></article></body></html>"
    assert NOTICES[language][:9] not in extract_page(html, URL).text


@pytest.mark.parametrize(
    "sentence",
    [
        "Turkey is already a member of the alliance, and Sweden is not a member of it yet.",
        "Residents who sign up for the programme get back a third of what they pay.",
        "The firm earned 2.52 crowns a share on sales of 27 million crowns this year.",
        "They have a story to tell, the mayor said, and the city has time to listen.",
        "El Congreso inicia sesión extraordinaria este martes para votar el presupuesto.",
        "تمام حقوق زنان باید رعایت شود، شهردار شهر بندری روز سه‌شنبه گفت.",
    ],
)
def test_a_sentence_of_news_with_a_notice_s_words_is_no_notice(sentence):
    body = "".join(f"<p>{text}</p>" for text in (sentence, *PARAGRAPHS["en"]))
    assert extract_page(f"<html><body><article>{body}</article></body></html>", URL).text.startswith(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "شهردار شهر بندری می‌گوید پل‌های قدیمی روز سه‌شنبه پس از دو سال تعمیر دوباره باز می‌شوند.",
        "क्‍या पुल फिर से खुल गया है, यह पूछने पर महापौर ने कहा कि काम समय से पहले पूरा हुआ।",
        "The family 👨‍👩‍👧 that lost its house to the flood crosses the bridge to the northern docks again.",
    ],
)
def test_the_joiners_that_words_and_emoji_are_spelt_with_stay(sentence):
    html = f"<html><body><h1>Bridge</h1><article><p>{sentence}</p><p>{PARAGRAPHS['en'][0]}</p></article></body></html>"
    assert extract_page(html, URL).text.startswith(sentence)


SAID = {"@type": "NewsArticle", "headline": HEADLINES["en"], "articleBody": " ".join(PARAGRAPHS["en"])}


@pytest.mark.parametrize(
    "script",
    [
        json.dumps(SAID) + ";",
        json.dumps(SAID)[:-1] + ",}",
        json.dumps({"@type": "WebSite"}) + "\n" + json.dumps(SAID),
        "<!-- " + json.dumps(SAID) + " -->",
        json.dumps({**SAID, "articleBody": list(PARAGRAPHS["en"])}),
        json.dumps({**SAID, "articleBody": "".join(f"&lt;p&gt;{text}&lt;/p&gt;" for text in PARAGRAPHS["en"])}),
        json.dumps({**SAID, "@type": ["Thing", "http://schema.org/ReportageNewsArticle"]}),
    ],
)
def test_what_json_ld_says_is_read_however_carelessly_it_is_written(script):
    html = (
        f"<html><head><script type='application/LD+json'>{script}</script></head><body><div id=app></div></body></html>"
    )
    condensed = condense_page(html, URL)
    assert condensed.headline == HEADLINES["en"]
    assert condensed.summary == " ".join(PARAGRAPHS["en"])


WALLS = (
    "Want to read more? Subscribe now and get full access to all articles for 1 € a month.",
    "Dieser Inhalt ist nur für Abonnenten. Sie haben bereits ein Abo? Hier anmelden.",
    "Cet article est réservé aux abonnés. Pour lire la suite, abonnez-vous.",
    "Contenido exclusivo para suscriptores. ¿Ya eres suscriptor? Inicia sesión para leer.",
    "Материал доступен только по подписке. Чтобы читать дальше, оформите подписку.",
    "هذا محتوى حصري للمشتركين. لمتابعة القراءة اشترك الآن.",
    "この記事は有料会員限定です。残り 1200文字",
    "If you accept all, we will use cookies and data to develop and improve new services.",
    "Wir und unsere 212 Partner speichern Informationen, um personenbezogene Daten zu verarbeiten.",
)


@pytest.mark.parametrize("wall", WALLS)
def test_a_wall_s_words_are_never_the_summary(wall):
    title = "<title>Bridge reopens after repairs</title>"
    assert condense_page(f"<html><head>{title}</head><body><p>{wall}</p></body></html>", URL).summary == ""
    walled = (
        f"<html><head>{title}</head><body><article><p>{PARAGRAPHS['en'][0]}</p><p>{wall}</p></article></body></html>"
    )
    assert condense_page(walled, URL).summary == PARAGRAPHS["en"][0]
