"""Chrome: the words of a page around its article (notices, share bars, bylines, datelines), found and taken out.

Rules go by form and position where a form holds in every language, by phrases where none does. Phrases count only for
short lines, so that an article about cookies keeps its sentences.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

from .datelines import without_dateline
from .furniture import NUMBERS_ONLY, is_furniture, is_stamp, without_icons
from .notices import is_notice
from .openings import is_known_line, without_opening
from .phrases import LEADING, LINES, POINTERS
from .sentences import ends_a_sentence, split_sentences

_MARKS = re.compile(r"[\W_]+")
_SHORT = 90
_LONGEST_PHRASE = max(map(len, LINES)) + 20  # with what may surround it
_NOTICE = 320
_LEAST_PROSE = 120
_LEAST_MENU = 3
_MENU_LINE = 25
_DENSE = re.compile("[\u0e01-\u0eff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # short lines say more in these scripts

_ELLIPSIS_MORE = re.compile(
    r"(?i)\s*(?:\[(?:…|\.\.\.|&hellip;)\]|…|\.\.\.)?\s*[(\[]?(?:continue reading|read more"
    r"|read the (?:rest|full (?:story|article))|keep reading|more|leer más|sigue leyendo|seguir leyendo"
    r"|lire la suite|weiterlesen|mehr|leggi tutto|continua a leggere|leia mais|lees (?:meer|verder)"
    r"|läs mer|les mer|читать далее|подробнее|czytaj (?:więcej|dalej)|devamını oku|اقرأ المزيد|ادامه مطلب"
    r"|続きを読む|阅读全文|閱讀全文|더보기)[^\w.!?]{0,3}(?:[→»›>]+|\.\.\.|…|[)\]])\s*$"
)
_MORE_TAIL = re.compile(
    r"(?i)\s*(?:\[(?:…|\.\.\.)\]|…|\.\.\.)\s*(?:continue reading|read more|keep reading|leer más"
    r"|lire la suite|weiterlesen|leggi tutto|leia mais|lees meer|läs mer|читать далее|czytaj więcej"
    r"|devamını oku|اقرأ المزيد)\b.{0,120}$|(?:^|(?<=[.!?…”\"»]))\s*(?:continue reading|read more"
    r"|keep reading|leer más|lire la suite|weiterlesen|leggi tutto|leia mais|lees meer|читать далее"
    r"|czytaj więcej|devamını oku|اقرأ المزيد)\b[^.!?]{0,120}$"
)
_BRACKETED = re.compile(r"\s*[\[(](?:…|\.\.\.)[\])]\s*$")
_TEASER_END = 800
_REFERENCE = re.compile(
    r"(?<=[^\s\[(])\[(?:\d{1,3}|[a-z]|(?:note|nb|n) \d{1,3}|citation needed)\]"
)  # Geoffrey Hinton.[1]
_FIRST_ON = re.compile(
    r"(?i)\s*(?:the post|la entrada|der beitrag|l[’']article|l'articolo|o post|het bericht|artykuł"
    r"|сообщение|запись|yazı)\s.{2,250}?\s(?:(?:appeared )?first (?:appeared )?on|se publicó primero en"
    r"|aparece primero en|erschien zuerst auf|est apparu en premier sur|proviene da|apareceu primeiro em"
    r"|verscheen eerst op|pochodzi z serwisu|появились сначала на|ilk önce .{1,60} üzerinde)\s?.{0,120}$"
)


def is_chrome(line: str) -> bool:
    """Whether a line of a page is not a part of its article."""
    if not line or NUMBERS_ONLY.match(line):
        return True
    if len(line) <= _LONGEST_PHRASE and is_known_line(line):
        return True
    if len(line) <= _SHORT and is_furniture(line):
        return True
    if len(line) <= _NOTICE and is_notice(line):
        return True
    return len(line) <= 2 * _SHORT and LEADING.match(line) is not None


def without_more(text: str) -> str:
    """A teaser without its 'Continue reading →' and 'The post X appeared first on Y'; '[…]' at its end becomes '…'."""
    rest, end = text[:-_TEASER_END], _BRACKETED.sub("…", text[-_TEASER_END:])
    for form in (_FIRST_ON, _ELLIPSIS_MORE, _MORE_TAIL):
        end = form.sub("", end).rstrip()
    return (rest + end).rstrip()


def is_pointer(sentence: str) -> bool:
    """Whether a sentence only points at the article ('Read more here.', 'Hier lesen Sie, warum.')."""
    return len(sentence) <= _SHORT and POINTERS.search(sentence.lower()) is not None


def without_notice(paragraph: str) -> str:
    """A paragraph without the notice that follows its own sentences; one that begins with a notice is left as it is."""
    if len(paragraph) > _NOTICE or not is_notice(paragraph):
        return paragraph
    end = 0
    for sentence in takewhile(lambda sentence: not is_notice(sentence), split_sentences(paragraph, "")):
        end = paragraph.find(sentence, end) + len(sentence)
    return paragraph[:end] if end >= _LEAST_PROSE else paragraph


def clean_article(paragraphs: list[str], title: str = "") -> list[str]:
    """The paragraphs of a page's article: the edges are cleaned as for a summary, inside only what is certain goes."""
    heading = same_text_key(title)
    start, end = 0, len(paragraphs)
    while start < end and (is_chrome(without_notice(paragraphs[start])) or same_text_key(paragraphs[start]) == heading):
        start += 1
    while end > start + 1 and is_chrome(paragraphs[end - 1]):
        end -= 1
    kept = [line for line in map(without_notice, paragraphs[start:end]) if not _is_certain_chrome(line)]
    return kept[_menu_length(kept) :]


def _menu_length(lines: list[str]) -> int:
    """How many lines at the beginning are a menu: at least three very short ones in a row that end no sentence."""
    length = sum(1 for _ in takewhile(lambda line: len(line) < _MENU_LINE and not ends_a_sentence(line), lines))
    return length if length >= _LEAST_MENU and not _DENSE.search("".join(lines[:length])) else 0


def clean_paragraphs(paragraphs: Iterable[str], title: str = "") -> Iterator[str]:
    """The paragraphs worth summing up: chrome lines, icons, repeats, the dateline and the headline are gone."""
    last: list[str] = []
    heading = same_text_key(title)
    for paragraph in paragraphs:
        line = _REFERENCE.sub("", paragraph)
        if len(line) > _SHORT:
            line = without_icons(without_notice(line if last else without_opening(line, title)))
        if is_chrome(line) or line in last or (len(last) < 3 and heading and same_text_key(line) == heading):
            continue
        if not last:
            line = without_dateline(line)
        last = [*last[-3:], line]
        yield line


def _is_certain_chrome(line: str) -> bool:
    if len(line) > 2 * _SHORT:
        return False
    if len(line) <= _LONGEST_PHRASE and is_known_line(line):
        return True
    if LEADING.match(line) or is_notice(line):
        return True
    return len(line) <= _SHORT and is_stamp(line)


def same_text_key(text: str) -> str:
    """What two texts share that differ only in case, punctuation and spacing."""
    return _MARKS.sub("", text.casefold())
