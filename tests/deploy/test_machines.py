"""Recipes for many machines: what each starts is started, by a stand-in for its engine where the engine is large.

What was tried with the engines themselves, docs/machines.md says.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from newsscraper.cli.batch import batch_command
from tests.crawl.small_site import story_page
from tests.deploy.machines import RECIPES, read_machine_recipe, write_archives
from tests.deploy.recipes import DEPLOY, ROOT, SCRIPTS

SECONDS = 60
DOCUMENT = ROOT / "docs" / "machines.md"
COMMAND = """#!/bin/sh
case "$*" in
  *--list*) cat "{folder}/left" ;;
  *) echo "$*" >> "{folder}/given"; exit "$(cat "{folder}/code")" ;;
esac
"""
ENGINES = {
    "pyspark/sql.py": """
        class _Numbers:
            def __init__(self, values): self.values = values
            def foreach(self, function): [function(value) for value in self.values]
        class _Context:
            def parallelize(self, values, slices): assert slices == len(values); return _Numbers(values)
        class SparkSession:
            sparkContext = _Context()
            class builder:
                appName = staticmethod(lambda name: SparkSession.builder)
                getOrCreate = staticmethod(lambda: SparkSession)
            stop = staticmethod(lambda: None)
        """,
    "ray.py": """
        def remote(**options):
            def wrap(function):
                function.remote = lambda *arguments: lambda: function(*arguments)
                return function
            return wrap
        def init(): pass
        def shutdown(): pass
        def get(calls): return [call() for call in calls]
        """,
    "dask_jobqueue.py": """
        class SLURMCluster:
            scheduler_address = "tcp://here:8786"
            def __init__(self, **options): assert options["python"].endswith("/python")
            def __enter__(self): return self
            def __exit__(self, *_): pass
            def scale(self, jobs): assert jobs == 3
        """,
}
"""As much of each engine as the recipes use: all in this process."""


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """A folder with a `newsscraper` that notes what it was given, and ends with `code`; parts that are `left`."""
    command = tmp_path / "bin" / "newsscraper"
    command.parent.mkdir()
    command.write_text(COMMAND.format(folder=tmp_path), encoding="ascii")
    command.chmod(0o755)
    say(tmp_path)
    return tmp_path


def say(folder: Path, code: int = 0, left: str = "") -> None:
    (folder / "code").write_text(str(code), encoding="ascii")
    (folder / "left").write_text(left, encoding="ascii")


def given(folder: Path) -> list[list[str]]:
    return [shlex.split(line) for line in (folder / "given").read_text(encoding="utf-8").splitlines()]


def run(words: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, env={**os.environ, **environment}, capture_output=True, text=True, timeout=SECONDS, check=False
    )


def run_slurm(folder: Path, recipe: str, number: int = 3, of: int = 8) -> subprocess.CompletedProcess[str]:
    script = folder / "slurm.sbatch"
    script.write_text(recipe, encoding="utf-8")
    slurm = {"SLURM_ARRAY_TASK_ID": str(number), "SLURM_ARRAY_TASK_MAX": str(of), "SLURM_CPUS_PER_TASK": "1"}
    return run(["bash", str(script)], slurm)


def use(recipe: str, folder: Path) -> str:
    """With the stand-in in the command's place."""
    return recipe.replace(str(SCRIPTS / "newsscraper"), str(folder / "bin" / "newsscraper")).replace(
        f'INSTALLED = "{SCRIPTS}"', f'INSTALLED = "{folder / "bin"}"'
    )


def run_pod(folder: Path, index: int = 2) -> subprocess.CompletedProcess[str]:
    container = read_job(folder)["spec"]["template"]["spec"]["containers"][0]
    environment = {each["name"]: each["value"] for each in container["env"]} | {"JOB_COMPLETION_INDEX": str(index)}
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return run([*container["command"], *container["args"]], environment | {"PATH": path})


def read_job(folder: Path) -> dict[str, Any]:
    job: dict[str, Any] = yaml.safe_load(read_machine_recipe("kubernetes.yaml", folder))
    return job


def test_an_array_of_slurm_does_its_shards_with_as_many_workers_as_it_has_cores(stand_in: Path) -> None:
    done = run_slurm(stand_in, use(read_machine_recipe("slurm.sbatch", stand_in), stand_in))
    assert done.returncode == 0, done.stderr
    (words,) = given(stand_in)
    assert words[words.index("--shard") + 1] == "3/8"
    assert words[words.index("--workers") + 1] == "1"


