"""Sentences: cut where one ends, in scripts with and without full stops, and nowhere else."""

import pytest

from bot.condense.sentences import ends_a_sentence, open_quotes, split_sentences

CASES = [
    ("en", ["Dr. Lena Ortiz of the U.S. Coast Guard spoke.", "Nobody listened."]),
    ("en", ["It began at 5 p.m. Monday.", "It ended at 7 p.m. and was cold."]),
    ("en", ["J. R. Ortiz met G. Marsh in St. Anne.", "They left."]),
    ("en", ["The boat cost about ??32,000 last year.", "Was it worth it?", "2 of them sank."]),
    ("en", ["He paid $3.5 million on Jan. 5.", "It was too much."]),
    ("en", ["“Stop. Go back,” she said.", "He went."]),
    ("en", ["She asked: “Why now? Why here?”", "No answer came."]),
    ("en", ["The firm (Marsh Inc. of Porto) closed.", "Its ships sail on."]),
    ("de", ["Am 3. Oktober schloss Dr. Weber den Hafen.", "Das kostet z. B. 4 Mio. Euro."]),
    ("de", ["„Wir bleiben. Punkt.“", "Das sagte sie."]),
    ("fr", ["M. Durand a quitté le port à 17 h 30.", "« Je reviens. Bientôt », dit-il."]),
    ("es", ["El Sr. Ortiz cerró el puerto.", "¿Por qué?", "Nadie lo sabe."]),
    ("ru", ["Г. Иванов закрыл порт в 2020 г. из-за шторма.", "Порт открыли."]),
    ("ar", ["هل أغلق الميناء؟", "نعم.", "قال الرئيس إن العاصفة انتهت."]),
    ("ur", ["بندرگاہ بند ہے۔", "طوفان ختم ہو گیا۔"]),
    ("hi", ["डॉ. शर्मा ने बंदरगाह बंद किया।", "तूफान आया।"]),
    ("zh", ["港口关闭了。", "“为什么？”他问。", "没有人回答！"]),
    ("ja", ["港は閉鎖された。", "「なぜ。今なのか」と彼は言った。"]),
    ("tr", ["Liman 3. günde kapandı.", "Herkes bekledi."]),
]


@pytest.mark.parametrize(("language", "sentences"), CASES)
def test_a_text_is_cut_between_its_sentences_only(language, sentences):
    glue = "" if language in {"zh", "ja"} else " "
    assert split_sentences(glue.join(sentences), language) == sentences


def test_a_paragraph_break_always_ends_a_sentence():
    assert split_sentences("No stop here\nNext", "en") == ["No stop here", "Next"]


def test_nothing_is_lost_or_invented_by_cutting():
    text = "One. Two (a. b.) “three. Four” e.g. five! Six? 7. Eight"
    assert "".join(split_sentences(text, "en")).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "ends"),
    [("Done.", True), ("„Gut.“", True), ("好。", True), ("है।", True), ("؟", True), ("Subhead", False), ("and,", False)],
)
def test_a_full_stop_is_known_in_any_script(text, ends):
    assert ends_a_sentence(text) is ends


@pytest.mark.parametrize(
    ("text", "closing"),
    [
        ("“a", "”"),
        ("„a“", ""),
        ("„a", "“"),
        ("«a", "»"),
        ("»a«", ""),
        ("「a", "」"),
        ("(“a", "”)"),
        ("“a“", ""),
        ('she: "a', '"'),
        ('a" b', ""),
        ('"a. Really!”', ""),
        ("plain", ""),
    ],
)
def test_open_quotations_are_known_with_their_closing_marks(text, closing):
    assert open_quotes(text) == closing


@pytest.mark.parametrize("space", ["\u00a0", "\u2028", "\u3000", "\x85", "\u2009"])
def test_a_space_of_any_kind_does_not_stop_the_cutting(space):
    assert split_sentences(f"B{space}. Plan B{space}.\ud800 It held.", "en")[-1] == "It held."


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("km", ["កំពង់ផែបានបិទ។", "ទូកត្រឡប់មកវិញ។"]),
        ("bo", ["གྲུ་ཁ་བཀག་པ་རེད།", "གྲོང་དཔོན་གྱིས་བཤད།"]),
        ("my", ["ဆိပ်ကမ်းကို ပိတ်ခဲ့သည်။", "လှေများ ပြန်ရောက်ပြီ။"]),
        ("am", ["ወደቡ ተዘጋ፡፡", "ለምን?", "ማንም አያውቅም።"]),
        ("hy", ["Նավահանգիստը փակվեց:", "Ինչու՞։", "Ոչ ոք չգիտի։"]),
        ("el", ["Το λιμάνι έκλεισε στις 10.30.", "Γιατί;", "Κανείς δεν ξέρει."]),
        ("ka", ["ნავსადგური დაიხურა.", "რატომ?", "არავინ იცის."]),
        ("cs", ["Přístav zavřel 3. října v 10.30.", "Proč?"]),
        ("sv", ["Hamnen är stängd.", "Varför?", "– Vi vet inte, säger hon."]),
        ("ne", ["डा. शर्माले बन्दरगाह बन्द भएको बताए।", "किन?"]),
        ("fa", ["بندر بسته شد.", "چرا؟", "هیچ‌کس نمی‌داند."]),
        ("he", ['ד"ר כהן אמר כי הנמל נסגר.', "מדוע?"]),
        ("ko", ['"왜?"라고 그가 물었다.', "항구는 3.5시간 후에 폐쇄됐다."]),
        ("vi", ["TS. Nguyễn cho biết cảng đóng cửa.", "Vì sao?"]),
        ("pl", ["Prof. Nowak przyszedł o godz. 10.30.", "W 2020 r. było tu 5 tys. osób."]),
        ("uk", ["Т. Шевченко народився в с. Моринці.", "Чому?"]),
        ("bn", ["ড. আহমেদ বলেন বন্দর বন্ধ।", "কেন?"]),
    ],
)
def test_sentences_end_in_every_script_and_all_of_them_are_whole(language, sentences):
    assert split_sentences(" ".join(sentences), language) == sentences
    assert all(ends_a_sentence(sentence) for sentence in sentences)


def test_a_quotation_that_is_never_closed_does_not_hold_its_paragraph_together():
    text = "The mayor said: “The port is open. The ships are back. The docks are full."
    assert split_sentences(text, "en") == [
        "The mayor said: “The port is open.",
        "The ships are back.",
        "The docks are full.",
    ]
