"""The time zones an account may be in: the places of the IANA database, and UTC."""

from zoneinfo import available_timezones

AREAS = (
    "Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian",
    "Pacific",
)  # fmt: skip
#: Sorted. Old names such as "US/Eastern" and the bare offsets of "Etc/" are left out.
NAMES = ("UTC", *sorted(name for name in available_timezones() if name.split("/")[0] in AREAS))


def area(name: str) -> str:
    """Return the part of the world of a time zone: the group it is listed under."""
    return name.partition("/")[0]
