"""Words that sites print before a value, by field. `CONTRIBUTING.md` tells how to add a language.

Compared folded (`text.fold`): no case, no punctuation, Arabic yeh and kaf as Persian ones.
"""

from __future__ import annotations

import re
from functools import lru_cache

from newsscraper.extract.text import fix_digits, fix_direction, fix_line, fold
from newsscraper.sites.profile import Profile

LABELS: dict[str, tuple[str, ...]] = {
    "story_code": (
        "Story Code", "News Code", "News ID", "Story ID", "Article ID", "Article Code", "Doc ID", "Document ID",
        "Story No", "News No",
        "Report Code", "Item ID", "News Number", "Story Number",
        "کد مطلب", "کد خبر", "شناسه خبر", "شناسه مطلب", "شماره خبر", "کد گزارش", "کدخبر", "کد یادداشت", "کد مقاله",
        "رمز الخبر", "رقم الخبر", "كود الخبر", "رمز المقال", "رقم المقال", "معرف الخبر", "رمز الموضوع",
        "خبر کا کوڈ", "خبر کوڈ", "خبر نمبر", "اسٹوری کوڈ", "کوڈ نمبر", "خبر کا نمبر",
        "Haber kodu", "Haber No", "Haber ID", "Xəbərin kodu", "Xəbər kodu",
        "Код новости", "Код статьи", "Номер новости", "ID новости", "Код новини",
        "Artikel-ID", "Artikel-Nr", "Artikel Nr", "Meldungs-Nr", "Beitrags-ID", "Beitragsnummer", "Artikelnummer",
        "Meldungsnummer", "Code de l'article", "Numéro d'article", "Code article",
        "Código de la noticia", "Código de noticia", "Código da notícia", "Codice notizia", "Codice articolo",
        "新闻编号", "新聞編號", "文章编号", "समाचार कोड", "संवाद कोड", "Kode berita", "Nyhetskode", "Kod wiadomości",
        "ID artykułu", "Kód článku", "ID článku", "Jutun tunnus", "Κωδικός άρθρου", "Cikk azonosító", "ID articol",
        "Cod știre", "מספר כתבה", "समाचार आईडी", "Mã tin", "Mã bài viết", "記事番号", "記事ID", "ニュース番号",
        "기사번호", "기사 ID", "รหัสข่าว", "ID новини", "ID статьи", "Référence de l'article",
    ),
    "tags": (
        "Tags", "Tag", "Tagged", "Tagged with", "Tagged as", "Tagged in", "Topics", "Related topics", "Keywords",
        "Filed under", "In this story",
        "More on", "Read more about", "Explore more on", "More about",
        "برچسب ها", "برچسب‌ها", "برچسبها", "برچسب", "کلیدواژه", "کلیدواژه ها", "کلید واژه ها", "کلمات کلیدی",
        "الوسوم", "وسوم", "الكلمات المفتاحية", "كلمات مفتاحية", "الكلمات الدلالية", "كلمات دلالية", "هاشتاغ",
        "مواضيع ذات صلة", "العلامات", "الكلمات الدليلية", "كلمات دليلية", "الكلمات المفتاح", "تاغات", "المواضيع",
        "ٹیگز", "ٹیگ", "موضوعات", "کلیدی الفاظ",
        "Etiketler", "Etiket", "Anahtar kelimeler", "Konular", "Açar sözlər",
        "Теги", "Тег", "Метки", "Темы", "Ключевые слова", "Сюжеты", "Теґи", "Мітки",
        "Schlagwörter", "Schlagworte", "Stichwörter", "Stichworte", "Themen", "Mehr zum Thema", "Thema", "Mehr zu",
        "Themen dieses Artikels",
        "Mots-clés", "Mots clés", "Thèmes", "Étiquettes", "Sujets", "Dans cet article", "Plus sur ce sujet",
        "Etiquetas", "Palabras clave", "Temas", "Temas relacionados", "Archivado en", "Más información sobre",
        "Más sobre",
        "Palavras-chave", "Marcadores", "Tópicos", "Assuntos", "Mais sobre", "Tudo sobre",
        "Argomenti", "Parole chiave", "Etichette", "Temi", "Tagi", "Tematy", "Słowa kluczowe", "Štítky", "Témata",
        "Značky", "Klíčová slova",
        "Trefwoorden", "Onderwerpen", "Ämnen", "Taggar", "Nyckelord", "Emner", "Nøgleord", "Emneord", "Stikkord",
        "Aiheet", "Avainsanat", "Asiasanat",
        "Ετικέτες", "Θέματα", "Címkék", "Kulcsszavak", "Etichete", "Cuvinte cheie", "Subiecte", "תגיות", "תגים",
        "נושאים", "टैग", "टैग्स", "ট্যাগ", "ট্যাগস", "বিষয়",
        "Topik", "Kata kunci", "Từ khóa", "Chủ đề", "Thẻ", "标签", "標籤", "关键词", "關鍵字", "关键字", "タグ",
        "キーワード", "関連キーワード", "태그", "키워드", "แท็ก", "คำสำคัญ", "Ознаке", "Кључне речи",
        "Ključne riječi", "Oznake",
    ),
    "authors": (
        "By", "Written by", "Reported by", "Author", "Authors", "Words by", "Story by", "Text by", "Posted by",
        "Reporting by", "Reporter", "Opinion by", "Analysis by",
        "Published by", "Publicado por", "Publicada por", "Publié par", "Écrit par", "Rédigé par",
        "Veröffentlicht von", "Geschrieben von", "Verfasst von", "Escrito por", "Pubblicato da", "Scritto da",
        "Geplaatst door", "Автор статьи",
        "Von", "Autor", "Autorin", "Text von", "Ein Kommentar von", "Ein Gastbeitrag von", "Eine Analyse von",
        "Interview von", "Aus",
        "Par", "Propos recueillis par", "Auteur", "Por", "Redactado por", "Autora", "Da", "Di", "A cura di",
        "Dal nostro inviato", "Autore",
        "Автор", "Текст", "Авторы", "Korespondent", "Door", "Av", "Af", "Skrevet av", "Skrevet af", "Text",
        "Kirjoittaja", "Yazan", "Yazar", "Muhabir", "Haber",
        "بقلم", "كتب", "كتبت", "الكاتب", "المؤلف", "نویسنده", "گزارش", "خبرنگار", "تحریر", "مصنف", "نامہ نگار",
        "作者", "记者", "記者", "文", "撰文", "来源", "責任編集", "執筆", "文・", "글", "기자", "Penulis", "Oleh",
        "Reporter", "Tác giả", "Theo", "De", "Szerző", "Írta", "Του", "Της", "Γράφει ο", "Γράφει η", "Autor textu",
        "Autoři", "Napisał", "Opracował", "Opracowała",
        "लेखक", "द्वारा", "লেখক", "מאת", "כתב", "Foto", "Tekst",
        "Autorka", "Napsal", "Napsala", "Skriven av", "Geschreven door", "Teksti", "Toimittaja", "Συντάκτης",
        "Scris de", "रिपोर्ट", "প্রতিবেদক", "নিজস্ব প্রতিবেদক", "โดย", "ผู้เขียน", "بواسطة", "إعداد", "كتبه", "به قلم",
        "Escribe", "Escriben", "Texto", "Texte", "Testo", "Teks", "Viết bởi", "글쓴이", "작성자", "Автори",
        "Підготував", "Підготувала", "Подготовил", "Подготовила", "撰稿", "文字",
    ),
    "date": (
        "Published", "Published on", "Published at", "Publish Date", "Date", "Posted", "Posted on",
        "First published", "Issued", "Date Published", "Release date",
        "تاریخ انتشار", "تاریخ", "انتشار", "تاريخ النشر", "تاريخ", "نشر", "شائع شدہ", "تاریخ اشاعت", "Yayınlanma",
        "Yayın tarihi", "Yayınlanma Tarihi", "Giriş Tarihi", "Tarih", "Eklenme",
        "Опубликовано", "Дата публикации", "Дата", "Опубліковано", "Veröffentlicht", "Veröffentlicht am",
        "Erstellt", "Erstellt am", "Publiziert", "Publiziert am", "Stand", "Publié le", "Publié", "Mis en ligne le",
        "Publicado", "Publicado el", "Publicado em", "Fecha", "Pubblicato", "Pubblicato il", "Data",
        "Data publikacji", "Opublikowano", "Publikováno", "Gepubliceerd", "Publicerad", "Publisert", "Udgivet",
        "Offentliggjort", "Julkaistu",
        "Δημοσίευση", "Δημοσιεύτηκε", "Megjelent", "Közzétéve", "Publicat", "פורסם", "תאריך", "प्रकाशित", "প্রকাশিত",
        "প্রকাশ", "Diterbitkan", "Đăng ngày", "发布时间", "發布時間", "发表时间", "时间", "公開日", "配信", "入力",
        "입력", "등록", "เผยแพร่",
    ),
    "date_modified": (
        "Updated", "Last updated", "Updated on", "Modified", "Last modified", "Last update", "Edited",
        "آخرین به روزرسانی", "به روزرسانی", "آخر تحديث", "تحديث", "تم التحديث", "آخری اپ ڈیٹ", "Güncelleme",
        "Son güncelleme", "Güncellenme",
        "Обновлено", "Изменено", "Оновлено", "Aktualisiert", "Aktualisiert am", "Zuletzt aktualisiert", "Geändert",
        "Mis à jour", "Mis à jour le", "Modifié le", "Actualizado", "Actualizado el", "Atualizado",
        "Atualizado em", "Aggiornato", "Aggiornato il", "Ultimo aggiornamento", "Modificato",
        "Aktualizacja", "Zaktualizowano", "Aktualizováno", "Bijgewerkt", "Laatst bijgewerkt", "Uppdaterad",
        "Oppdatert", "Opdateret", "Päivitetty", "Ενημέρωση", "Ενημερώθηκε", "Frissítve", "Actualizat", "עודכן",
        "अपडेटेड", "अपडेट", "আপডেট", "Diperbarui", "Cập nhật", "更新时间", "更新", "最后更新", "最終更新",
        "更新日", "수정", "อัปเดต",
    ),
    "comments": (
        "Comment", "Comments", "Leave a comment", "Post a comment", "Your comment",

        "نظر", "نظرات", "نظر شما", "ارسال نظر", "دیدگاه", "دیدگاه ها", "تعليق", "تعليقات", "التعليقات",
        "أضف تعليق", "تبصرہ", "تبصرے", "Yorum", "Yorumlar", "Комментарии", "Комментарий", "Коментарі",
        "Kommentare", "Kommentar", "Commentaires", "Comentarios", "Comentários", "Commenti", "Komentarze",
        "Komentáře", "Reacties", "Kommentarer", "Kommentit", "Σχόλια", "Hozzászólások", "Comentarii", "תגובות",
        "टिप्पणियाँ", "মন্তব্য", "Komentar", "Bình luận", "评论", "留言", "コメント", "댓글", "ความคิดเห็น",
    ),
}  # fmt: skip

