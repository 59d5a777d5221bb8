"""newsscraper batch on Slurm by dask-jobqueue: python deploy/slurm_dask.py JOBS PATH ... --into FOLDER

Starts a Dask scheduler here, has Slurm start JOBS jobs of workers, and gives them the batch: docs/machines.md.
"""

import subprocess
import sys

from dask_jobqueue import SLURMCluster

INSTALLED = "/opt/newsscraper/bin"
BOUNDS = ("--page-memory", "1200")
"""Megabytes a worker: a page that takes more costs itself, and not the job that it runs in."""


def main(jobs: int, words: list[str]) -> int:
    """The batch by so many jobs, and its exit code."""
    with SLURMCluster(
        cores=4,
        processes=1,
        memory="6GB",
        walltime="24:00:00",
        python=f"{INSTALLED}/python",
        job_extra_directives=["--requeue"],
    ) as cluster:
        cluster.scale(jobs=jobs)
        command = [f"{INSTALLED}/newsscraper", "batch", *words, *BOUNDS, "--scheduler", cluster.scheduler_address]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
