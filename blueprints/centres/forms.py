"""A choice for each fulfilment centre of a connection."""

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from blueprints.connections.settings_forms import VersionedForm, choice
from inventory.models import Connection
from inventory.rules.marketplaces import in_region
from inventory.services.centres import Centre


class CentresForm(VersionedForm):
    """Corrections, a blank being none. Its fields are made by ``form_for``."""

    centres: Sequence[Centre]

    @property
    def saved(self) -> dict[str, str]:
        """Return the corrections that are stored, by field."""
        return {_name(one): one.corrected for one in self.centres}

    @property
    def wanted(self) -> dict[str, str]:
        """Return the corrections chosen, by centre; those with an error are left out."""
        fields = ((one.code, self.of(one)) for one in self.centres)
        return {code: field.data or "" for code, field in fields if not field.errors}

    def of(self, centre: Centre) -> SelectField:
        return self[_name(centre)]


def form_for(connection: Connection, centres: Sequence[Centre], sent: Any) -> CentresForm:
    """Return the form with a list for each of ``centres``, of its region's marketplaces."""
    offered = [SelectChoice(one.id, one.name) for one in in_region(connection.region)]
    fields = {
        _name(one): choice(
            f"Marketplace of {one.code}",
            coerce=_marketplace_or_none,
            choices=[SelectChoice("", "Not corrected"), *offered],
        )
        for one in centres
    }
    form: CentresForm = type("CentresForm", (CentresForm,), fields)(
        sent, data={_name(one): one.corrected for one in centres}
    )
    form.centres = centres
    return form


def _marketplace_or_none(value: Any) -> str | None:
    return str(value) if value else None


def _name(centre: Centre) -> str:
    return f"centre_{centre.code}"
