"""Every template compiles, says what it needs, and holds no script, style or unescaped text."""

import re
from pathlib import Path

import pytest
from flask import Flask

FOLDER = Path(__file__).parents[2] / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
PARTIALS = [name for name in TEMPLATES if name.rpartition("/")[2].startswith("_")]


@pytest.mark.parametrize("name", TEMPLATES)
def test_compiles(app: Flask, name: str) -> None:
    assert app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", PARTIALS)
def test_a_partial_says_what_it_needs(name: str) -> None:
    first = (FOLDER / name).read_text().partition("\n")[0]

    assert re.match(r"\{# Needs: .+ #\}$", first), first


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_inline_style_or_script(name: str) -> None:
    text = (FOLDER / name).read_text()

    inline = r"\sstyle=|\son(?!ce)[a-z]+=|<script(?![^>]*\ssrc=)|<style|javascript:"

    assert re.findall(inline, text) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_text_is_left_unescaped_in_macros_alone(name: str) -> None:
    text = (FOLDER / name).read_text()

    assert name.startswith("macros/") or not re.search(r"\|\s*safe|autoescape false", text)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_whole_page_names_its_icon(name: str) -> None:
    text = (FOLDER / name).read_text()

    # A browser that is told of none asks for /favicon.ico, which nobody serves.
    assert "<html" not in text or '<link rel="icon"' in text
