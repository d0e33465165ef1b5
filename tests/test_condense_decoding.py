"""Pages as text: whatever they, their server or an earlier decoder say of their encoding."""

import time

import pytest

from bot.condense import extract_page, page_text
from bot.condense.decoding import mended
from bot.condense.drafts import condense_drafts
from bot.models import Draft, Entry

WORDS = {
    "windows-1251": "Мост открыт после ремонта",
    "windows-1254": "Köprü iki yıl sonra yeniden açıldı, şehir sevindi",
    "windows-1256": "إعادة افتتاح جسر الميناء",
    "shift_jis": "港の橋が二年ぶりに再開",
    "euc-kr": "항구 다리 이 년 만에 재개통",
    "gb2312": "港口大桥两年后重新开放",
    "big5": "港口大橋兩年後重新開放",
    "iso-8859-1": "„nicht“ in Latin-1, aber „so“ in Windows-1252: Grüße".replace("„", "\u201e"),
}


@pytest.mark.parametrize("encoding", WORDS)
def test_a_page_is_read_in_the_encoding_that_it_declares(encoding):
    python_name = "cp1252" if encoding == "iso-8859-1" else encoding
    body = f'<html><head><meta charset="{encoding}"><title>{WORDS[encoding]}</title></head></html>'.encode(python_name)
    assert extract_page(body, "https://a.example/b").title == WORDS[encoding]


@pytest.mark.parametrize("encoding", ["windows-1251", "shift_jis", "euc-kr"])
def test_a_page_is_read_in_the_encoding_that_its_server_names(encoding):
    assert page_text(WORDS[encoding].encode(encoding), f"text/html; charset={encoding}") == WORDS[encoding]


def test_what_the_server_names_reaches_the_article():
    page = f"<html><body><h1>{WORDS['windows-1251']}</h1></body></html>".encode("windows-1251")
    draft = Draft(Entry(key="k", link="https://a.example/b"), page, "https://a.example/b", "text/html; charset=cp1251")
    (condensed,) = condense_drafts([draft], "", "", 350)
    assert condensed.headline == WORDS["windows-1251"]


@pytest.mark.parametrize("lie", ["iso-8859-1", "windows-1251", "utf-16", "no-such-thing", "hex"])
def test_a_page_in_utf_8_is_read_as_such_whatever_it_declares(lie):
    body = f"<meta charset={lie}><title>{WORDS['big5']}</title>".encode()
    assert WORDS["big5"] in page_text(body, f"text/html; charset={lie}")


def test_utf_8_with_a_broken_letter_stays_utf_8():
    assert page_text("<meta charset=iso-8859-1>Grüße aus Köln".encode() + b"\xe2\x82", "").startswith(
        "<meta charset=iso-8859-1>Grüße"
    )


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
def test_a_byte_order_mark_decides(encoding):
    assert page_text(f"\ufeff<title>{WORDS['gb2312']}".encode(encoding)) == f"<title>{WORDS['gb2312']}"


@pytest.mark.parametrize("trap", ["punycode", "idna", "unicode_escape", "utf-7", "undefined"])
def test_an_encoding_that_no_browser_knows_is_not_used(trap):
    start = time.process_time()
    body = f"<meta charset={trap}>\\u003cb+ADw-".encode() + b"b9" * 500_000 + b"\xff" * 9_000
    assert page_text(body).startswith(f"<meta charset={trap}>\\u003cb+ADw-")
    assert time.process_time() - start < 2


@pytest.mark.parametrize("words", ["Schöne Grüße – „bis bald“ übermorgen", WORDS["windows-1251"], WORDS["shift_jis"]])
def test_utf_8_read_as_windows_1252_is_mended(words):
    mistaken = "".join(
        bytes((byte,)).decode("cp1252") if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else chr(byte)
        for byte in words.encode()
    )
    assert mended(f"<p>{mistaken}</p>") == f"<p>{words}</p>"


def test_another_alphabet_read_as_latin_1_is_mended_by_what_the_page_declares():
    mistaken = (WORDS["windows-1251"] * 3).encode("windows-1251").decode("latin-1")
    assert mended(f"<meta charset=windows-1251>{mistaken}") == f"<meta charset=windows-1251>{WORDS['windows-1251'] * 3}"


@pytest.mark.parametrize(
    "text",
    [
        "SÃO PAULO À NOITE: O CORAÇÃO DA CIDADE NÃO DORME, DIZ ÂNGELA, E ÂMBAR É AÇÃO",
        "«Â» et «Ã» sont des lettres ; l’île, la forêt, où ça ? Ça – déjà vu – là.",
        '<meta charset="windows-1252">Grüße aus Köln, übrigens: schöne Straße, größer, fröhlich, müde, hübsch, süß, grün, früh',
        "Đà Nẵng đón bão, Ð và Ñ và Ø là chữ cái",
    ],
)
def test_right_text_is_left_alone(text):
    assert mended(text) == text
