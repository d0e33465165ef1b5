"""Furniture: the short lines of a page that are known by their form: dates, bylines, credits, counts, icon words."""

import re

from .sentences import ends_a_sentence

# Names of icons as an icon font's ligatures leave them in the text: glued to the words after them, or alone.
_ICON_NAMES = (
    r"folder_open|access_time|calendar_(?:today|month)|date_range|event_note|chat_bubble(?:_outline)?|star_(?:border|outline)"
    r"|favorite_border|bookmark_(?:border|add)|account_circle|person_outline|perm_identity|mode_comment|insert_comment"
    r"|(?:keyboard_)?arrow_(?:back|forward|upward|downward|right|left|up|down|drop_down)(?:_ios)?|chevron_(?:left|right)"
    r"|expand_(?:more|less)|navigate_(?:next|before)|more_(?:vert|horiz)|play_(?:arrow|circle_(?:filled|outline))|thumb_(?:up|down)"
    r"|open_in_new|local_offer|label_outline|remove_red_eye|watch_later|query_builder|location_on|photo_camera|content_copy"
    r"|volume_up|text_fields|format_quote|mail_outline|check_circle|error_outline|info_outline"
)
_CLEAR_ICONS = r"(?:folder_open|access_time|calendar_today|watch_later|query_builder|star_border|local_offer)(?!_)"
_ICON = re.compile(rf"(?<![\w/@.#-])(?:{_CLEAR_ICONS}|(?:{_ICON_NAMES})(?![a-z_]))")
_ICON_WORD = re.compile(
    r"(?<![\w/@.#-])(?:star|share|print|home|search|menu|close|email|mail|person|schedule|event|today"
    r"|comment|chat|label|visibility|favorite|bookmark|folder|link|facebook|twitter|telegram|whatsapp"
    r"|update|timer|edit|create|public|place|room|language|phone|photo|image|videocam|mic|headset|play"
    r"|pause|expand|more)(?=[A-ZÀ-ÞΑ-ΩА-ЯЁ][a-zß-ÿά-ώа-яё]|[\u0590-\u06ff\u0900-\u0e7f])"
)
NAMED_ICON = re.compile(rf"(?<![\w/@.#-])(?:{_CLEAR_ICONS}|(?:{_ICON_NAMES})(?![a-z_]))|{_ICON_WORD.pattern}")
RELATIVE_DATE_FIRST = re.compile(
    r"(?i)(?:\d+|an?|one) (?:seconds?|min(?:ute)?s?|hours?|days?|weeks?|months?|years?) ago\b"
    r"|(?:hace|il y a|vor|há|fa) \d+ \w+"
    r"|\d+ \w+ (?:назад|тому|geleden|siden|sedan|önce|sitten|temu|पहले|پیش|fa|atrás|lalu|trước)\b"
    r"|(?:منذ|قبل) (?:\d+ \S+|يومين|شهرين|سنتين|عامين|ساعتين|دقيقتين|أسبوعين|يوم|شهر|سنة|عام|ساعة|دقيقة|أسبوع)"
)
_RELATIVE_DATE = re.compile(
    r"(?i)^\W*(?:(?:\w+ ){0,3}\d+|an?|one) ?(?:s|m|h|d|w|y|sec(?:ond)?s?|min(?:ute)?s?|hours?|hrs?|days?"
    r"|weeks?|months?|years?) ago\W*$|^\W*(?:hace|il y a|vor|há|fa|för|for|قبل|منذ"
    r"|پیش)\s+\d+\s+\w+\W*(?:siden|sedan)?$|^\W*\d+\s+\S+\s+(?:назад|тому|geleden|siden|sedan|önce|sitten"
    r"|temu|पहले|پیش|fa|atrás|lalu|trước)\W*$|^\d+\s?(?:小时|分钟|天|小時|分鐘|時間|分|日|시간|분|일)\s?(?:前|전)$"
)
_READING_TIME = re.compile(
    r"(?i)^\W*(?:reading time:?\s*)?\d+\s*(?:-| )?\s*(?:min(?:ute)?s?|minutos?|minuti|minuten"
    r"|мин(?:ут[ыа]?)?\.?|dk|دقائق|دقيقة|دقیقه|分钟|分鐘)\s*(?:read|de lectura|de lecture|di lettura"
    r"|de leitura|lesezeit|leestijd|чтения|okuma|قراءة)?\W*$"
)
_READING_LABEL = re.compile(
    r"(?i)^\W*(?:(?:estimated )?reading time|tempo de leitura|tiempo de lectura|temps de lecture"
    r"|tempo di lettura|lesezeit"
    r"|lesedauer|leestijd|lästid|læsetid|lesetid|время чтения|час читання|czas czytania|okuma süresi"
    r"|وقت القراءة|مدة القراءة"
    r"|زمان مطالعه|waktu baca)\b.{0,25}$"
)
_FILED = re.compile(
    r"(?i)^\W*(?:filed under|tags?|tagged(?: with| as)?|categor(?:y|ies)|posted in|topics?|labels?"
    r"|keywords|schlagw[oö]rte?r?"
    r"|stichwort|etiquetas|temas|categorías?|archivado en|mots[- ]clés|catégories?|étiquettes|argomenti"
    r"|etichette|assuntos"
    r"|onderwerpen|trefwoorden|теги|метки|рубрика|ключевые слова|tagi|etiketler|الوسوم|كلمات مفتاحية"
    r"|برچسب ?ها|标签|タグ|태그)"
    r"\s*[:：].{0,120}$"
)
NUMBERS_ONLY = re.compile(r"^[\W\d_]*$")
_COUNT = re.compile(
    r"(?i)^\d[\d.,]*\s?[km]?\s+(?:comments?|shares?|views?|likes?|comentarios?|commentaires?|kommentare?"
    r"|commenti|comentários?|reacties|комментари\w+|просмотр\w+|yorum|komentar\w*|تعليقات?|مشاهدة|نظر"
    r"|कमेंट|评论|views)\W*$"
)
_BYLINE = re.compile(
    r"(?i)^(?:by|written by|reported by|story by|text by|photos? by|words by|posted by|edited by|por|par"
    r"|von|di|door|av|af|autor(?:a|es|e|in)?:|author:|автор:|текст:|بقلم:?|كتب:?|كتبت:?|نوشته|نویسنده:?"
    r"|yazan:?|penulis:?|reporter:?|editor:?|oleh|szerző:?|autori?:|记者|記者|作者|編集|文)\b[\s:：|]+\S.{1,80}$"
)
_CREDIT = re.compile(
    r"(?i)^\W*(?:(?:photo|image|picture|pic|photograph|video|illustration|graphic|file photo|credit"
    r"|photo credit|image credit|image source|foto|bild|photo|crédits?(?: photos?)?|fotos?|imagen|imagem"
    r"|immagine|фото|фотография|kuva|zdjęcie|fot|slika|fotó|fotoğraf|φωτο\w*|صورة|الصورة|عکس|تصویر|图|图片|图源"
    r"|写真|사진|ภาพ)\s*(?:\([^)]{1,40}\))?\s*(?:by|von|de|di|:|：|/|©|courtesy|credit)\s*.{0,120}"
    r"|.{0,80}\b(?:getty(?: images)?|shutterstock|reuters|afp|ap photo|epa|imago|unsplash|alamy|istock"
    r"|dpa)\W{0,3}(?:via .{1,30})?)$"
)
_STAMP_WORDS = re.compile(
    r"(?i)^\W*(?:published|updated|posted|last (?:updated|modified|edited)|first published|created"
    r"|modified|date|publicado|actualizado|publié|mis à jour|modifié|veröffentlicht|aktualisiert|stand"
    r"|pubblicato|aggiornato|atualizado|gepubliceerd|bijgewerkt|publicerad|uppdaterad|julkaistu|päivitetty"
    r"|opublikowano|aktualizacja|опубликовано|обновлено|дата|yayınlan\w+|güncelle\w+|giriş|نشر|تاريخ النشر"
    r"|آخر تحديث|تم النشر|تاریخ|objavljeno|ažurirano|发布时间|發布時間|发表|公開|更新|입력|수정)\b.{0,70}\d.{0,50}$"
)
_DATE_LINE = re.compile(r"^(?=.*\d)[\w\s.,:;/|()+•·،-]{4,70}$")
_YEAR_OR_CLOCK = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d{2}\b|\b[۰-۹٠-٩]{4}\b|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_BREADCRUMB = re.compile(r"^(?:[^.!?>»›/|]{2,40}[>»›/|])+[^.!?>»›/|]{2,80}$")
_CONTACT = re.compile(
    r"^.{0,60}\S+@[\w-]+\.[\w.]+.{0,30}$|^\W*(?:tel|phone|fax|e-?mail|telefon|teléfono|téléphone"
    r"|тел)\b\W.{0,60}\d.{0,20}$",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"(?i)^\W*(?:sources?|quellen?|fuentes?|fonte|fonti|bron|källa|kilde|lähde|źródło|zdroj|forrás|sursa"
    r"|kaynak|источник|джерело|изворник|izvor|πηγή|מקור|المصدر|منبع|ماخذ|स्रोत|sumber|nguồn|来源|來源|出典|출처"
    r"|ที่มา|with (?:input|inputs|reporting|files|agencies)|additional reporting|reporting by|edited by"
    r"|compiled by)\s*(?:[:：]|by|from)\s*.{2,100}$"
)
# Chinese and Japanese have no space in a sentence that begins with a name either: its marks tell it from a handle.
_HANDLE = r"[@#][^\s,|、，。！？]+"
_HANDLES = re.compile(rf"^{_HANDLE}(?:[\s,|、，]+{_HANDLE})*[\s,|、，]*$")
_SHORT_CREDIT = 45  # a longer line that ends with a full stop is a sentence about its date or its source
_URL_ONLY = re.compile(r"^\S*https?://\S+\s*\S*$|^(?:pic\.twitter\.com|t\.co)/\S+$")


