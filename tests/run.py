"""``make test``: lint-free suites in turn — SQLite, Postgres, browser — each of which must run.

Prints one closing line in the end: what passed and what failed, over all suites.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
COUNT = re.compile(r"(\d+) (passed|failed|error|errors|skipped)\b")


def main() -> int:
    soak = "--soak" in sys.argv
    browser = find_browser()
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    broken = False
    for name, arguments, extra in suites(soak, browser):
        print(f"\n=== {name}", flush=True)  # noqa: T201
        code, counts = run(arguments, extra)
        broken |= code != 0 or counts["passed"] == 0
        for word in totals:
            totals[word] += counts[word]
    line = f"{totals['passed']} passed, {totals['failed']} failed, {totals['skipped']} skipped"
    print(f"\n{line}")  # noqa: T201
    return 1 if broken else 0


def suites(soak: bool, browser: str) -> list[tuple[str, list[str], dict[str, str]]]:
    counts = {"SOAK": "1"} if soak else {}
    # One more than the cores there must be: some tests wait for another process to take over.
    parallel = ["-n", "3", "-q"]
    chosen = ["-m", "soak and not browser"] if soak else ["-m", "not browser"]
    if soak:
        chosen.append("-rP")  # says how many kills met a running sync, and the seed
    at = "tests/browser"
    # What knows no database runs once, with SQLite.
    with_database = [f"tests/{room}" for room in ("services", "blueprints", "jobs", "commands")]
    return [
        ("units and SQLite", [*parallel, *chosen], {"TEST_DATABASE": "sqlite", **counts}),
        (
            "Postgres",
            [*parallel, *chosen, *with_database, "tests/guards"],
            {"TEST_DATABASE": "postgres", **counts},
        ),
        (
            "browser",
            # One installation for all, told as one story: what is made later is not there yet.
            ["-q", "-p", "no:randomly", "-m", f"browser and {'' if soak else 'not '}soak", at],
            {"TEST_BROWSER": browser, **counts},
        ),
    ]


def run(arguments: list[str], extra: dict[str, str]) -> tuple[int, dict[str, int]]:
    """Run pytest, showing what it says, and return its exit code and counts."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=ROOT,
        env={**os.environ, **extra},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    last = ""
    for line in process.stdout:
        print(line, end="", flush=True)  # noqa: T201
        last = line if COUNT.search(line) else last
    found = {word: int(count) for count, word in COUNT.findall(last)}
    failed = sum(found.get(word, 0) for word in ("failed", "error", "errors"))
    counts = {word: found.get(word, 0) for word in ("passed", "skipped")} | {"failed": failed}
    return process.wait(), counts


def find_browser() -> str:
    """Return a Chromium's path: the machine's, else from the package manager, else Playwright's."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    for install in (None, _from_packages, _from_playwright):
        if install:
            install()
        if found := next(filter(None, map(shutil.which, names)), None):
            return found
    return ""  # Playwright's own, in the place it knows


def _from_packages() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False)


def _from_playwright() -> None:
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


if __name__ == "__main__":
    sys.exit(main())
