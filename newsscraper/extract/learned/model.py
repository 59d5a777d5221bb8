"""The weights that training made, as a data file, and what they give for a page.

The file is NumPy's `.npz` (no pickles): arrays in half precision, and `about`, a JSON text that says which vocabulary,
columns and kinds the arrays are for and where they come from (sets, domains, date, seed, scores).
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from newsscraper.errors import ModelError
from newsscraper.extract.confidence import SIGNS
from newsscraper.extract.learned.bags import Bags, read_bags
from newsscraper.extract.learned.features import Features
from newsscraper.extract.learned.network import SURROUNDINGS, Array, Indices, Layers, Pools, find_distinct
from newsscraper.extract.votes import NETWORK

FORMAT = 1
"""Raised when a file of before can no longer be read."""
KINDS = ("body", "lead", "caption", "boilerplate")
"""What the network tells apart; the markup tells subheads, lists, tables and quotations from other body."""
DECAY = (1.0, 0.8, 0.64, 0.5, 0.4)
"""How much the names of the containers further out count, from the grandparent on."""
NAME_LEVELS = 2 + len(DECAY)
LAID_OUT_BY_TABLES = 0.4
"""Share of a page's letters in table cells from which tags and names are left out of account, as training leaves them
out at random: tables lay out whole pages there, and few of today's pages teach that."""
SHIPPED = "body.npz"
_ZIP = b"PK"
LAYERS = ("near_weights", "near_bias", "far_weights", "far_bias", "out_weights", "out_bias")
ARRAYS = ("names", "words", "dense", "bias", *LAYERS)
"""What a file holds. Several networks that were trained from different seeds stand side by side in the first four,
one behind the other in `LAYERS`; their probabilities are averaged."""
THREAD_SETTINGS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
"""Whoever sets one of these has the number of threads that it says."""
_CHECK_OWN = "check the path, or make the file anew with `python -m training`"
_REINSTALL = "reinstall newsscraper"


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A trained classifier of blocks."""

    vocabulary: dict[str, int]
    """Word of markup, or `<tag>`, to its row in `names`."""
    text_vocabulary: dict[str, int]
    """Word of a short block to its row in `words`."""
    columns: tuple[str, ...]
    """The features that the rows of `dense` are for."""
    names: tuple[Array, ...]
    """Words x width, three times: as a name of the block's container, of the one around it, of those further out."""
    words: Array
    """Words x width."""
    dense: Array
    bias: Array
    layers: Layers
    about: Mapping[str, Any]
    """Provenance: what it was trained on, when, how well it did; and the calibration of the confidence."""
    digest: str
    """`sha256:` and the file's digest, shortened."""
    repair: str
    """What to do where it does not fit: another thing for a file of one's own than for the package's."""

    def probabilities(self, features: Features) -> Array:
        """Blocks x `KINDS`. Raises `ModelError` where the features are not those it was trained on."""
        if features.columns != self.columns:
            what = f"{self.digest} was made for other features than this version reads"
            raise ModelError(f"the model cannot be read ({what}): {self.repair}")
        _keep_to_one_thread()
        first = features.dense @ self.dense + self.bias
        if features.share_in_cells < LAID_OUT_BY_TABLES:
            first += self._name_layer(features)
        self._add_words(first, features.words)
        return self.layers.probabilities(first, Pools(features.tree, features.letters))

    def _name_layer(self, features: Features) -> Array:
        """What the names of the containers around each block add to the first layer."""
        innermost, block_rows = find_distinct(features.tree.container)
        around = [innermost]
        while len(around) < NAME_LEVELS:
            around.append(features.tree.parent[around[-1]])
        seen, rows = find_distinct(np.concatenate(around))
        number_of: dict[tuple[str, frozenset[str]], int] = {}
        called = [(c.tag, c.words) for c in map(features.containers.__getitem__, seen.tolist())]
        numbers = np.array([number_of.setdefault(names, len(number_of)) for names in called], np.intp)
        rows = numbers[rows].reshape(NAME_LEVELS, -1)
        named = [block for block in features.blocks if block.inline_words]
        inline = np.array([number_of.setdefault(("", b.inline_words), len(number_of)) for b in named], np.intp)
        bags = read_bags(self.vocabulary, [(f"<{tag}>", *words) for tag, words in number_of])
        own, near, far = self.names
        of_container = _pick_sums(own, bags, rows[0]) + _pick_sums(near, bags, rows[1])
        chosen, places = find_distinct(rows[2:].ravel())
        vectors = bags.sum_rows(far, chosen)
        for weight, row in zip(DECAY, places.reshape(len(DECAY), -1), strict=True):
            of_container += (np.float32(weight) * vectors).take(row, axis=0)
        added = of_container.take(block_rows, axis=0)
        if named:
            added[[block.index for block in named]] += _pick_sums(own, bags, inline)
        return added

    def _add_words(self, first: Array, words: list[set[str]]) -> None:
        """Adds to each block's row the vectors of its words."""
        first += read_bags(self.text_vocabulary, words).sum_rows(self.words, np.arange(len(words)))


def _pick_sums(table: Array, bags: Bags, rows: Indices) -> Array:
    """For each of `rows`, which say which bag, the sum of the table's rows that are in it."""
    chosen, places = find_distinct(rows)
    return bags.sum_rows(table, chosen).take(places, axis=0)


