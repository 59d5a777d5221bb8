"""Words beside a date tell publication from the last change in every language of the field."""

from __future__ import annotations

import pytest

from newsscraper.extract.dates import DATED, MODIFIED, PUBLISHED, read_role

PUBLICATION = (
    "Published", "First published on", "Posted on", "Veröffentlicht am", "Erschienen:", "Publié le", "Mis en ligne le",
    "Publicado el", "Publicado em", "Pubblicato il", "Gepubliceerd op", "Publicerad", "Udgivet", "Offentliggjort",
    "Publisert", "Julkaistu", "Opublikowano:", "Data publikacji:", "Publikováno", "Zverejnené", "Megjelent:",
    "Közzétéve:", "Publicat la", "Δημοσίευση:", "Δημοσιεύτηκε", "Опубликовано:", "Дата публикации:", "Опубліковано",
    "Публикувано на", "Објављено:", "Objavljeno", "Yayınlanma:", "Giriş Tarihi:", "نشر في:", "تاريخ النشر:",
    "تاریخ انتشار:", "شائع شدہ", "פורסם:", "प्रकाशित:", "প্রকাশ:", "প্রকাশিত:", "Diterbitkan", "Dipublikasikan",
    "Đăng ngày", "Xuất bản:", "公開日:", "配信", "掲載", "发布时间：", "發佈時間：", "发表于", "입력", "등록 :",
    "เผยแพร่:",
)  # fmt: skip
CHANGE = (
    "Updated", "Last updated on", "Modified:", "Aktualisiert am", "Zuletzt aktualisiert:", "Geändert am",
    "Mis à jour le", "Modifié le", "Actualizado el", "Última actualización:", "Atualizado em", "Aggiornato il",
    "Ultimo aggiornamento:", "Bijgewerkt op", "Laatst bijgewerkt:", "Uppdaterad", "Opdateret", "Sidst opdateret:",
    "Oppdatert", "Päivitetty", "Aktualizacja:", "Zaktualizowano", "Aktualizováno", "Aktualizované", "Frissítve:",
    "Actualizat:", "Ενημέρωση:", "Τελευταία ενημέρωση", "Обновлено:", "Изменено", "Оновлено:", "Обновена",
    "Ажурирано:", "Ažurirano:", "Güncelleme:", "Son Güncelleme:", "آخر تحديث:", "آخرین به‌روزرسانی:", "اپ ڈیٹ:",
    "עודכן:", "अपडेटेड:", "Updated:", "আপডেট:", "Diperbarui", "Cập nhật:", "更新日:", "最終更新", "更新时间：",
    "更新於", "수정", "최종수정", "อัปเดต:", "แก้ไขล่าสุด",
)  # fmt: skip


@pytest.mark.parametrize("label", PUBLICATION)
def test_publication(label: str) -> None:
    assert read_role(f"{label} ") == PUBLISHED


@pytest.mark.parametrize("label", CHANGE)
def test_change(label: str) -> None:
    assert read_role(f"{label} ") == MODIFIED


@pytest.mark.parametrize("label", ["Date:", "Datum:", "Fecha:", "Data:", "Дата:", "تاريخ:", "תאריך:", "日期："])
def test_only_that_it_is_a_date(label: str) -> None:
    assert read_role(f"{label} ") == DATED


@pytest.mark.parametrize(
    ("before", "behind", "role"),
    [
        ("Published by Ann Field, updated ", "", MODIFIED),
        ("Last update: noon | First published ", "", PUBLISHED),
        ("", " 更新", MODIFIED),
        ("Dieser Beitrag wurde am ", " veröffentlicht", PUBLISHED),
        ("", " / Updated 8 hours ago", ""),
        ("By Ann Field, ", "", ""),
        ("5. maj, ", "", ""),
        ("The database of ", "", ""),
        ("Unpublished until ", "", ""),
        ("", "", ""),
    ],
)
def test_the_nearest_label_counts(before: str, behind: str, role: str) -> None:
    assert read_role(before, behind) == role
