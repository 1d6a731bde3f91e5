from types import SimpleNamespace
from typing import Any

import pytest

from inventory.rules.settings import DEFAULTS, LEVELS, Setting, resolve

BROAD, NARROW = {"connection": 1, "account": 1, "warehouse": 2}, "warehouse"


def level(**own: Any) -> SimpleNamespace:
    return SimpleNamespace(**{**dict.fromkeys(DEFAULTS), **own})


@pytest.mark.parametrize(
    ("name", "value"),
    [("order_type", "purchase"), ("default_source_id", None), ("pickup_delay_days", 14),
     ("lead_time_days", 14), ("days_of_stock", 30), ("sync_inbound", True), ("sync_fees", False),
     ("import_early", False)],
)  # fmt: skip
def test_the_defaults(name: str, value: Any) -> None:
    assert resolve(name, connection=level(), warehouse=level()) == Setting(value, "default")


@pytest.mark.parametrize(
    ("name", "account", "connection", "warehouse", "value", "source"),
    [
        ("order_type", None, "transfer", None, "transfer", "connection"),
        ("order_type", None, "transfer", "purchase", "purchase", "warehouse"),
        ("order_type", None, "auto", None, "purchase", "connection"),
        ("order_type", None, "transfer", "auto", "purchase", "warehouse"),
        ("default_source_id", None, 3, None, 3, "connection"),
        ("default_source_id", None, 3, 4, 4, "warehouse"),
        ("pickup_delay_days", None, 20, None, 20, "connection"),
        ("pickup_delay_days", None, 20, 0, 0, "warehouse"),
        ("pickup_delay_days", 99, None, None, 14, "default"),
        ("lead_time_days", 21, None, None, 21, "account"),
        ("lead_time_days", 21, 99, None, 21, "account"),
        ("lead_time_days", 21, None, 0, 0, "warehouse"),
        ("days_of_stock", 99, 99, 45, 45, "warehouse"),
        ("days_of_stock", 99, 99, None, 30, "default"),
        ("sync_inbound", None, None, False, False, "warehouse"),
        ("sync_fees", None, True, False, True, "connection"),
        ("import_early", None, True, None, True, "connection"),
    ],
)
def test_the_narrowest_level_that_says_something_wins(
    name: str, account: Any, connection: Any, warehouse: Any, value: Any, source: str
) -> None:
    found = resolve(
        name,
        account=level(**{name: account}),
        connection=level(**{name: connection}),
        warehouse=level(**{name: warehouse}),
    )

    assert found == Setting(value, source)


def test_every_setting_has_its_levels() -> None:
    assert set(LEVELS) == set(DEFAULTS)


def test_a_name_that_is_no_setting_is_refused() -> None:
    with pytest.raises(KeyError):
        resolve("colour")
