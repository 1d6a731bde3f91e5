"""The words in a row's ``flags``: what a person should look at. Pure.

A word may carry a value after a colon: "went_back:WORKING". Each part of the sync owns some
words, and replaces those alone.
"""

from collections.abc import Collection, Iterable

LIMIT = 200
#: Word -> what to tell when it comes, in the words of its badge, and when it goes.
SENTENCES = {
    "amazon_error": ("Amazon reports an error", "Amazon no longer reports an error"),
    "unknown_status": ("Status unknown to us", "Status known again"),
    "went_back": ("Amazon went back", "Amazon no longer back"),
    "source_missing": ("Source missing", "Source no longer missing"),
    "conflicting": ("Amazon contradicts itself", "Amazon no longer contradicts itself"),
    "lines_cut": ("Lines incomplete", "Lines complete"),
    "unknown_sku": ("SKU not in the catalogue", "All SKUs in the catalogue"),
    "sync_off": ("Inbound sync is off", "Inbound sync is on"),
    "marketplace_guess": ("Marketplace is a guess", "Marketplace no longer a guess"),
    "looks_like": ("Looks like an order of yours", "No longer like an order of yours"),
    "fee_currency": ("No exchange rate", "Exchange rate known"),
}


def words(flags: str) -> list[str]:
    """Return the words of ``flags``."""
    return [word for word in flags.split(",") if word]


def has(flags: str, name: str) -> bool:
    """Return whether the word ``name`` is there, whatever its value."""
    return any(word.partition(":")[0] == name for word in words(flags))


def replaced(flags: str, owned: Collection[str], new: Iterable[str]) -> str:
    """Return ``flags`` with the words named in ``owned`` gone and the ``new`` ones in.

    The result is sorted, so that equal sets are equal texts.
    """
    kept = {word for word in words(flags) if word.partition(":")[0] not in owned}
    text = ",".join(sorted(kept | {word for word in new if word}))
    return text if len(text) <= LIMIT else text[:LIMIT].rpartition(",")[0]
