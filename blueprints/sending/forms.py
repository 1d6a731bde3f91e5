"""What is typed while an order is sent. Lines and boxes, which are many, are read apart."""

from collections.abc import Sequence

from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from blueprints.forms import BaseForm
from inventory.rules.sending import Route

OWNERS = {"SELLER": "Seller", "AMAZON": "Amazon", "NONE": "Nobody"}
#: A ship-from address that is typed, and not one of those known.
NEW = "new"
ROUTES = (
    (Route.PARTNERED_PARCEL, "Small parcels"),
    (Route.FREIGHT, "Freight (LTL, FTL), packed later"),
)
#: Amazon's prep category -> (what people read, the preparation it takes).
PREP = {
    "NONE": ("No prep needed", ("ITEM_NO_PREP",)),
    "FRAGILE": ("Fragile: bubble wrap", ("ITEM_BUBBLEWRAP",)),
    "LIQUID": ("Liquid: bag", ("ITEM_POLYBAGGING",)),
    "GRANULAR": ("Powder or grains: bag", ("ITEM_POLYBAGGING",)),
    "TEXTILE": ("Textile: bag", ("ITEM_POLYBAGGING",)),
    "BABY": ("Baby product: bag", ("ITEM_POLYBAGGING",)),
    "SMALL": ("Small: bag", ("ITEM_POLYBAGGING",)),
    "PERFORATED": ("Perforated box: bag", ("ITEM_POLYBAGGING",)),
    "SHARP": ("Sharp: bubble wrap", ("ITEM_BUBBLEWRAP",)),
    "SET": ("Sold as a set: sticker", ("ITEM_SETSTK",)),
    "ADULT": ("Adult: opaque wrap", ("ITEM_BLACK_SHRINKWRAP",)),
    "HANGER": ("On a hanger: take it off", ("ITEM_RMOVHANG",)),
}


def _limit(most: int) -> Length:
    return Length(max=most, message=f"Amazon takes at most {most} characters.")


class PlanForm(BaseForm):
    """Who prepares and labels, where the goods leave and how they go.

    A field called ``name`` or ``remove`` would hide what a form element itself has by that name.
    """

    prep_owner = SelectField("Default prep owner")
    label_owner = SelectField("Default labelling owner")
    ship_from = SelectField("Ship-from address")
    from_name = StringField("Name", [_limit(50)])
    from_line1 = StringField("Address line 1", [_limit(180)])
    from_line2 = StringField("Address line 2", [_limit(60)])
    from_city = StringField("City", [_limit(30)])
    from_state = StringField("State or province", [_limit(64)])
    from_postal_code = StringField("Postcode", [_limit(32)])
    from_country = StringField("Country", [_limit(2)], description="Two letters, such as US.")
    from_phone = StringField(
        "Phone number",
        [_limit(20)],
        description="Amazon asks for one. Left blank, it is the address’s own.",
    )
    route = SelectField(
        "How the goods go",
        choices=[SelectChoice(value, label) for value, label in ROUTES],
        description="Parcels are packed before Amazon places them, freight after.",
    )
    do_not_split = BooleanField(
        "Do not split",
        description="Stops and asks when Amazon wants more than one shipment.",
    )

    def offer(self, *, owners: Sequence[str], addresses: Sequence[tuple[str, str]]) -> None:
        """Set the owners that Amazon takes, and the addresses known as (key, words)."""
        named = [
            SelectChoice(one, word)
            if one in owners
            else SelectChoice(one, f"{word} (ended in the US on 1 Jan 2026)", {"disabled": True})
            for one, word in OWNERS.items()
        ]
        self.prep_owner.choices, self.label_owner.choices = named, list(named)
        known = [SelectChoice(key, words) for key, words in addresses]
        self.ship_from.choices = [*known, SelectChoice(NEW, "Another address")]
