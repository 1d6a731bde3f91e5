"""The direction of imports, kept by a test: each room may import only what is listed for it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = {
    "app", "config", "extensions", "blueprints", "inventory", "amazon", "jobs", "commands",
    "simulator", "bench", "tests",
}  # fmt: skip
MAY_IMPORT: dict[str, set[str]] = {
    "amazon": set(),
    "simulator": set(),
    "inventory/rules": set(),
    "inventory/models": {"extensions", "inventory.rules"},
    "inventory/services": {"extensions", "amazon", "inventory.models", "inventory.rules"},
    "jobs": {"extensions", "amazon", "inventory"},
    "commands": {"extensions", "amazon", "inventory", "jobs"},
    "blueprints": {"extensions", "inventory"},
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_room_imports_only_what_it_may(room: str) -> None:
    allowed = MAY_IMPORT[room] | {room.replace("/", ".")}

    strays = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / room).rglob("*.py"))
        for name in imports(path)
        if name.split(".")[0] in OURS
        and not any(name == ok or name.startswith(ok + ".") for ok in allowed)
    ]

    assert strays == []


def test_only_config_reads_the_environment() -> None:
    rooms = [ROOT / room for room in MAY_IMPORT if room not in ("simulator",)]
    files = [*(path for room in rooms for path in room.rglob("*.py")), ROOT / "app.py"]

    readers = [path for path in files if re.search(r"os\.environ|getenv", path.read_text())]

    assert readers == []


def test_the_simulator_is_imported_by_the_factory_alone() -> None:
    rooms = [ROOT / room for room in MAY_IMPORT if room != "simulator"]

    importers = [
        path
        for room in rooms
        for path in room.rglob("*.py")
        if any(name.split(".")[0] == "simulator" for name in imports(path))
    ]

    assert importers == []