def is_furniture(line: str) -> bool:
    """Whether a short line is a date, a byline, a credit, a count, a trail of links or icon words."""
    if (
        _ICON.search(line)
        or _ICON_WORD.match(line)
        or any(form.match(line) for form in (_HANDLES, _URL_ONLY, _CONTACT))
    ):
        return True
    if is_stamp(line):
        return True
    ended = ends_a_sentence(line)
    if ended and len(line) > _SHORT_CREDIT:
        return False
    if _CREDIT.match(line) or _STAMP_WORDS.match(line) or _SOURCE.match(line):
        return True
    if _BYLINE.match(line) or _BREADCRUMB.match(line):
        return not ended
    dated = _DATE_LINE.match(line) is not None and _YEAR_OR_CLOCK.search(line) is not None
    return dated and not ended and len(line.split()) <= 9


def is_stamp(line: str) -> bool:
    """Whether a line is only a relative date, a reading time, a count or the labels an article is filed under."""
    return any(form.match(line) for form in (_RELATIVE_DATE, _READING_TIME, _COUNT, _READING_LABEL, _FILED))


def without_icons(paragraph: str) -> str:
    """The paragraph without the ligature words of icon fonts ('folder_open', 'starAdd')."""
    return _ICON_WORD.sub("", _ICON.sub("", paragraph)).strip()
