"""The named statuses every installation has; a seller adds names of their own. Pure."""

from collections.abc import Mapping

#: Name -> type ("draft", "active", "closed", "canceled"). A draft never counts as on order.
BUILT_IN: Mapping[str, str] = {
    "Draft": "draft",
    "Open": "active",
    "Closed": "closed",
    "Canceled": "canceled",
}
