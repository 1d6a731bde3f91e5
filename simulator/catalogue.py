"""What the pretend seller offers: kitchenware, with every oddity real catalogues have."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator import dice

FBA, FBM = "FBA", "FBM"

_THINGS = """Chef's Knife|Paring Knife|Bread Knife|Cutting Board|Skillet|Saucepan|Stock Pot|Wok
Roasting Tin|Muffin Tray|Loaf Tin|Pie Dish|Mixing Bowl|Colander|Sieve|Grater|Peeler|Whisk|Ladle
Spatula|Tongs|Rolling Pin|Pastry Brush|Measuring Cups|Kitchen Scale|Timer|Thermometer|Tea Towel
Apron|Oven Mitt|Trivet|Tea Pot|Coffee Press|Milk Frother|Salt Mill|Pepper Mill|Oil Bottle
Spice Rack|Bread Bin|Butter Dish|Egg Cup Set"""
THINGS = _THINGS.replace("\n", "|").split("|")
VARIANTS = ("Classic", "Large", "Set of 2", "Blue Enamel", "Bamboo", "Cast Iron")

#: Product number -> the SKU its owner gave it: all that breaks paths, lists and reports.
ODD_SKUS = {
    3: "HK/KNIFE 20%+",
    7: "HK #SET,2",
    11: "HK BOARD & PEEL",
    19: "Küche-Ø24",
    23: "日本-包丁-01",
    29: "HK+TEA+POT",
    31: "100% LINEN",
    37: "HK?a=b;c",
    41: "HK%2FENC",
}
ODD_TITLES = {
    5: 'Harbour <b>Kitchen</b> Tea Towel <script>alert("tea")</script>',
    6: '12" Skillet – "The Big One"',
    8: "Salt & Pepper Mill 🧂🌶️ Gift Set",
    13: "O'Brien's Grater'; DROP TABLE listings;--",
    17: "سكين المطبخ Harbour Kitchen",
    43: "Harbour Kitchen " + "Very Long Named Roasting Tin With Every Keyword " * 4,
}

FBA_PRODUCTS, TWINS, FBM_ONLY = 235, 55, 10


@dataclass(frozen=True, slots=True)
class Listing:
    """One SKU. ``countries`` offer it; times are hours before the story's start.

    ``fbm_units`` is ``None`` without the merchant channel, ``fnsku`` empty without FBA.
    """

    index: int
    sku: str
    asin: str
    fnsku: str
    title: str
    channels: tuple[str, ...]
    countries: tuple[str, ...]
    price_cents: int
    fbm_units: int | None
    is_active: bool
    created_hours_ago: int
    updated_hours_ago: int

    @property
    def is_fba(self) -> bool:
        """Tell whether Amazon fulfils it."""
        return FBA in self.channels


def household(seed: int, countries: tuple[str, ...]) -> list[Listing]:
    """Return the 300 listings of the ``default`` scenario."""
    products = range(FBA_PRODUCTS)
    rows = [(p, FBA, _sku(p)) for p in products]
    rows += [(p * 4, FBM, f"{_sku(p * 4)}-FBM") for p in range(TWINS)]
    rows += [(FBA_PRODUCTS + p, FBM, _sku(FBA_PRODUCTS + p)) for p in range(FBM_ONLY)]
    return [
        _household_listing(seed, index, product, channel, sku, countries)
        for index, (product, channel, sku) in enumerate(rows)
    ]


def bulk(seed: int, country: str) -> Callable[[int], Listing]:
    """Return a function giving listing ``index`` of a huge catalogue, without the others.

    Listing n was updated n times five minutes before the start: windows can be computed.
    """

    def listing(index: int) -> Listing:
        has_both = index % 10 == 9
        return Listing(
            index,
            sku=f"SKU-{index:06d}",
            asin=f"B{index:09d}",
            fnsku=f"X{index:09d}",
            title=f"{THINGS[index % len(THINGS)]} no. {index}",
            channels=(FBA, FBM) if has_both else (FBA,),
            countries=(country,),
            price_cents=990 + index * 7 % 9000,
            fbm_units=index % 50 if has_both else None,
            is_active=index % 50 != 49,
            created_hours_ago=(index + 1) // 12 + 48,
            updated_hours_ago=(index + 1) // 12 + 1,
        )

    return listing


def bulk_updated_hours_ago(count: int) -> list[int]:
    """Return the times of ``bulk`` listings without making them."""
    return [(index + 1) // 12 + 1 for index in range(count)]


def _sku(product: int) -> str:
    thing = THINGS[product % len(THINGS)]
    initials = "".join(letter for letter in thing.upper() if letter.isalpha())[:6]
    return ODD_SKUS.get(product, f"HK-{initials}-{product:03d}")


def _household_listing(
    seed: int, index: int, product: int, channel: str, sku: str, countries: tuple[str, ...]
) -> Listing:
    thing, variant = THINGS[product % len(THINGS)], VARIANTS[product // len(THINGS)]
    throw = dice.number(seed, "listing", sku)
    has_both = channel == FBA and product % 29 == 1
    updated = 2 + throw % 4000
    return Listing(
        index,
        sku=sku,
        asin="B0" + dice.code(8, seed, "asin", product),
        fnsku="" if channel == FBM else "X00" + dice.code(7, seed, "fnsku", product),
        title=ODD_TITLES.get(product, f"Harbour Kitchen {thing}, {variant}"),
        channels=(FBA, FBM) if has_both else (channel,),
        countries=_offered_in(countries, product),
        price_cents=(9 + throw % 60) * 100 + 99,
        fbm_units=throw % 40 if has_both or channel == FBM else None,
        is_active=product % 17 != 16,
        created_hours_ago=updated + 200 + throw % 9000,
        updated_hours_ago=updated,
    )


def _offered_in(countries: tuple[str, ...], product: int) -> tuple[str, ...]:
    rest = (c for place, c in enumerate(countries[1:], 2) if product % (place + 1) != place)
    return (countries[0], *rest)
