"""The weights as a file: what it says of itself, and what happens where it is missing or damaged."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from newsscraper import extract
from newsscraper.errors import ModelError
from newsscraper.extract.learned import model as models
from newsscraper.extract.learned.characters import CLOSING, COMMA, DIGIT, STOP, Characters
from newsscraper.extract.learned.features import read_features
from newsscraper.extract.learned.model import KINDS, load_model, shipped_model
from newsscraper.extract.learned.network import SURROUNDINGS, Pools, Tree, weigh_surroundings

from .pages import BODY, lay_out, page

SHIPPED = Path(str(files("newsscraper.extract.learned").joinpath(models.SHIPPED)))


def copy_with(folder: Path, **changed: np.ndarray) -> Path:
    with np.load(SHIPPED) as file:
        arrays = {**dict(file), **changed}
    np.savez(folder / "copy.npz", **arrays)
    return folder / "copy.npz"


def test_the_shipped_file_says_where_it_comes_from() -> None:
    about = shipped_model().about
    assert {"ads", "wcxb", "fundus", "tra"} <= about["sets"].keys()
    assert about["held_out"]["fundus"]["body_f1"] > 0.95
    assert {"made", "domains", "settings", "votes", "confidence", "labelled_by", "dropped_truths"} <= about.keys()
    assert about["kinds"] == list(KINDS)


def test_no_word_of_the_vocabulary_is_one_sites_own() -> None:
    """Names of publishers are used by fewer domains than a word has to be."""
    model = shipped_model()
    assert all(word == word.lower() for word in model.vocabulary)
    assert not {"nytimes", "bbc", "guardian", "cnn", "mirror", "reuters"} & model.vocabulary.keys()


def test_a_page_is_read_with_it() -> None:
    story = extract(page(), model=load_model(SHIPPED))
    assert story.body == BODY
    assert story.confidence is not None
    assert 0 <= story.confidence <= 1


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "text", "pickle"])
def test_a_damaged_file_is_told(tmp_path: Path, damage: str) -> None:
    data = bytearray(SHIPPED.read_bytes())
    middle = len(data) // 2
    damaged = {
        "cut": data[:middle],
        "flipped": data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :],
        "empty": b"",
        "text": b"no weights at all",
        "pickle": b"\x80\x04K\x01.",
    }[damage]
    file = tmp_path / "weights.npz"
    file.write_bytes(bytes(damaged))
    with pytest.raises(ModelError) as caught:
        extract(page(), model=load_model(file))
    what = {"empty": "it is empty", "text": "it is no model file", "pickle": "it is no model file"}
    told = what.get(damage, "it is damaged, or no model file")
    advice = "check the path, or make the file anew with `python -m training`"
    assert str(caught.value) == f"{file}: the model cannot be read ({told}): {advice}"


def test_an_archive_of_other_things_is_no_model(tmp_path: Path) -> None:
    file = tmp_path / "other.npz"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("about.npy", b"{}")
        archive.writestr("names.npy", b"no array")
    with pytest.raises(ModelError, match=r"other\.npz: the model cannot be read \(it is damaged, or no model file\)"):
        load_model(file)


def test_pickled_arrays_are_refused_without_advice_to_allow_them(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load_model(copy_with(tmp_path, bias=np.array([{}], object)))
    assert "allow_pickle" not in str(caught.value)


def test_weights_of_another_version_are_told_as_others_are(tmp_path: Path) -> None:
    about = {**shipped_model().about, "columns": [f"column {n}" for n in range(len(shipped_model().columns))]}
    with pytest.raises(ModelError) as caught:
        extract(page(), model=load_model(copy_with(tmp_path, about=np.array(json.dumps(about)))))
    assert "the model cannot be read (sha256:" in str(caught.value)
    assert "python -m training" in str(caught.value)
    assert "reinstall" not in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere\.npz: the model cannot be read"):
        load_model(tmp_path / "nowhere.npz")


@pytest.mark.parametrize(
    ("array", "value", "message"),
    [
        ("bias", np.zeros(3, np.float16), "expected"),
        ("dense", np.full((2, 2), np.nan, np.float16), "expected"),
        ("about", np.array("{}"), "format"),
        ("about", np.array("not JSON"), "damaged"),
        ("about", np.array("[1]"), "format"),
    ],
)
def test_a_file_whose_parts_do_not_fit_is_told(tmp_path: Path, array: str, value: np.ndarray, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        load_model(copy_with(tmp_path, **{array: value}))


def test_weights_that_are_no_numbers_are_told(tmp_path: Path) -> None:
    with np.load(SHIPPED) as file:
        bias = file["bias"].copy()
    bias[0] = np.inf
    with pytest.raises(ModelError, match="finite"):
        load_model(copy_with(tmp_path, bias=bias))


def test_a_package_without_its_weights_gives_an_error_and_no_worse_body(tmp_path: Path) -> None:
    """In a process of its own, since the weights are kept once read."""
    script = (
        "from newsscraper.extract.learned import model; model.SHIPPED = 'gone.npz'\n"
        "import newsscraper\n"
        "try: newsscraper.extract('<h1>A headline</h1><p>Some text.</p>')\n"
        "except newsscraper.errors.ModelError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "gone.npz" in done.stdout
    assert done.stdout.strip().endswith("the model cannot be read (No such file or directory): reinstall newsscraper")


def test_about_can_be_read_without_this_package() -> None:
    with np.load(SHIPPED, allow_pickle=False) as file:
        assert json.loads(str(file["about"]))["format"] == models.FORMAT


def test_characters_are_the_same_in_any_script() -> None:
    found = Characters(["Bread, flour. Yes.", "Хлеб, мука. Да.", "面包，面粉。是。", "خبز، دقيق. نعم.", "”12”"])
    assert found.counts[:4, COMMA].tolist() == [1, 1, 1, 1]
    assert found.counts[:4, STOP].tolist() == [2, 2, 2, 2]
    assert found.sentences[:2].tolist() == [2, 2]
    assert found.last[4] == CLOSING
    assert found.counts[4, DIGIT] == 2


def test_features_of_any_page_are_numbers() -> None:
    features = read_features(lay_out(page()).page, lay_out(page()).headline)
    assert features.dense.shape == (len(features.letters), len(features.columns))
    assert np.isfinite(features.dense).all()
    assert len(set(features.columns)) == len(features.columns)


def test_surroundings_are_means_of_what_is_around() -> None:
    """Three blocks: two in one container, the third in another, both in a root."""
    tree = Tree(
        container=np.array([1, 1, 2]),
        parent=np.array([0, 0, 0]),
        first=np.array([0, 0, 2]),
        last=np.array([3, 2, 3]),
        group=np.array([0, 1, 1]),
    )
    letters = np.array([0, 0, 0], np.float32)
    values = np.array([[[1.0], [2.0], [6.0]]], np.float32)
    each_by_itself = np.eye(SURROUNDINGS, dtype=np.float32)[None]
    found = weigh_surroundings(values, each_by_itself, Pools(tree, letters))[0].T
    own, before, after, before2, after2, container, root, *_, group, whole = found
    assert own.tolist() == [1, 2, 6]
    assert before.tolist() == [0, 1, 2]
    assert after.tolist() == [2, 6, 0]
    assert before2.tolist() == [0, 0, 1]
    assert after2.tolist() == [6, 0, 0]
    assert container.tolist() == [1.5, 1.5, 6]
    assert root.tolist() == [3, 3, 3]
    assert group.tolist() == [3, 3, 3]
    assert whole.tolist() == [3, 3, 3]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("votes", {}, "votes"),
        ("votes", None, "votes"),
        ("votes", {"network": "x"}, "votes"),
        ("confidence", [1.0], "confidence"),
        ("confidence", "x", "confidence"),
        ("vocabulary", 5, "vocabulary"),
        ("columns", None, "vocabulary and columns"),
        ("kinds", ["a", "b", "c", "d"], "kinds"),
    ],
)
def test_a_file_that_says_something_else_of_itself_is_told(tmp_path: Path, key: str, value: object, told: str) -> None:
    about = {"format": models.FORMAT, **shipped_model().about, key: value}
    file = copy_with(tmp_path, about=np.array(json.dumps(about)))
    with pytest.raises(ModelError, match=f"cannot be read .its .*{told}.* not what this version reads"):
        load_model(file)
