"""Files, functions and templates stay short enough to be read at one sitting."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE, FUNCTION, TEMPLATE = 250, 40, 80
ROOMS = ("amazon", "bench", "blueprints", "commands", "inventory", "jobs", "simulator", "static")


def files() -> Iterator[Path]:
    yield from sorted(ROOT.glob("*.py"))
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


def too_long(paths: Iterator[Path], limit: int) -> dict[str, int]:
    lengths = {path: len(path.read_text().splitlines()) for path in paths}
    return {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > limit}


def test_no_file_is_too_long() -> None:
    assert len(list(files())) > 150
    assert too_long(files(), FILE) == {}


def test_no_template_is_too_long() -> None:
    assert too_long((ROOT / "templates").rglob("*.html"), TEMPLATE) == {}


def test_no_function_is_too_long() -> None:
    long = {}
    for path in files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION:
                    long[f"{path.relative_to(ROOT)}: {node.name}"] = lines

    assert long == {}
