"""Datelines: the place, the day and the agency that a report begins with, in many languages."""

import re

from .phrases import AGENCY

_DESK = (
    r"staff(?: writers?)?(?:,?\s*agencies)?|agencies|redacción(?:,?\s*agencias)?|agencias|فريق التحرير،?\s*(?:وكالات)?"
)
_CAPITALS = "A-ZÀ-ÖØ-ÞА-ЯЁĄĆĘŁŃŚŹŻČŠŽĐĞİŞŐŰĂÂÎȘȚ"
_LONGEST = 160
_PLACE = r"[^\W\d_][\w.'’/ -]{1,40}(?:,\s?[\w.'’ -]{2,30}){0,3}"
_DATELINES = tuple(
    re.compile(pattern)
    for pattern in (
        r"^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?:,?\s+\d{1,2}[.:h]\d{2}(?:\s?(?:Uhr|Hrs?|h|ч))?)?\s*[-–—:|]\s*(?=\D)",
        # LONDON (AP) — / LONDON, Oct 3 (Reuters) - / Berlin (dpa) – / القاهرة (رويترز) -
        rf"(?i:^{_PLACE}\s?,?[^.!?()]{{0,25}}[(\[]{AGENCY}(?:[/ ,|-][\w/ .-]{{1,25}})?[)\]]\s*[-–—:.]*\s*)",
        rf"(?i:^[(\[]{AGENCY}(?:[/ ,|-][\w/ .-]{{1,25}})?[)\]]\s*[-–—:]*\s*)",
        rf"(?i:^{AGENCY}\s*[-–—:]\s+)",
        # Washington.- / CIUDAD DE MÉXICO.– / Madrid, 3 oct.-
        (
            rf"^[{_CAPITALS}][\w'’-]{{3,}}(?:\s(?:de|del|la|las|los|el|do|da|dos|[{_CAPITALS}][\w'’-]*)){{0,4}}"
            r"(?:,\s[\w ]{2,20})?\.[-–—]\s*"
        ),
        # МОСКВА, 3 окт — РИА Новости. / МОСКВА, 25 ноября. /ТАСС/.
        (
            rf"^[А-ЯЁ][А-ЯЁа-яё -]{{2,30}},\s\d{{1,2}}\s[а-я]{{3,9}}\.?\s*(?:[-–—]\s*)?/?(?i:{AGENCY})/?\.?\s*"
            r"(?:[-–—]\s*)?"
        ),
        (
            rf"^[{_CAPITALS}][{_CAPITALS}.'’ -]{{2,30}}(?:,\s[\w.'’ ]{{2,25}}){{0,2}}(?:\s*[—–]\s*|\s+--?\s+)"
            r"(?=[\"“«„¿¡]?[^\W_a-zß-ÿа-яё])"
        ),
        rf"(?i:^{_PLACE}\s?[-–—/]\s?{AGENCY}\s?[-–—:/]\s*)",  # تهران- ایرنا-
        r"^به گزارش\s(?:خبرگزاری|خبرنگار|گروه|پایگاه|ایسنا|ایرنا|مهر|تسنیم|فارس|ایلنا|برنا|باشگاه)[^،.]{0,60}،\s*",
        rf"^By [{_CAPITALS}][\w.'’-]+(?: [{_CAPITALS}][\w.'’-]+){{1,3}}\s+(?=[A-Z]{{3,}}[A-Z, ]*.{{0,20}}\()",
        # Dekalb, Ill. — / Indianapolis – / San José –
        r"^(?!\w+\.\s)(?:[A-ZÀ-Ý][\w.'’-]{1,25}\s?){1,3}(?:,\s[A-ZÀ-Ý][\w.]{1,15})?\s+[—–]\s+(?=[\"“«„]?[A-ZÀ-Ý])",
        r"^(?i:staff reports?|from staff reports)\s+(?=[A-Z])",
        rf"^(?i:by|por|par|von|di|بقلم)\s+(?i:{_DESK})\s*[-–—:|]?\s+(?=[A-Z\"“¿\u0600-\u06ff])",
        r"^\(?(?:新华社|中新社|中新网|央视网|本报|本報)[^，。]{0,30}?(?:电|讯|電|訊)(?:\s*[（(](?:记者|通讯员)[^）)]{1,30}[）)])?\s*",
        r"^[（(](?:记者|記者)[^）)]{1,30}[）)]\s*|^【[^】]{2,30}】\s*|^[（(][^）)]{2,20}(?:报道|讯|電|电)[）)]\s*",
        r"^[\[【(][^\]】)]{2,30}=[^\]】)]{2,20}[\]】)]\s*(?:[가-힣· ]{2,20}(?:기자|특파원)\s*=?\s*)?",
    )
)


def without_dateline(paragraph: str) -> str:
    """The paragraph without the place, agency or byline it begins with: 'LONDON (AP) — ', 'Reuters - '."""
    for _ in range(2):
        for form in _DATELINES:
            found = form.match(paragraph[:_LONGEST])
            if found and 0 < found.end() < len(paragraph) - 20:
                paragraph = paragraph[found.end() :].lstrip()
                break
        else:
            break
    return paragraph
