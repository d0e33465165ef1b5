"""Sentences: sentencex's cuts, with the wrong ones merged again."""

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise

import sentencex

from .abbreviations import announces_a_number, goes_on

_PAIRS = {"“": "”", "«": "»", "「": "」", "『": "』", "《": "》", "（": "）", "(": ")", "[": "]"}
# Full stops, question and exclamation marks of scripts that newspapers are written in (Unicode's Sentence_Terminal),
# Greek's question mark and the full stops of Amharic and Armenian as they are typed.
_STOPS = (
    ".!?…。．｡！？‼⁇⁈⁉؟۔।॥\u0589\u1362\u1367\u1368\u104b\u17d4\u17d5\u0f0d\u0f0e\u1803\u1809\u1c7e\u1c7f\uabeb\u0df4"
)
_TERMINAL = re.compile(
    rf"(?:[{_STOPS}]|\u1361\u1361|(?<=[\u0370-\u03ff\u1f00-\u1fff]);|(?<=[\u0561-\u0587]):)+[\"'”’»›“‘」』）)\]*\s]*$"
)
# Stops that sentencex does not know: of Khmer (but not of its 'and so on'), Tibetan, Mongolian, Amharic and Armenian as
# they are typed.
_MORE_STOPS = re.compile(
    r"(?:\u17d4(?!\u179b\u17d4)|[\u17d5\u0f0d\u0f0e\u1803\u1809]|\u1361\u1361|(?<=[\u0561-\u0587]):(?=\s))[\u0f0d\s\"”’»]*"
)
# sentencex panics at a capital before a space of more than one byte, and takes no surrogates.
_UNSAFE = re.compile("[^\\S\n ]|[\ud800-\udfff]")
_MAX_PARAGRAPH = 20_000  # sentencex and the merging stay linear, but no paragraph is longer than this by nature

_LAST_WORD = re.compile(r"(?:^|[\s(\[“\"'«„/-])((?:[^\W\d_]{1,3}\.\s?)*[^\s.(\[“\"'«„/-]+)\.\s*$")
_YEAR_BEFORE = re.compile(r"\d\s?г\.\s*$")  # '1799 г.' may end a sentence, 'г. Москва' not
_INITIAL = re.compile(r"(?:^|[\s(“\"'«.-])[A-ZÀ-ÖØ-ÞĀĄĆČĎĒĘĚĞĪİŁŃŇŘŚŞŠŤŪŮŹŻŽА-ЯЁІЇЄЎΑ-ΩԱ-Ֆ]\.\s*$")
_ACRONYM = re.compile(r"(?:^|[\s(“\"'«])(?:[^\W\d_]\.){2,}\s*$")
_STARTS_LOW = re.compile(r"^[\"'“«„(\[\s–—-]*(?:([^\W\d_])|[,;:%])")
_SURE_STOP = re.compile(r"[。！？؟۔।\u1361\u1362\u0589]\s*$")
_ASKED = re.compile(r"[？！][”」』]\s*$")  # a quoted question before its 'he asked', in Chinese and Japanese
_ATTRIBUTION = 14
_TAIL = 60  # of a piece: abbreviations stand there
_LONGEST_QUOTE = 600
_LOST_SIGN = re.compile(r"\s\?{2,3}$")  # what some systems make of a pound or euro sign of two or three bytes
_ORDINAL = re.compile(r"(?:^|\s)\d{1,2}\.\s*$")
_TIME_OF_DAY = re.compile(r"(?:^|[\s\d])[ap]\.\s?m\.\s*$", re.IGNORECASE)
_AFTER_TIME = re.compile(
    r"^(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September"
    r"|October|November|December|ET|EST|EDT|PT|PST|PDT|CT|CST|GMT|BST|UTC|CET|IST|AEST)\b"
)
_SENTENCE_STARTERS = re.compile(
    r"^[\"'“«]?(?:The|A|An|In|On|At|He|She|It|They|We|I|But|And|This|That|These|Those|There|If|When|While|After|Before"
    r"|His|Her|Its|Their|For|As|However|Meanwhile|You|Our|My|So|Some|Many|Most|By|With|From|What|Who|How|Why)\b"
)
# What follows a closed quotation within a sentence: 'to' and 'ni' in Japanese, 'rago' in Korean.
_GOES_ON_QUOTED = re.compile(r"^(?:と|って|などと|との|という|라고|이라고|라며|라는|이라는|고 )")
_QUOTED = re.compile(r"[\"”」』’]\s*$")
_OPEN_STRAIGHT = re.compile(r"(?:(?<=[\s(\[“«:—–-])|^)\"(?=[^\W_])[^\"]*$")
_GERSHAYIM = re.compile(r"(?<=[א-ת])\"(?=[א-ת])")  # the mark of Hebrew abbreviations, typed as a quotation mark
_ORDINAL_LANGUAGES = frozenset({"de", "tr"})  # '3. Oktober': others go on in small letters


def split_sentences(text: str, language: str = "en") -> list[str]:
    """The sentences of a text, in order, each stripped and with plain spaces; a paragraph break always ends one."""
    known = language if language.isascii() else "en"
    text = _UNSAFE.sub(" ", text)
    return [sentence for paragraph in text.split("\n") for sentence in _of_paragraph(paragraph.strip(), known)]


def ends_a_sentence(text: str) -> bool:
    """Whether the text ends with a sentence's full stop, whatever the script; quotes may follow it."""
    return _TERMINAL.search(text.rstrip()[-_TAIL:]) is not None


