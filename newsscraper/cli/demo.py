"""`newsscraper demo`: a made-up news site, crawled before your eyes."""

from __future__ import annotations

import click


@click.command("demo")
def demo_command() -> None:
    """Placeholder."""
