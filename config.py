"""Every environment variable and its default. No other file reads the environment."""

import os
import secrets
from pathlib import Path
from typing import Any

from dotenv import load_dotenv

ROOT = Path(__file__).parent
INSTANCE = ROOT / "instance"
VERSION = "0.1.0"
LWA_TOKEN_URL = "https://api.amazon.com/auth/o2/token"
ENDPOINTS = {
    region: f"https://sellingpartnerapi-{region.lower()}.amazon.com"
    for region in ("NA", "EU", "FE")
}
ECB_RATES = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"

#: Bytes of a request, and of its form: an order of 2,000 lines with long SKUs.
LIMITS = {"MAX_CONTENT_LENGTH": 4 * 1024 * 1024, "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024}


def load(**overrides: Any) -> dict[str, Any]:
    """Return the configuration: the environment and ``.env``, then ``overrides``.

    Makes the instance folder and, on first start, the two keys kept there (mode 0600).
    """
    load_dotenv(ROOT / ".env")
    instance = Path(overrides.get("INSTANCE") or _env("INSTANCE_PATH") or INSTANCE)
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    token_key = _env("TOKEN_ENCRYPTION_KEY")
    public_url = _env("PUBLIC_URL").rstrip("/")
    return {
        "VERSION": VERSION,
        "INSTANCE": instance,
        "SQLALCHEMY_DATABASE_URI": database_url(_env("DATABASE_URL"), instance),
        "SECRET_KEY": _env("SECRET_KEY") or kept_secret(instance / "secret-key"),
        "TOKEN_ENCRYPTION_KEY": token_key or kept_secret(instance / "token-encryption-key"),
        "IS_TOKEN_KEY_GIVEN": bool(overrides.get("TOKEN_ENCRYPTION_KEY", token_key)),
        "HOST": _env("HOST", "127.0.0.1"),
        "PORT": _number("PORT", _env("PORT", "8000")),
        "LWA_CLIENT_ID": _env("LWA_CLIENT_ID"),
        "LWA_CLIENT_SECRET": _env("LWA_CLIENT_SECRET"),
        "SPAPI_APP_ID": _env("SPAPI_APP_ID"),
        "PUBLIC_URL": public_url,
        "TRUSTED_PROXIES": _number("TRUSTED_PROXIES", _env("TRUSTED_PROXIES", "0")),
        "RATES_URL": _env("RATES_URL", ECB_RATES, may_be_empty=True),  # empty: no rates
        "SMTP_URL": _env("SMTP_URL"),
        "MAIL_FROM": _env("MAIL_FROM"),
        "LWA_TOKEN_URL": _env("LWA_TOKEN_URL", LWA_TOKEN_URL),
        "SPAPI_ENDPOINTS": {
            region: _env(f"SPAPI_ENDPOINT_{region}", url) for region, url in ENDPOINTS.items()
        },
        "SELLER_CENTRAL_URLS": _by_suffix("SELLER_CENTRAL_URL_"),
        "JOBS_ENABLED": _env("JOBS_ENABLED", "1") == "1",
        "TIMEZONE": _env("TIMEZONE", "UTC"),
        **_cookie(over_tls=public_url.startswith("https://")),
        "WTF_CSRF_TIME_LIMIT": None,  # lives as long as the session, which has its own limits
        "PAGES_KEPT": 128,  # lists kept drawn until data changes, some 50 kB each; 0: none
        **LIMITS,
        **overrides,
    }


def _cookie(*, over_tls: bool) -> dict[str, Any]:
    return {
        "SESSION_COOKIE_NAME": "__Host-session" if over_tls else "session",
        "SESSION_COOKIE_SECURE": over_tls,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "OVER_TLS": over_tls,
    }


def database_url(url: str, instance: Path) -> str:
    """Return ``url`` with a relative SQLite path made absolute (from the folder of app.py)."""
    url = url or f"sqlite:///{instance / 'stockbridge.db'}"
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    prefix = "sqlite:///"
    if not url.startswith(prefix) or url == prefix or ":memory:" in url:
        return url
    path = ROOT / url.removeprefix(prefix)
    path.parent.mkdir(parents=True, exist_ok=True)
    return prefix + str(path)


def kept_secret(path: Path) -> str:
    """Return the secret in ``path``, made on first use; readable by its owner only."""
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
    except FileExistsError:
        pass
    return path.read_text().strip()


def _env(name: str, default: str = "", *, may_be_empty: bool = False) -> str:
    """An empty value counts as none: ``NAME=`` is how people leave a line of ``.env`` blank."""
    given = os.environ.get(name, default)
    return given if may_be_empty else given or default


def _number(name: str, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise SystemExit(f"{name} must be a number, not {value!r}.") from None


def _by_suffix(prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): value
        for name, value in os.environ.items()
        if name.startswith(prefix) and value
    }
