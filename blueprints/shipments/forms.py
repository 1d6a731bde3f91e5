"""The one thing of a shipment that a person may correct: where it goes."""

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from blueprints.forms import BaseForm
from inventory.rules.marketplaces import MARKETPLACES


class MarketplaceForm(BaseForm):
    """Which marketplace a shipment belongs to; ``marketplaces`` are the ids to choose from."""

    marketplace_id = SelectField("Marketplace", validate_choice=True)

    def __init__(self, *args: Any, marketplaces: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.marketplace_id.choices = [
            SelectChoice(one, MARKETPLACES[one].name if one in MARKETPLACES else one)
            for one in marketplaces
        ]