def test_what_an_array_of_slurm_starts_reads_archives(tmp_path: Path) -> None:
    write_archives(tmp_path, {"a.warc.gz": {"https://a.example/1": story_page("A ferry is late")}})
    done = run_slurm(tmp_path, read_machine_recipe("slurm.sbatch", tmp_path), 1, 1)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "stories" / "manifest.json").read_bytes())["counts"] == {"story": 1}


@pytest.mark.parametrize("recipe", ["slurm", "kubernetes"])
@pytest.mark.parametrize(
    ("code", "left", "expected"),
    [(0, "", 0), (1, "", 0), (1, "4\n9\n", 1), (2, "", 2), (137, "", 137)],
    ids=["well", "faults in pages", "parts left", "wrong command", "killed"],
)
def test_a_shard_is_well_where_no_part_is_left(
    stand_in: Path, recipe: str, code: int, left: str, expected: int
) -> None:
    say(stand_in, code, left)
    if recipe == "slurm":
        done = run_slurm(stand_in, use(read_machine_recipe("slurm.sbatch", stand_in), stand_in))
    else:
        done = run_pod(stand_in)
    assert done.returncode == expected, done.stderr
    if left:
        assert "parts that could not be done: 4 9" in done.stderr


@pytest.mark.parametrize("version", ["1.31", "1.37"])
def test_the_job_is_one_that_kubernetes_takes(tmp_path: Path, version: str) -> None:
    job = read_job(tmp_path)
    kubernetes_validate.validate(job, version, strict=True)
    job["spec"]["completionsMode"] = "Indexed"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(job, version, strict=True)


def test_a_pod_does_the_shard_after_its_index_of_as_many_as_there_are_completions(stand_in: Path) -> None:
    job = read_job(stand_in)
    assert run_pod(stand_in, 0).returncode == 0
    assert run_pod(stand_in, job["spec"]["completions"] - 1).returncode == 0
    first, last = ((words[words.index("--shard") + 1]).split("/") for words in given(stand_in))
    assert first == ["1", str(job["spec"]["completions"])]
    assert last == [str(job["spec"]["completions"])] * 2


def run_engine(recipe: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    for name, code in ENGINES.items():
        module = folder / "engines" / name
        module.parent.mkdir(parents=True, exist_ok=True)
        module.write_text("if True:" + code, encoding="ascii")
    script = folder / recipe
    script.write_text(use(read_machine_recipe(recipe, folder), folder), encoding="utf-8")
    return run([sys.executable, str(script), "3", *words], {"PYTHONPATH": str(folder / "engines")})


@pytest.mark.parametrize("recipe", ["spark_batch.py", "ray_batch.py"])
def test_an_engine_does_each_shard_and_the_command_sums_up(stand_in: Path, recipe: str) -> None:
    say(stand_in, code=1)
    done = run_engine(recipe, stand_in, "in", "--into", "out")
    assert done.returncode == 1, "as the command that sums up, which pages had faults for"
    *shards, last = given(stand_in)
    assert [words[words.index("--shard") + 1] for words in shards] == ["1/3", "2/3", "3/3"]
    assert last == ["batch", "in", "--into", "out"]


@pytest.mark.parametrize("recipe", ["spark_batch.py", "ray_batch.py"])
def test_an_engine_is_told_of_a_shard_that_did_not_come_to_its_end(stand_in: Path, recipe: str) -> None:
    say(stand_in, code=137)
    done = run_engine(recipe, stand_in, "in", "--into", "out")
    assert done.returncode != 0
    assert "shard 1/3 ended with 137" in done.stderr


def test_workers_that_slurm_starts_get_the_batch_by_their_scheduler(stand_in: Path) -> None:
    done = run_engine("slurm_dask.py", stand_in, "in", "--into", "out")
    assert done.returncode == 0, done.stderr
    bounds = ["--page-memory", "1200"]
    assert given(stand_in) == [["batch", "in", "--into", "out", *bounds, "--scheduler", "tcp://here:8786"]]


def test_the_document_names_each_recipe_and_the_recipes_options_that_there_are() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    options = {name for option in batch_command.params for name in option.opts}
    for name in RECIPES:
        assert f"(../deploy/{name})" in text
        recipe = (DEPLOY / name).read_text(encoding="utf-8")
        lines = [line for line in recipe.splitlines() if "SBATCH" not in line]
        assert set(re.findall(r"--[a-z][a-z-]*", "\n".join(lines))) - options <= {"--requeue", "--filename"}
