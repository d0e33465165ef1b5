"""Which of a feed's categories say something about an article, and which only that nobody chose one."""

from collections.abc import Iterable

# What publishing systems call the category of an article to which its author gave none, in their own languages.
_DEFAULTS = frozenset(
    name.casefold()
    for name in (
        "Uncategorized", "Uncategorised", "Unclassified", "No category", "Sin categoría",
        "Sin categorizar", "Non classé", "Non classifié(e)", "Nicht kategorisiert",
        "Unkategorisiert", "Ohne Kategorie", "Senza categoria", "Sem categoria", "Sense categoria",
        "Niet gecategoriseerd", "Geen categorie", "Ikke kategoriseret", "Ikke kategorisert",
        "Okategoriserade", "Okategoriserad", "Luokittelematon", "Bez kategorii", "Nezařazené",
        "Nezaradené", "Egyéb kategória", "Fără categorie", "Necategorizat", "Nekategorizirano",
        "Nekategorizovano", "Некатегоризирано", "Без рубрики", "Без категории", "Без категорії",
        "Χωρίς κατηγορία", "Kategorilenmemiş", "Kategorisiz", "غير مصنف", "غير مصنفة",
        "بدون تصنيف", "دسته‌بندی نشده", "دسته بندی نشده", "ללא קטגוריה", "कोई श्रेणी नहीं",
        "अवर्गीकृत", "未分类", "未分類", "미분류", "分类なし", "ไม่มีหมวดหมู่", "Chưa phân loại",
        "Tak Berkategori", "Tanpa kategori",
    )
)  # fmt: skip


def telling_categories(categories: Iterable[str]) -> tuple[str, ...]:
    """Return the categories without a publishing system's word for 'none', and without addresses in a name's place."""
    return tuple(category for category in categories if _tells(category))


def _tells(category: str) -> bool:
    return category.casefold().strip() not in _DEFAULTS and "://" not in category
