"""The README tells the truth: every variable of the server, every file it points to."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_every_variable_is_told() -> None:
    config = (ROOT / "config.py").read_text()
    read = set(re.findall(r'_env\("([A-Z_]+)"', config))
    read |= {f"SPAPI_ENDPOINT_{region}" for region in ("NA",)} | {"SELLER_CENTRAL_URL_<COUNTRY>"}

    told = set(re.findall(r"`([A-Z_]+(?:<COUNTRY>)?)`", README))

    assert len(read) > 15
    assert read <= told
    assert told - read <= {"_EU", "_FE"}


def test_every_place_it_names_is_there() -> None:
    table = README.partition("## Find it in a minute")[2]
    places = re.findall(r"`([a-z_]+/[\w./<>]*|\w+\.py)`", table)

    assert len(places) > 10
    assert [one for one in places if "<" not in one and not (ROOT / one).exists()] == []
