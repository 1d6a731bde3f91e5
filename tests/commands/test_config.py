"""The environment: what is empty is not given, what is no number is named."""

from pathlib import Path

import pytest

import config


def test_empty_values_count_as_not_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PORT", "HOST", "LWA_TOKEN_URL", "SPAPI_ENDPOINT_NA", "RATES_URL"):
        monkeypatch.setenv(name, "")

    loaded = config.load(INSTANCE=tmp_path)

    assert (loaded["PORT"], loaded["HOST"]) == (8000, "127.0.0.1")
    assert loaded["LWA_TOKEN_URL"] == "https://api.amazon.com/auth/o2/token"
    assert loaded["SPAPI_ENDPOINTS"]["NA"] == "https://sellingpartnerapi-na.amazon.com"
    assert loaded["RATES_URL"] == ""


@pytest.mark.parametrize("name", ["PORT", "TRUSTED_PROXIES"])
def test_what_is_no_number_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv(name, "many")

    with pytest.raises(SystemExit, match=f"^{name} must be a number, not 'many'.$"):
        config.load(INSTANCE=tmp_path)
