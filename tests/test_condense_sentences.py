"""Sentences: cut where one ends, in scripts with and without full stops, and nowhere else."""

import pytest

from bot.condense.sentences import ends_a_sentence, open_quotes, split_sentences

CASES = [
    ("en", ["Dr. Lena Ortiz of the U.S. Coast Guard spoke.", "Nobody listened."]),
    ("en", ["It began at 5 p.m. Monday.", "It ended at 7 p.m. and was cold."]),
    ("en", ["J. R. Ortiz met G. Marsh in St. Anne.", "They left."]),
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
    [("“a", "”"), ("„a“", ""), ("„a", "“"), ("«a", "»"), ("»a«", ""), ("「a", "」"), ("(“a", "”)"), ("plain", "")],
)
def test_open_quotations_are_known_with_their_closing_marks(text, closing):
    assert open_quotes(text) == closing