HOME_WORDS = frozenset(
    fold(word)
    for word in (
        "Home", "Homepage", "Home page", "Main", "Front page", "Start", "Startseite", "Accueil", "Inicio",
        "Portada", "Início", "Página inicial", "Capa", "Home Page", "Главная", "Главная страница", "Головна",
        "Anasayfa", "Ana sayfa", "Ana Səhifə",
        "خانه", "صفحه اصلی", "صفحه نخست", "الرئيسية", "الصفحة الرئيسية", "رئيسية", "صفحہ اول", "ہوم", "首页",
        "首頁", "主页", "ホーム", "トップ", "홈", "Strona główna", "Domů", "Úvod", "Etusivu", "Hem", "Hjem",
        "Forsiden", "Forside", "Αρχική", "Αρχική σελίδα", "Kezdőlap", "Címlap", "Acasă", "ראשי", "דף הבית", "होम",
        "হোম", "প্রচ্ছদ", "Beranda", "Trang chủ", "หน้าแรก", "Почетна", "Naslovnica", "Prima pagina", "Voorpagina",
    )
)  # fmt: skip
"""The first step of a breadcrumb, in the languages of the field: no section."""

BEFORE_BYLINE = frozenset(
    "ein eine einen artikel beitrag blog blogbeitrag blogeintrag bericht interview kolumne kommentar gastbeitrag "
    "gastkommentar reportage analyse essay glosse text texte foto fotos erstellt eingestellt gespeichert "
    "veröffentlicht geschrieben verfasst aktualisiert autor autorin posted published written created submitted "
    "updated modified edited this post was is an a article story report column commentary review opinion analysis "
    "guest last first on at un une tribune entretien propos recueillis publié écrit rédigé mis à jour le el la "
    "escrito escribe publicado actualizado nota artículo artigo por publicada texto di da scritto pubblicato "
    "articolo gepost geplaatst geschreven gepubliceerd door skrevet publisert skriven publicerad opublikowano "
    "napisane dodano przez dodał redaktion опубликовано автор материал статья".split()
)
"""Words, folded, that may stand between the start of a line and its label of authors: "Ein Interview von"."""
_LETTER_FORMS = str.maketrans({"ی": "[یي]", "ي": "[یي]", "ک": "[کك]", "ك": "[کك]", " ": r"[\s\u200c]+"})
_BEHIND_LABEL = r"\.?\s*(?:[:：=|#]|[-–](?=\s|\d)|№|n[o°º]\.?(?=\s|\d))?\s*[:：]?\s*"


