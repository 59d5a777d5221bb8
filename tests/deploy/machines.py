"""The recipes for many machines, with no more changed than what they say is to be changed, and archives for them."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.deploy.recipes import DEPLOY, INSTALLED, SCRIPTS

SHARED_FOLDER = "/srv/news"
RECIPES = ("slurm.sbatch", "slurm_dask.py", "kubernetes.yaml", "spark_batch.py", "ray_batch.py")


def read_machine_recipe(name: str, folder: Path) -> str:
    """A file of deploy/ for this installation and a folder of the test's."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    return text.replace(INSTALLED, str(SCRIPTS)).replace(SHARED_FOLDER, str(folder))


def write_archives(folder: Path, archives: Mapping[str, Mapping[str, str]]) -> None:
    """Archives as `name -> URL -> page` below `folder/archives`."""
    (folder / "archives").mkdir(parents=True)
    for name, pages in archives.items():
        with (folder / "archives" / name).open("wb") as file:
            writer = WARCWriter(file, gzip=True)
            for url, page in pages.items():
                body = page.encode()
                headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1")
                record = writer.create_warc_record(
                    url, "response", payload=BytesIO(body), length=len(body), http_headers=headers
                )
                writer.write_record(record)