@cache
def _keep_to_one_thread() -> None:
    """From the first page on, NumPy's linear algebra has one thread in this process, unless the environment says more.

    Matrices of a page's size are too small to share: more threads wait for each other, on every core there is. Setting
    and restoring it for each page wakes them all each time, which costs more than the page.
    """
    if not any(name in os.environ for name in THREAD_SETTINGS):
        ThreadpoolController().limit(limits=1, user_api="blas")


def load_model(path: Path | str) -> Model:
    """A model of one's own. Raises `ModelError` where the file is missing, damaged, or made for another version."""
    return _load(Path(path), _CHECK_OWN)


@cache
def shipped_model() -> Model:
    """The model that comes with the package. Raises `ModelError` as `load_model` does."""
    return _load(files(__package__).joinpath(SHIPPED), _REINSTALL)


def _load(file: Path | Traversable, repair: str) -> Model:
    try:
        return _read_model(file.read_bytes(), repair)
    except OSError as error:
        raise ModelError(f"{file}: the model cannot be read ({error.strerror or error}): {repair}") from error
    except _UnfitError as error:
        raise ModelError(f"{file}: the model cannot be read ({error}): {repair}") from error


class _UnfitError(Exception):
    """What is wrong with a file's content."""


def _read_arrays(data: bytes) -> tuple[Any, dict[str, Array]]:
    """What the file says of itself, and its arrays. Raises `_UnfitError`."""
    if not data.startswith(_ZIP):
        raise _UnfitError("it is no model file" if data else "it is empty")
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            return json.loads(str(file["about"])), {array: file[array].astype(np.float32) for array in ARRAYS}
    except Exception as error:  # a damaged archive breaks zipfile, zlib, NumPy or what is made of their answer
        raise _UnfitError("it is damaged, or no model file") from error


def _read_model(data: bytes, repair: str) -> Model:
    """Raises `_UnfitError`."""
    about, arrays = _read_arrays(data)
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise _UnfitError("it is of a format that this version does not read")
    _check_about(about)
    _check_shapes(about, arrays)
    return Model(
        vocabulary={word: row for row, word in enumerate(about["vocabulary"])},
        text_vocabulary={word: row for row, word in enumerate(about["text_vocabulary"])},
        columns=tuple(about["columns"]),
        names=tuple(map(np.ascontiguousarray, np.split(arrays["names"], 3, axis=1))),
        words=arrays["words"],
        dense=arrays["dense"],
        bias=arrays["bias"],
        layers=Layers(**{layer: arrays[layer] for layer in LAYERS}),
        about=about,
        digest="sha256:" + hashlib.sha256(data).hexdigest()[:16],
        repair=repair,
    )


def _check_about(about: dict[str, Any]) -> None:
    """Raises `_UnfitError` where what the file says of itself is not what reading a page with it takes."""
    words = [about.get(key) for key in ("vocabulary", "text_vocabulary", "columns")]
    votes, calibration = about.get("votes"), about.get("confidence", [])
    sound = {
        "vocabulary and columns": all(
            isinstance(some, list) and all(isinstance(w, str) for w in some) for some in words
        ),
        "kinds": about.get("kinds") == list(KINDS),
        "votes": isinstance(votes, dict) and NETWORK in votes and _are_numbers(votes.values()),
        "confidence": isinstance(calibration, list)
        and len(calibration) in (0, len(SIGNS) + 1)
        and _are_numbers(calibration),
    }
    wrong = ", ".join(part for part, is_sound in sound.items() if not is_sound)
    if wrong:
        raise _UnfitError(f"its {wrong} are missing, or not what this version reads")


def _are_numbers(values: Iterable[object]) -> bool:
    return all(isinstance(value, (int, float)) and math.isfinite(value) for value in values)


def _check_shapes(about: dict[str, Any], arrays: dict[str, Array]) -> None:
    """Raises `_UnfitError` where the arrays do not fit each other or the vocabulary, or hold what is no number."""
    width = arrays["bias"].size
    members = len(arrays["out_bias"])
    hidden = width // max(1, members)
    around = SURROUNDINGS * hidden
    expected = {
        "names": (len(about.get("vocabulary", ())), 3 * width),
        "words": (len(about.get("text_vocabulary", ())), width),
        "dense": (len(about.get("columns", ())), width),
        "bias": (members * hidden,),
        "near_weights": (members, around, hidden),
        "near_bias": (members, hidden),
        "far_weights": (members, around, hidden),
        "far_bias": (members, hidden),
        "out_weights": (members, 2 * hidden, len(KINDS)),
        "out_bias": (members, len(KINDS)),
    }
    for array, shape in expected.items():
        if arrays[array].shape != shape:
            raise _UnfitError(f"its {array} are {arrays[array].shape}, expected {shape}")
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise _UnfitError("its weights are not all finite numbers")


def write_model(path: Path, arrays: Mapping[str, Array], about: Mapping[str, Any]) -> None:
    """Writes a model, the same bytes for the same model: a zip with a fixed time in it, arrays in half precision."""
    with zipfile.ZipFile(path, "w") as archive:
        stored = {name: arrays[name].astype(np.float16) for name in ARRAYS}
        text = json.dumps({"format": FORMAT, **about}, ensure_ascii=False, sort_keys=True)
        for name, array in {"about": np.array(text), **stored}.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (2000, 1, 1, 0, 0, 0)), buffer.getvalue())
