"""`--model`: weights of one's own for `newsscraper extract` and `newsscraper explain`, and what is said of bad ones."""

import json
import sys
from importlib.resources import files

import numpy as np
import pytest

from newsscraper import ModelError, load_model
from newsscraper.batch import extract_files
from newsscraper.extract import EXTRACTION, TEXT_EXTRACTION, choose_model
from newsscraper.extract.learned import model as models

from .pages import TITLE, dump, page

SHIPPED = files("newsscraper.extract.learned").joinpath(models.SHIPPED)


def write_own(path, **changes):
    """Weights like those of the package, but for what they say of themselves: another file, another digest."""
    with np.load(SHIPPED) as file:
        arrays = {name: file[name] for name in models.ARRAYS}
        about = json.loads(str(file["about"]))
    models.write_model(path, arrays, {**about, "made": "by hand", **changes})
    return path


def short(model):
    return model.digest.removeprefix("sha256:")[:12]


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    return write_own(tmp_path_factory.mktemp("weights") / "own.npz")


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.html"
    path.write_text(page(), encoding="utf-8")
    return path


def test_records_name_the_weights(invoke, story, own):
    records = [json.loads(invoke("extract", story, *options, "--quiet").stdout) for options in ((), ("--model", own))]
    shipped, read_with_own = (record["extractor"].split() for record in records)
    assert shipped[1:] == [EXTRACTION, f"model@{short(choose_model())}"]
    assert read_with_own[1:] == [EXTRACTION, f"model@{short(load_model(own))}"]
    assert shipped[2] != read_with_own[2]
    assert records[0]["body"] == records[1]["body"]


def test_evidence_is_gathered_with_the_weights_given(monkeypatch, invoke, tmp_path, own):
    gathering, seen = sys.modules["newsscraper.extract.gathering"], []
    lay_out = gathering.lay_out

    def watch(*arguments, model, **options):
        seen.append(model)
        return lay_out(*arguments, model=model, **options)

    monkeypatch.setattr(gathering, "lay_out", watch)
    for number in range(3):
        html = page(f"{TITLE} {number}").replace(
            "</head>", f'<link rel="canonical" href="https://harbour.example/{number}"></head>'
        )
        (tmp_path / f"{number}.html").write_text(html, encoding="utf-8")
    assert invoke("extract", tmp_path, "--model", own, "--quiet").exit_code == 0
    assert {model.digest for model in seen} == {load_model(own).digest}


def test_dumps_are_read_without_weights(tmp_path, own):
    (tmp_path / "dump.txt").write_text(dump(), encoding="utf-8")
    (outcome,) = extract_files([tmp_path / "dump.txt"], model=load_model(own))
    assert outcome.record.extractor.split()[1:] == [TEXT_EXTRACTION]


def test_an_explanation_names_the_weights(invoke, story, own):
    explained = json.loads(invoke("explain", story, "--json", "--model", own, "--quiet").stdout)
    assert explained["model"] == load_model(own).digest
    assert load_model(own).digest in invoke("explain", story, "--model", own, "--quiet").stdout


@pytest.mark.parametrize("command", ["extract", "explain"])
@pytest.mark.parametrize("damage", ["missing", "folder", "cut"])
def test_weights_that_cannot_be_read(invoke, tmp_path, own, command, damage):
    weights, out, story = tmp_path / "bad.npz", tmp_path / "out", tmp_path / "story.html"
    story.write_text(page(), encoding="utf-8")
    if damage == "folder":
        weights.mkdir()
    elif damage == "cut":
        weights.write_bytes(own.read_bytes()[:1000])
    result = invoke(command, story, "--model", weights, "-o", out)
    assert result.exit_code == 2
    assert f"{weights}: " in result.stderr
    assert "python -m training" in result.stderr
    assert (result.stdout, out.exists()) == ("", False)


FOREIGN = (
    {"columns": [f"column {number}" for number in range(len(models.shipped_model().columns))]},
    {"votes": {}},
    {"votes": None},
)


@pytest.mark.parametrize("changes", FOREIGN)
def test_weights_for_another_version_are_told_before_anything_is_read(invoke, story, tmp_path, changes):
    weights = write_own(tmp_path / "foreign.npz", **changes)
    with pytest.raises(ModelError, match=r"foreign\.npz: "):
        choose_model(weights)
    result = invoke("extract", story, "--model", weights)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "foreign.npz" in result.stderr
