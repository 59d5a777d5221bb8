from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from benchmarks.folds import FOLDS, domain_of, fold_of, held_out_file
from newsscraper import extract
from newsscraper.errors import ModelError
from newsscraper.extract.fields.title import resolve_title
from newsscraper.extract.learned.features import read_features
from newsscraper.extract.learned.model import load_model
from newsscraper.extract.reading import read_page
from tests.training.made_up import make_page, write_set
from training.__main__ import main
from training.examples import find_vocabularies, prepare
from training.pages import INSIDE, OUTSIDE, UNKNOWN, label_from_article_body, label_from_snippets, read_pages
from training.pipeline import Desk, Plan
from training.targets import Doubts


def run(data: Path, out: Path, *more: str) -> int:
    return main(
        ["--data", str(data), "--out", str(out), "--epochs", "6", "--fewest-domains", "2", "--jobs", "2", *more]
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    data = write_set(folder / "data", "mine", sites=10)
    assert run(data, folder / "mine.npz", "--folds-out", str(folder / "folds"), "--report", str(folder / "r.json")) == 0
    return folder


def test_a_model_of_ones_own_reads_pages_of_unseen_sites(trained: Path) -> None:
    chance = random.Random(99)
    page, body = make_page(chance, 2)
    story = extract(page, "https://unseen.example/news/1", model=load_model(trained / "mine.npz"))
    assert story.body == body
    assert story.confidence is not None


def test_the_file_says_where_it_comes_from(trained: Path) -> None:
    about = load_model(trained / "mine.npz").about
    assert about["sets"] == {"mine": 30}
    assert about["domains"] == 10
    assert about["settings"]["epochs"] == 6
    assert about["held_out"]["mine"]["body_f1"] > 0.9
    assert json.loads((trained / "r.json").read_text())["made"] == about["made"]


def test_each_page_has_weights_that_have_not_seen_its_domain(trained: Path) -> None:
    url = "https://news.site3.example/news/1"
    assert domain_of(url, "id") == "site3.example"
    file = held_out_file(trained / "folds", url, "id")
    assert load_model(file).about["held_out_fold"] == fold_of("site3.example")
    assert len({fold_of(f"site{n}.example") for n in range(40)}) == FOLDS


def test_the_same_pages_and_seed_give_the_same_file(trained: Path, tmp_path: Path) -> None:
    assert run(trained / "data", tmp_path / "again.npz") == 0
    assert (tmp_path / "again.npz").read_bytes() == (trained / "mine.npz").read_bytes()


def test_a_file_made_for_other_features_is_refused(trained: Path, tmp_path: Path) -> None:
    with np.load(trained / "mine.npz") as file:
        arrays = dict(file)
    about = json.loads(str(arrays["about"]))
    about["columns"][0] = "something else"
    np.savez(tmp_path / "other.npz", **{**arrays, "about": np.array(json.dumps(about))})
    with pytest.raises(ModelError, match="other features"):
        extract(make_page(random.Random(1), 1)[0], model=load_model(tmp_path / "other.npz"))


def test_inference_gives_what_training_gave(tmp_path: Path) -> None:
    """The quick way from a file, and the learner's own: the same but for half precision."""
    from benchmarks.datasets import read_set  # noqa: PLC0415  (only this test reads a set itself)

    labelled = read_set(write_set(tmp_path, "mine"), "mine")
    plan = Plan(pages=labelled, jobs=1, fewest_domains=2)
    pages = read_pages(labelled, 1, lambda: None)
    desk = Desk(plan, pages, find_vocabularies(pages, 2))
    networks = desk.train_all(Doubts())
    desk.write(tmp_path / "m.npz", networks, {**desk.describe(Doubts()), "votes": {"network": 1.0}})
    model = load_model(tmp_path / "m.npz")
    page = read_page(labelled[0].read_bytes(), labelled[0].url)
    chances = model.probabilities(read_features(page, resolve_title(page)))
    matrices = prepare(pages[:1], desk.vocabularies)[0]
    expected = np.mean([network.probabilities(matrices) for network in networks], axis=0)
    np.testing.assert_allclose(chances, expected, atol=0.02)


def test_snippets_label_the_one_block_that_holds_them() -> None:
    texts = ["A teaser of the ferry", "The ferry  left at dawn.", "Share this page", "The ferry"]
    inside = label_from_snippets(texts, ["ferry left at dawn", "ferry"], ["Share this"])
    assert inside.tolist() == [UNKNOWN, INSIDE, OUTSIDE, UNKNOWN]


def test_an_article_body_labels_a_page_only_where_it_is_whole() -> None:
    chance = random.Random(5)
    paragraphs = [" ".join(chance.choices("harbour ferry council bridge market dawn".split(), k=40)) for _ in range(5)]
    texts = ["Menu", *paragraphs, "Related stories"]
    letters = np.array([len(text) for text in texts], np.float32)
    body = np.array([False, *[True] * 5, False])
    told = label_from_article_body(texts, "\n".join(paragraphs), body, letters)
    assert told is not None
    assert told.tolist() == [OUTSIDE, *[INSIDE] * 5, OUTSIDE]
    assert label_from_article_body(texts, "\n".join(paragraphs[:3]), body, letters) is None
    assert label_from_article_body(texts, "\n".join(paragraphs) + "...", body, letters) is None


def test_bad_usage_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--data", str(tmp_path)])
    assert stopped.value.code == 2
    assert "truth.jsonl" in capsys.readouterr().err


def test_pages_of_one_domain_are_too_few(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(write_set(tmp_path, "mine", sites=1), tmp_path / "m.npz") == 2
    assert "too few" in capsys.readouterr().err
    assert not (tmp_path / "m.npz").exists()
