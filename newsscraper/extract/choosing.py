"""Which weights pages are read with: a file of one's own, or those of the package; tried before they are used."""

from __future__ import annotations

from pathlib import Path

from newsscraper.errors import ModelError
from newsscraper.extract.core import find_story
from newsscraper.extract.learned.model import Model, load_model, shipped_model
from newsscraper.extract.reading import read_page

_TRIAL = "<h1>A headline to try</h1><p>One line of text below it.</p>"


def choose_model(path: Path | str | None = None) -> Model:
    """The weights in a file, or the package's where none is named.

    They have read one line by then, so that weights of another version are told at once and not with each page. Raises
    `ModelError` where they are missing, damaged, or do not fit.
    """
    model = load_model(path) if path else shipped_model()
    try:
        find_story(read_page(_TRIAL), model=model)
    except ModelError as error:
        raise ModelError(f"{path or 'the package'}: {error}") from error
    return model
