"""The weights that a crawl reads with: those of the setting, read once; bad ones stop it before anything is asked."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from scrapy.settings import Settings

from newsscraper.crawl.run import make_settings
from newsscraper.crawl.weights import SETTING, read_model
from newsscraper.errors import InputError, ModelError
from newsscraper.extract import load_model
from newsscraper.extract.learned import model as models
from newsscraper.extract.learned.model import shipped_model
from tests.crawl.runs import run_scrapy
from tests.crawl.small_site import SmallSite, list_page, story_page

SHIPPED = files("newsscraper.extract.learned").joinpath(models.SHIPPED)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    with np.load(str(SHIPPED)) as file:
        arrays = {name: file[name] for name in models.ARRAYS}
        about = json.loads(str(file["about"]))
    models.write_model(tmp_path / "own.npz", arrays, {**about, "made": "by hand"})
    return tmp_path / "own.npz"


def test_without_the_setting_the_packages_weights_are_read() -> None:
    assert read_model(Settings()) is shipped_model()
    assert read_model(Settings({SETTING: ""})) is shipped_model()


def test_all_spiders_of_a_process_share_one_copy(own: Path) -> None:
    first = read_model(Settings({SETTING: str(own)}))
    own.unlink()
    assert read_model(Settings({SETTING: own})) is first
    assert first is not shipped_model()


@pytest.mark.parametrize("content", [None, b"no weights"])
def test_weights_that_cannot_be_used(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "bad.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=r"NEWSSCRAPER_MODEL: .*bad\.npz: .*python -m training"):
        make_settings(tmp_path / "corpus", {SETTING: str(path)})


def test_a_setting_that_is_no_path(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="NEWSSCRAPER_MODEL: expected the path of a file, got"):
        make_settings(tmp_path, {SETTING: 3})


def test_records_of_a_crawl_name_the_weights(tmp_path: Path, own: Path) -> None:
    pages = {"/": list_page("/news/1001/ferry"), "/news/1001/ferry": story_page("Ferry runs again")}
    with SmallSite(pages) as site:
        run = run_scrapy(
            tmp_path, "crawl", "news", "-a", f"url={site.url}", "-s", f"{SETTING}={own.name}", "-O", "out.jsonl"
        )
    (record,) = run.lines
    digest = load_model(own).digest.removeprefix("sha256:")[:12]
    assert f"model@{digest}" in record["extractor"].split()
    assert run.report["settings"][SETTING] == own.name