def _of_paragraph(paragraph: str, language: str) -> list[str]:
    if not paragraph:
        return []
    sentences: list[str] = []
    for sentence, pieces in _merged(_cut(paragraph[:_MAX_PARAGRAPH], language), language, whole_quotes=True):
        if len(pieces) > 1 and open_quotes(sentence):  # goes on in the next paragraph, or was never closed
            sentences += (part for part, _ in _merged(pieces, language, whole_quotes=False))
        else:
            sentences.append(sentence)
    return [sentence.strip() for sentence in sentences]


def _merged(pieces: list[str], language: str, *, whole_quotes: bool) -> Iterator[tuple[str, list[str]]]:
    """The sentences, each with the pieces it is made of; no quotation is cut where they are to stay whole."""
    sentence, parts = "", list[str]()
    for piece in pieces:
        open_quote = whole_quotes and len(sentence) < _LONGEST_QUOTE and bool(open_quotes(sentence))
        if parts and (open_quote or _is_one_word(sentence, piece) or _belongs_together(sentence, piece, language)):
            sentence += piece
            parts.append(piece)
        elif piece.strip():
            if parts:
                yield sentence, parts
            sentence, parts = piece, [piece]
    if parts:
        yield sentence, parts


def _cut(paragraph: str, language: str) -> list[str]:
    """The pieces of sentencex, with their white space; swapping the marks of Hebrew changes no length."""
    if language != "he":
        return [piece for cut in sentencex.segment(language or "en", paragraph) for piece in _cut_at_more_stops(cut)]
    ends = accumulate(map(len, sentencex.segment("he", _GERSHAYIM.sub("״", paragraph))))
    return [paragraph[start:end] for start, end in pairwise((0, *ends))]


def _cut_at_more_stops(piece: str) -> list[str]:
    ends = [0, *(found.end() for found in _MORE_STOPS.finditer(piece)), len(piece)]
    return [piece[start:end] for start, end in pairwise(ends) if start < end]


def _is_one_word(before: str, after: str) -> bool:
    """Whether a cut stands within a word ('example.org', '.RLE', '??32,000'): no space follows the stop."""
    if after[:1].isdigit() and _LOST_SIGN.search(before[-_TAIL:]):
        return True
    return before.endswith(".") and after[:1].isalnum() and after[:1].isascii()


def _belongs_together(before: str, after: str, language: str) -> bool:
    """Whether the cut between the two pieces of one paragraph is wrong."""
    before, after = before[-_TAIL:], after.lstrip()
    if not after or _is_only_closing(after):
        return True
    if _starts_low(after) and not _SURE_STOP.search(before):
        return True
    if _QUOTED.search(before) and (_GOES_ON_QUOTED.match(after) or _is_attribution(before, after)):
        return True
    if _TIME_OF_DAY.search(before):
        return _AFTER_TIME.match(after) is not None
    if _ACRONYM.search(before):
        return _SENTENCE_STARTERS.match(after) is None
    return _is_abbreviated(before, after, language)


def _starts_low(piece: str) -> bool:
    """Whether a piece begins with a small letter, or with a mark that no sentence begins with."""
    found = _STARTS_LOW.match(piece)
    return found is not None and (found[1] is None or is_small(found[1]))


def is_small(letter: str) -> bool:
    """Whether a letter is one that a sentence has a capital for; those of Georgian are never written."""
    return letter.islower() and not "\u10d0" <= letter <= "\u10ff"


def _is_attribution(before: str, after: str) -> bool:
    return _ASKED.search(before) is not None and len(after.strip()) <= _ATTRIBUTION


def _is_abbreviated(before: str, after: str, language: str) -> bool:
    """Whether a piece ends with an abbreviation, an initial or an ordinal, and no sentence ends with those."""
    last = _LAST_WORD.search(before)
    if last and announces_a_number(last.group(1)) and after[:1].isdigit():
        return True
    if last and goes_on(last.group(1).replace(" ", ""), language):
        return _YEAR_BEFORE.search(before) is None
    if _INITIAL.search(before):
        return not before.rstrip().endswith((" I.", "-I."))
    return language in _ORDINAL_LANGUAGES and _ORDINAL.search(before) is not None


def ends_in_abbreviation(sentence: str, language: str) -> bool:
    """Whether a sentence's last stop is an abbreviation's that never ends a sentence ('e.g.', 'Dr.')."""
    last = _LAST_WORD.search(sentence[-_TAIL:])
    return last is not None and goes_on(last.group(1).replace(" ", ""), language)


def _is_only_closing(piece: str) -> bool:
    return re.fullmatch(r"[\"'”’»›」』）)\]\s.]+", piece) is not None


def open_quotes(text: str) -> str:
    """The closing marks that a text lacks: '”' for a quotation that opens and does not close, '' where all are closed.

    Germans and their neighbours open with „ and close with “, and some write »so«. Of "straight" ones the odd one is
    open where it stands before a word.
    """
    pairs = dict(_PAIRS)
    if "„" in text:
        pairs["„"] = "”" if "”" in text else "“"
        del pairs["“"]
    if 0 <= text.find("»") < text.find("«") or ("»" in text and "«" not in text):
        del pairs["«"]
    if "”" not in text and text.count("“") % 2 == 0:
        pairs.pop("“", None)  # “so“, as it is typed by many
    lacking = [
        (text.rfind(opener), closer) for opener, closer in pairs.items() if text.count(opener) > text.count(closer)
    ]
    closed_by_hand = text.count("”") > text.count("“") + text.count("„")  # "so”, as some systems make of it
    if text.count('"') % 2 and not closed_by_hand and (found := _OPEN_STRAIGHT.search(text)):
        lacking.append((found.start(), '"'))
    return "".join(closer for _, closer in sorted(lacking, reverse=True))
