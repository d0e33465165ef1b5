"""The language of texts, short ones too."""

import pytest

from bot.condense import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The mayor closed the harbour because of the storm.", "en"),
        ("Der Bürgermeister hat den Hafen wegen des Sturms geschlossen.", "de"),
        ("El alcalde cerró el puerto por la tormenta de anoche.", "es"),
        ("Le maire a fermé le port à cause de la tempête.", "fr"),
        ("O prefeito fechou o porto por causa da tempestade de ontem.", "pt"),
        ("Мэр закрыл порт из-за сильного шторма.", "ru"),
        ("Мер закрив порт через сильний шторм, який триває досі.", "uk"),
        ("أغلق رئيس البلدية الميناء بسبب العاصفة.", "ar"),
        ("شهردار بندر را به دلیل طوفان بست و گفت که این کار لازم است.", "fa"),
        ("市长因暴风雨关闭了港口。", "zh"),
        ("市長は嵐のため港を閉鎖した。", "ja"),
        ("시장은 폭풍 때문에 항구를 폐쇄했다.", "ko"),
        ("महापौर ने तूफान के कारण बंदरगाह बंद कर दिया।", "hi"),
        ("นายกเทศมนตรีปิดท่าเรือเพราะพายุ", "th"),
        ("Belediye başkanı fırtına nedeniyle limanı kapattı.", "tr"),
        ("ราคา", "th"),
        ("", ""),
        ("12345 …", ""),
        ("\ud800\udfff", ""),
    ],
)
def test_the_language_of_a_sentence_is_found(text, language):
    assert detect_language(text) == language


def test_what_the_page_says_counts_where_the_text_says_nothing():
    assert detect_language("42", "pt-BR") == "pt"


def test_the_text_counts_more_than_what_the_page_says():
    assert (
        detect_language("Der Bürgermeister hat den Hafen wegen des Sturms geschlossen und die Straßen gesperrt.", "en")
        == "de"
    )
