"""newsscraper batch on Ray: python deploy/ray_batch.py SHARDS PATH ... --into FOLDER

Each Ray task does one shard by the command itself. docs/machines.md says more.
"""

import subprocess
import sys

import ray

NEWSSCRAPER = "/opt/newsscraper/bin/newsscraper"
PAGES_HAD_FAULTS = 1


@ray.remote(num_cpus=1, max_retries=5, retry_exceptions=True)
def do_shard(shard: str, words: list[str]) -> None:
    """On a worker. What it raises has Ray try the shard again, and so has a machine that dies."""
    command = [NEWSSCRAPER, "batch", *words, "--shard", shard, "--workers", "1", "--quiet"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode not in (0, PAGES_HAD_FAULTS):
        raise RuntimeError(f"shard {shard} ended with {done.returncode}: {done.stderr[-2000:]}")


def main(count: int, words: list[str]) -> int:
    """All shards; then the exit code of the command that sums up."""
    ray.init()
    ray.get([do_shard.remote(f"{number}/{count}", words) for number in range(1, count + 1)])
    ray.shutdown()
    # Nothing is left to be done, so it sums up, and ends with 1 where pages had faults or parts could not be done.
    return subprocess.run([NEWSSCRAPER, "batch", *words], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
