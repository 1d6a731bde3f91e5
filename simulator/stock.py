"""Amazon's inventory figures of one SKU, in all the states that Amazon tells apart."""

from dataclasses import dataclass

from simulator import dice


@dataclass(slots=True)
class Stock:
    """Units of one SKU in one pool. ``asdict`` gives the row that tests compare with."""

    fulfillable: int = 0
    inbound_working: int = 0
    inbound_shipped: int = 0
    inbound_receiving: int = 0
    customer_orders: int = 0
    fc_transfer: int = 0
    fc_processing: int = 0
    researching_short: int = 0
    researching_mid: int = 0
    researching_long: int = 0
    customer_damaged: int = 0
    warehouse_damaged: int = 0
    distributor_damaged: int = 0
    carrier_damaged: int = 0
    defective: int = 0
    expired: int = 0

    @property
    def reserved(self) -> int:
        """Return Amazon's sum of the reserved states."""
        return self.customer_orders + self.fc_transfer + self.fc_processing

    @property
    def researching(self) -> int:
        """Return Amazon's sum of what it is looking for."""
        return self.researching_short + self.researching_mid + self.researching_long

    @property
    def unfulfillable(self) -> int:
        """Return Amazon's sum of what cannot be sold."""
        damaged = self.customer_damaged + self.warehouse_damaged + self.carrier_damaged
        return damaged + self.distributor_damaged + self.defective + self.expired

    @property
    def total(self) -> int:
        """Return all units, those on the way included, as Amazon's ``totalQuantity``."""
        inbound = self.inbound_working + self.inbound_shipped + self.inbound_receiving
        return self.fulfillable + self.reserved + self.researching + self.unfulfillable + inbound


def base_stock(seed: int, region: str, pool: str, sku: str) -> Stock:
    """Return the figures at the start of the story, without anything inbound."""
    throw = dice.number(seed, region, "stock", pool, sku)
    stock = Stock(fulfillable=0 if throw % 10 == 0 else throw // 10 % 260)
    if throw % 3 == 0:
        stock.customer_orders, stock.fc_transfer = throw // 50 % 9, throw // 70 % 40
        stock.fc_processing = throw // 90 % 12
    if throw % 19 == 0:
        stock.researching_short, stock.researching_mid = throw // 11 % 5, throw // 13 % 4
        stock.researching_long = throw // 17 % 3
    if throw % 11 == 0:
        stock.customer_damaged, stock.warehouse_damaged = throw // 21 % 4, throw // 23 % 4
        stock.distributor_damaged, stock.carrier_damaged = throw // 25 % 2, throw // 27 % 3
        stock.defective, stock.expired = throw // 29 % 5, throw // 31 % 3
    return stock