def _choices(field: str, extra: tuple[str, ...]) -> str:
    """A field's labels as alternatives of a pattern, longest first."""
    labels = sorted({*LABELS.get(field, ()), *extra}, key=len, reverse=True)
    return "|".join(re.escape(label).replace(r"\ ", " ").translate(_LETTER_FORMS) for label in labels)


@lru_cache(maxsize=64)
def _at_start(field: str, extra: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"^\W{{0,3}}(?:{_choices(field, extra)})(?![^\W\d_]){_BEHIND_LABEL}", re.IGNORECASE)


@lru_cache(maxsize=64)
def _code_anywhere(extra: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![^\W_])(?:{_choices('story_code', extra)})(?![^\W\d_]){_BEHIND_LABEL}(\d{{2,18}})(?!\d)", re.IGNORECASE
    )


def _may_begin(text: str, field: str, extra: tuple[str, ...]) -> bool:
    """False where the first letter of the text is no label's: settles most texts before any pattern is tried."""
    for character in text[:12]:
        if character.isalnum():
            return character.lower() in _first_letters(field, extra)
    return True


@lru_cache(maxsize=64)
def _first_letters(field: str, extra: tuple[str, ...]) -> frozenset[str]:
    letters = {label[0].lower() for label in (*LABELS.get(field, ()), *extra)}
    for form in ("یي", "کك"):
        if not letters.isdisjoint(form):
            letters.update(form)
    return frozenset(letters)


