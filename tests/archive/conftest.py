"""The environment that archives are replayed in: pywb and Scrapy cannot share one."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).with_name("replay.txt")


@pytest.fixture(scope="session")
def replay_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of the environment that `make install` makes beside the tests' own; or else of a new one."""
    made = Path(sys.prefix) / "replay" / "bin" / "python"
    if made.exists():
        return made
    folder = tmp_path_factory.mktemp("replay")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", REQUIREMENTS]
    subprocess.run(install, check=True, timeout=300)
    return python
