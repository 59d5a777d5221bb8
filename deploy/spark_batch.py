"""newsscraper batch on Spark: spark-submit deploy/spark_batch.py SHARDS PATH ... --into FOLDER

Each Spark task does one shard by the command itself. docs/machines.md says more.
"""

import subprocess
import sys

from pyspark.sql import SparkSession

NEWSSCRAPER = "/opt/newsscraper/bin/newsscraper"
PAGES_HAD_FAULTS = 1


def do_shard(shard: str, words: list[str]) -> None:
    """On an executor. What it raises has Spark try the shard again, elsewhere perhaps."""
    command = [NEWSSCRAPER, "batch", *words, "--shard", shard, "--workers", "1", "--quiet"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode not in (0, PAGES_HAD_FAULTS):
        raise RuntimeError(f"shard {shard} ended with {done.returncode}: {done.stderr[-2000:]}")


def main(count: int, words: list[str]) -> int:
    """All shards; then the exit code of the command that sums up."""
    spark = SparkSession.builder.appName("newsscraper batch").getOrCreate()
    shards = [f"{number}/{count}" for number in range(1, count + 1)]
    spark.sparkContext.parallelize(shards, count).foreach(lambda shard: do_shard(shard, words))
    spark.stop()
    # Nothing is left to be done, so it sums up, and ends with 1 where pages had faults or parts could not be done.
    return subprocess.run([NEWSSCRAPER, "batch", *words], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