def is_label(text: str, field: str, profile: Profile | None = None) -> bool:
    """True where a text is a label of a field and nothing else."""
    extra = tuple(profile.labels.get(field, ())) if profile else ()
    return fold(text).replace(" ", "") in _folded_labels(field, extra)


@lru_cache(maxsize=64)
def _folded_labels(field: str, extra: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(label).replace(" ", "") for label in (*LABELS.get(field, ()), *extra))


def cut_label(text: str, field: str, profile: Profile | None = None) -> str | None:
    """What follows a field's label at the start of `text`; empty when the label stands alone; None without a label."""
    extra = tuple(profile.labels.get(field, ())) if profile else ()
    if not _may_begin(text, field, extra):
        return None
    line = fix_direction(fix_line(text))
    match = _at_start(field, extra).match(line)
    return line[match.end() :].strip() if match else None


@lru_cache(maxsize=8)
def _inside(field: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{_choices(field, ())})(?![^\W\d_]){_BEHIND_LABEL}(?=\S)", re.IGNORECASE)


def find_label(line: str, field: str) -> re.Match[str] | None:
    """The first place in a line where a label of a field stands as whole words, with something behind it."""
    return _inside(field).search(line)


def find_code(text: str, profile: Profile | None = None) -> str | None:
    """The story code behind its label, in ASCII digits, anywhere in a line that may hold other notes as well."""
    extra = tuple(profile.labels.get("story_code", ())) if profile else ()
    if not _may_hold_code(text, extra):
        return None
    match = _code_anywhere(extra).search(fix_digits(fix_direction(fix_line(text))))
    return match[1] if match else None


_NUMBER = re.compile(r"\d{2,}")
_BEFORE_NUMBER = 40
"""Characters before a number in which its label ends."""


def _may_hold_code(text: str, extra: tuple[str, ...]) -> bool:
    """True where what stands before a number ends as a label does: cheap, and never false for a code with its label."""
    labels, endings = _squeezed_labels(extra)
    for match in _NUMBER.finditer(text):
        start = match.start()
        before = text[max(0, start - _BEFORE_NUMBER) : start].rstrip(" :=|#-.").lower()
        may_end = before and (not before.isascii() or before[-1] in "no" or before[-2:] in endings)
        if may_end and fold(before).replace(" ", "").endswith(labels):
            return True
    return False


@lru_cache(maxsize=64)
def _squeezed_labels(extra: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """The labels of story codes, folded, without spaces, with the signs for "number" that may follow; their endings."""
    labels = [fold(label).replace(" ", "") for label in (*LABELS["story_code"], *extra)]
    return tuple(label + sign for label in labels for sign in ("", "n", "no")), frozenset(lb[-2:] for lb in labels)


_CODE = re.compile(r"^\W{0,2}(\d{2,18})(?!\d)")


def read_code(text: str) -> str | None:
    """A story code at the start of `text`, in any digit script, as ASCII digits."""
    match = _CODE.match(fix_digits(text))
    return match[1] if match else None
