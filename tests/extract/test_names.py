"""Bylines to names."""

from __future__ import annotations

import pytest

from newsscraper.extract.fields.names import (
    clean_handles,
    clean_names,
    is_full_name,
    read_byline,
    read_label_inside,
    read_mixed_byline,
)


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Jane Doe", ["Jane Doe"]),
        ("By Jane Doe", ["Jane Doe"]),
        ("by jane doe", []),
        ("By Jane Doe and John Roe", ["Jane Doe", "John Roe"]),
        ("Jane Doe, John Roe & Ann Poe", ["Jane Doe", "John Roe", "Ann Poe"]),
        ("Jane Doe, Political Editor", ["Jane Doe"]),
        ("Doe, Jane", ["Jane Doe"]),
        ("Dr. Jane Doe", ["Jane Doe"]),
        ("Jane Doe (Reuters)", ["Jane Doe"]),
        ("Jane Doe jane@example.org", ["Jane Doe"]),
        ("Jane Doe | The Example", ["Jane Doe", "The Example"]),
        ("Jane Doe, AFP", ["Jane Doe", "AFP"]),
        ("dpa", ["dpa"]),
        ("Written by: Jane Doe", ["Jane Doe"]),
        ("Von Eva Muster und Max Beispiel", ["Eva Muster", "Max Beispiel"]),
        ("Eva von der Muster", ["Eva von der Muster"]),
        ("Par Jeanne Doux", ["Jeanne Doux"]),
        ("Jeanne Doux et Luc d'Ombre", ["Jeanne Doux", "Luc d'Ombre"]),
        ("Jeanne Doux le mardi", ["Jeanne Doux"]),
        ("Por Ana Prueba y Luis Ejemplo", ["Ana Prueba", "Luis Ejemplo"]),
        ("A cura di Anna Prova", ["Anna Prova"]),
        ("Door Jan de Tester", ["Jan de Tester"]),
        ("Автор: Иван Пример", ["Иван Пример"]),
        ("Иван Пример и Анна Проба", ["Иван Пример", "Анна Проба"]),
        ("Yazan: Ali Örnek", ["Ali Örnek"]),
        ("بقلم: سامي مثال", ["سامي مثال"]),
        ("نویسنده: سارا نمونه", ["سارا نمونه"]),
        ("تحریر: علی مثال", ["علی مثال"]),
        ("作者：王小明", ["王小明"]),
        ("記者 山田太郎", ["山田太郎"]),
        ("작성자: 김예시", ["김예시"]),
        ("โดย สมชาย ตัวอย่าง", ["สมชาย ตัวอย่าง"]),
        ("Autorka: Jana Vzorová", ["Jana Vzorová"]),
        ("Συντάκτης: Άννα Δοκιμή", ["Άννα Δοκιμή"]),
        ("Підготувала Олена Приклад", ["Олена Приклад"]),
        ("Scris de Ana Exemplu", ["Ana Exemplu"]),
        ("Av Kari Eksempel og Per Prøve", ["Kari Eksempel", "Per Prøve"]),
        ("Ahmad al-Mithal", ["Ahmad al-Mithal"]),
        ("Jane Doe ● Staff", ["Jane Doe"]),
        ("Jane Doe Staff Writer", ["Jane Doe"]),
        ("Jane DoePublished", ["Jane Doe"]),
        ("Text von Eva Muster Illustration von Max Beispiel", ["Eva Muster"]),
        ("Jane Doe @janedoe", ["Jane Doe"]),
        ("Jane Doe, More about Jane Doe", ["Jane Doe"]),
        ("Gespeichert von", []),
        ("September", []),
        ("Sat", []),
        ("Written by", []),
        ("Reading time", []),
        ("https://example.org/jane", []),
        ("admin", []),
        ("Unknown", []),
        ("4 March 2024", []),
        ("", []),
    ],
)
def test_names(byline: str, names: list[str]) -> None:
    assert clean_names([byline]) == names


def test_no_name_twice_whatever_its_case() -> None:
    assert clean_names(["Jane Doe", "JANE DOE", "By Jane Doe"]) == ["Jane Doe"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jane Doe", "Jane Doe"),
        ("By Jane Doe | 4 March 2024", "Jane Doe"),
        ("By Jane Doe\nThe Example", "Jane Doe"),
        ("By far the coldest winter since records began", None),
        ("Jane Doe", None),
        ("By", None),
        ("Text, $35", None),
        (f"By Jane {'Doe ' * 40}", None),
    ],
)
def test_byline(line: str, names: str | None) -> None:
    assert read_byline(line) == names


def test_a_sites_own_name_is_not_split() -> None:
    assert clean_names(["Ice & Sea"]) == ["Ice", "Sea"]
    assert clean_names(["Ice & Sea"], whole=["ice sea"]) == ["Ice & Sea"]


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("jdoe", ["jdoe"]),
        ("jane doe", ["jane doe"]),
        ("von jdoe", ["jdoe"]),
        ("J_Doe77", ["J_Doe77"]),
        ("admin", []),
        ("wordpressadmin", []),
        ("https://example.org/jdoe", []),
        ("jane@example.org", []),
        ("4 minutes", []),
        ("what the sea took away", []),
    ],
)
def test_handles(text: str, handles: list[str]) -> None:
    assert clean_handles([text]) == handles


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("4 March 2024 - Jane Doe", ["Jane Doe"]),
        ("Jane Doe | 4 March 2024, 10:15", ["Jane Doe"]),
        ("12.03.2024 | Von Eva Muster", ["Eva Muster"]),
        ("4 March 2024 | Monday", []),
        ("4 March 2024 | islands", []),
        ("4 March 2024 | ICE NEWS", []),
    ],
)
def test_mixed_bylines(line: str, names: list[str]) -> None:
    assert clean_names(read_mixed_byline(line)) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Published 4 March 2024 by Jane Doe", "Jane Doe"),
        ("Erstellt von Eva Muster am 4. März", "Eva Muster"),
        ("Un entretien par Jeanne Doux", "Jeanne Doux"),
        ("Four ships were met by Jane Doe", None),
        ("Monday", None),
    ],
)
def test_a_label_inside_a_line(line: str, names: str | None) -> None:
    assert read_label_inside(line) == names


@pytest.mark.parametrize(
    ("name", "full"),
    [("Jane Doe", True), ("Jean-Luc d’Ombre", True), ("Jane", False), ("NEWS DESK", False), ("Sea Press", False)],
)
def test_full_names(name: str, full: bool) -> None:
    assert is_full_name(name) is full
