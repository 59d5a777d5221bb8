"""The weights that a crawl reads pages with: named by a setting, read once, before anything is asked."""

from __future__ import annotations

import os
from functools import cache

from scrapy.settings import BaseSettings

from newsscraper.errors import InputError, ModelError
from newsscraper.extract import Model, choose_model
from newsscraper.sites.checks import shown

SETTING = "NEWSSCRAPER_MODEL"


def read_model(settings: BaseSettings) -> Model:
    """The weights in the file that the setting names; those of the package where it names none.

    Raises `ModelError` where they cannot be used, `InputError` where the setting is no path.
    """
    path = model_file(settings)
    try:
        return _load(path)
    except ModelError as error:
        raise ModelError(f"{SETTING}: {error}" if path else str(error)) from error


def model_file(settings: BaseSettings) -> str:
    """The absolute path that the setting gives; empty where it names none. Raises `InputError`."""
    path = settings.get(SETTING) or ""
    if not isinstance(path, (str, os.PathLike)):
        raise InputError(f"{SETTING}: expected the path of a file, got {shown(path)}")
    return os.path.abspath(path) if path else ""


@cache
def _load(path: str) -> Model:
    """One copy for all spiders of a process, whatever becomes of the file meanwhile."""
    return choose_model(path or None)
