"""Somebody saved first: both versions, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from wtforms import BooleanField, Form, SelectField
from wtforms import Field as FormField

from blueprints.inheritance import differs
from blueprints.responses import wants_fragment


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field that differs: what is saved now, and what was typed here."""

    label: str
    saved: str
    yours: str


def is_stale(version: object) -> bool:
    """Return True when the form sent was rendered from another version of the row.

    A form without the hidden ``version`` (written by a script) is taken at its word.
    """
    sent = request.form.get("version")
    return sent is not None and sent != str(version)


def conflicts(form: Form, saved: Mapping[str, Any]) -> list[Conflict]:
    """Return the fields of ``form`` that differ from ``saved`` (field name -> value now)."""
    fields = [field for field in form if field.name in saved]
    inheriting = getattr(form, "BLANKS", ())
    shown = []
    for field in fields:
        now, blank = saved[field.name], "inherited" if field.name in inheriting else "–"
        if differs(field.data, now):
            versions = (_shown(field, value, blank) for value in (now, field.data))
            shown.append(Conflict(field.label.text, *versions))
    return shown


def conflict_status() -> int:
    """Return the status of a page with conflicts; htmx swaps in 422, a browser shows 409."""
    return 422 if wants_fragment() else 409


def _shown(field: FormField, value: Any, blank: str) -> str:
    if isinstance(field, BooleanField):
        return "on" if value else "off"
    if isinstance(field, SelectField):
        labels = {choice.value: choice.label for choice in field.iter_choices()}
        stored = "" if value is None else value
        return str(labels.get(str(stored), stored) or blank)
    return str(value if value not in (None, "") else blank)
