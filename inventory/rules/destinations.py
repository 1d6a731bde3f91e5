"""Which marketplace a shipment belongs to: whose word wins. Pure.

v0 gives only the fulfilment centre, and does not filter by marketplace. A German plan is
regularly sent to centres in Poland or the Czech Republic, so the plan outranks the address.
"""

from collections.abc import Iterable

#: Who may say it, the strongest first.
SOURCES = ("user", "plan", "centre", "fc", "country", "primary")
#: Marked as guesses, and decided again when more is known.
GUESSES = frozenset({"fc", "country", "primary"})


def marketplace_of(
    *,
    primary: str,
    user: str = "",
    plan: str = "",
    centre: str = "",
    fc: str = "",
    country: str = "",
) -> tuple[str, str]:
    """Return the marketplace id and who said so; each argument is a marketplace id or empty.

    ``user`` is a person's word on the shipment, ``centre`` one on its fulfilment centre, ``fc``
    what was learned of the centre.
    """
    words = {
        "user": user,
        "plan": plan,
        "centre": centre,
        "fc": fc,
        "country": country,
        "primary": primary,
    }
    return next(
        (words[source], source) for source in SOURCES if words[source] or source == "primary"
    )


def learned(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return fulfilment centre -> marketplace id where all ``pairs`` known of it agree.

    ``pairs`` are (centre, marketplace id) of shipments whose marketplace is no guess.
    """
    heard: dict[str, set[str]] = {}
    for centre, marketplace_id in pairs:
        if centre and marketplace_id:
            heard.setdefault(centre, set()).add(marketplace_id)
    return {centre: ids.pop() for centre, ids in heard.items() if len(ids) == 1}
