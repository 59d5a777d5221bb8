from __future__ import annotations

from collections.abc import Iterator

import pytest
from newsscraper_demo.server import DemoServer
from newsscraper_demo.site import DemoSite


@pytest.fixture(scope="session")
def site() -> DemoSite:
    return DemoSite()


@pytest.fixture
def server(site: DemoSite) -> Iterator[DemoServer]:
    with DemoServer(site) as running:
        yield running
