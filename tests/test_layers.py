"""Imports run one way, downwards only, and name only what is installed with the package."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "newsscraper"
LAYERS = (
    {"story", "record", "errors", "memory"},
    {"sites"},
    {"extract"},
    {"store", "explain"},
    {"crawl", "batch", "corpus"},
    {"cli", "__main__"},
)
"""From the bottom up. Parts of one layer do not import each other, but for the leaves, which may."""
FACADE = "extract"
"""`from newsscraper import extract, Story`: the package's own names stand where this part stands."""
OUTSIDE = {"benchmarks", "training", "tests", "demo", "tools"}
DEMO = "newsscraper_demo"
IMPURE = {"socket", "ssl", "subprocess", "http", "sqlite3", "threading", "multiprocessing", "asyncio", "concurrent"}
PART_OF = {"twisted": "scrapy", "itemadapter": "scrapy"}
"""Libraries whose types another one hands to its callers, and which come and go with it."""
DEVELOPMENT_EXTRAS = {"test", "dev", "bench"}


@dataclass(frozen=True)
class Import:
    file: Path
    line: int
    module: str
    """Absolute dotted name, of the module rather than of the names taken from it where that can be told."""
    at_start: bool
    """Runs when the file is imported: neither in a function nor for the type checker only."""

    @property
    def top(self) -> str:
        return self.module.split(".")[0]

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line} imports {self.module}"


def read_imports(file: Path, package: str) -> list[Import]:
    """All imports of a file, wherever they stand."""
    tree = ast.parse(file.read_bytes(), str(file))
    late = {id(node) for block in find_late_blocks(tree) for node in ast.walk(block)}
    return [
        Import(file, node.lineno, module, id(node) not in late)
        for node in ast.walk(tree)
        for module in name_modules(node, file, package)
    ]


def find_late_blocks(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        is_for_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if is_for_types or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node


def name_modules(node: ast.AST, file: Path, package: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = name_base(node, file, package)
        return [f"{base}.{alias.name}" for alias in node.names] if base == package else [base]
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
        return [arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    return []


def name_base(node: ast.ImportFrom, file: Path, package: str) -> str:
    if not node.level:
        return node.module or ""
    folder = (package, *file.relative_to(ROOT).parent.parts[1:])
    parent = folder[: len(folder) - node.level + 1]
    return ".".join([*parent, *([node.module] if node.module else [])])


def part_of(file: Path) -> str:
    """`crawl` for `newsscraper/crawl/spiders/news.py`, `story` for `newsscraper/story.py`."""
    return file.relative_to(ROOT / PACKAGE).parts[0].removesuffix(".py")


def imported_part(imported: Import) -> str | None:
    """The part of the package that an import leads to; None for another package, or for the version."""
    names = imported.module.split(".")
    if names[0] != PACKAGE or names[1:] == ["__version__"]:
        return None
    return names[1] if len(names) > 1 and names[1] in RANKS else FACADE


RANKS = {part: rank for rank, parts in enumerate(LAYERS) for part in parts}
FILES = sorted((ROOT / PACKAGE).rglob("*.py"))


@pytest.fixture(scope="module")
def imports() -> list[Import]:
    """All of the package."""
    return [imported for file in FILES for imported in read_imports(file, PACKAGE)]


def read_project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def fold_name(requirement: str) -> str:
    """The distribution of a requirement, in the spelling that compares."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s<>=!~\[;]", requirement, maxsplit=1)[0]).lower()


def test_every_part_has_a_layer() -> None:
    parts = {part_of(file) for file in FILES} - {"__init__"}
    assert parts == set(RANKS), "give a new part its layer here and in ARCHITECTURE.md"


def test_imports_run_downwards(imports: list[Import]) -> None:
    wrong = []
    for imported in imports:
        own, other = part_of(imported.file), imported_part(imported)
        if own == "__init__" or other is None or other == own:
            continue
        is_leaf_to_leaf = RANKS[own] == RANKS[other] == 0
        if RANKS[other] >= RANKS[own] and not is_leaf_to_leaf and not (own == "__main__" and other == "cli"):
            wrong.append(str(imported))
    assert wrong == []


def test_only_the_crawl_imports_scrapy(imports: list[Import]) -> None:
    scrapy = [imported for imported in imports if PART_OF.get(imported.top, imported.top) == "scrapy"]
    assert [str(imported) for imported in scrapy if part_of(imported.file) != "crawl"] == []
    assert scrapy


def test_the_package_does_not_know_what_stands_beside_it(imports: list[Import]) -> None:
    assert [str(imported) for imported in imports if imported.top in OUTSIDE] == []
    demo = [imported for imported in imports if imported.top == DEMO]
    assert {imported.file.relative_to(ROOT).as_posix() for imported in demo} == {"newsscraper/cli/demo.py"}
    assert [str(imported) for imported in demo if imported.at_start] == []


def test_the_core_does_no_input_or_output(imports: list[Import]) -> None:
    core = [imported for imported in imports if part_of(imported.file) == "extract"]
    assert [str(i) for i in core if i.top in IMPURE or i.module == "urllib.request"] == []


def test_every_library_is_declared(imports: list[Import]) -> None:
    project = read_project()
    declared = {fold_name(requirement) for requirement in project["dependencies"]}
    extras = {
        fold_name(requirement)
        for extra, requirements in project["optional-dependencies"].items()
        if extra not in DEVELOPMENT_EXTRAS
        for requirement in requirements
    }
    distributions = packages_distributions()
    demo = [imported for file in (ROOT / "demo").rglob("*.py") for imported in read_imports(file, DEMO)]
    wrong = []
    for imported in [*imports, *demo]:
        if imported.top in sys.stdlib_module_names or imported.top in (PACKAGE, DEMO):
            continue
        allowed = declared if imported.at_start else declared | extras
        library = PART_OF.get(imported.top, imported.top)
        if not allowed & {fold_name(name) for name in distributions.get(library, [library])}:
            wrong.append(str(imported))
    assert wrong == []


def test_every_library_has_a_line_in_the_architecture() -> None:
    project = read_project()
    requirements = [*project["dependencies"], *(r for some in project["optional-dependencies"].values() for r in some)]
    rows = [line for line in (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    told = {fold_name(name) for row in rows for name in re.findall(r"[\w.-]+", "|".join(row.split("|")[1:3]))}
    assert {fold_name(requirement) for requirement in requirements} - told - {PACKAGE} == set()


@pytest.mark.parametrize("module", ["newsscraper", "newsscraper.cli", "newsscraper.batch", "newsscraper.corpus"])
def test_scrapy_is_not_loaded_where_nothing_is_crawled(module: str) -> None:
    code = f"import {module}, sys; print('scrapy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, timeout=60, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
