"""Packs a plan and decides where it goes: packing and placement of version 2024-03-20.

As everywhere, what answers with an operation id has only begun, and is sent once.
"""

from collections.abc import Iterator, Sequence

from amazon.option_types import PackingOption, PlacementOption
from amazon.plan_creation import PlanCreation, item_key, operation_id_of
from amazon.plan_inputs import PackingInput, rows
from amazon.plan_types import PlanItem
from amazon.plans import OPTIONS_PAGE_SIZE, page_reader

GROUP_PAGE_SIZE = 100


class PlanPacking(PlanCreation):
    """Groups, boxes, and the split into shipments. Placement cannot be taken back."""

    def generate_packing_options(self, *, plan_id: str) -> str:
        """Ask for new packing options; return the operation's id. Raises ``AmazonError``."""
        return self.call(
            "generatePackingOptions", operation_id_of, names={"inboundPlanId": plan_id}
        )

    def list_packing_options(self, *, plan_id: str) -> Iterator[list[PackingOption]]:
        """Yield pages of what was generated. Raises ``AmazonError``."""
        return self._pages(
            "listPackingOptions",
            {"inboundPlanId": plan_id},
            {"pageSize": OPTIONS_PAGE_SIZE},
            page_reader("packingOptions", PackingOption.from_json),
            lambda option: option.option_id,
        )

    def list_packing_group_items(self, *, plan_id: str, group_id: str) -> Iterator[list[PlanItem]]:
        """Yield pages of what must be packed together, 100 lines each. Raises ``AmazonError``."""
        return self._pages(
            "listPackingGroupItems",
            {"inboundPlanId": plan_id, "packingGroupId": group_id},
            {"pageSize": GROUP_PAGE_SIZE},
            page_reader("items", PlanItem.from_json),
            item_key,
        )

    def confirm_packing_option(self, *, plan_id: str, option_id: str) -> str:
        """Begin to accept a packing option; return the operation's id. Raises ``AmazonError``."""
        return self.call(
            "confirmPackingOption",
            operation_id_of,
            names={"inboundPlanId": plan_id, "packingOptionId": option_id},
        )

    def set_packing_information(self, *, plan_id: str, packing: Sequence[PackingInput]) -> str:
        """Begin to tell the boxes; return the operation's id.

        By group before placement, but only after a packing option is confirmed: earlier it
        turns the plan, silently and for good, into one that cannot go as small parcels. By
        shipment after placement. Sums must equal those of the group. Raises ``AmazonError``.
        """
        return self.call(
            "setPackingInformation",
            operation_id_of,
            names={"inboundPlanId": plan_id},
            body={"packageGroupings": rows(packing)},
        )

    def generate_placement_options(self, *, plan_id: str) -> str:
        """Ask for new placement options; return the operation's id. Raises ``AmazonError``."""
        return self.call(
            "generatePlacementOptions",
            operation_id_of,
            names={"inboundPlanId": plan_id},
            body={},
        )

    def list_placement_options(self, *, plan_id: str) -> Iterator[list[PlacementOption]]:
        """Yield pages of what was generated; getShipment tells where each shipment would go.

        Raises ``AmazonError``.
        """
        return self._pages(
            "listPlacementOptions",
            {"inboundPlanId": plan_id},
            {"pageSize": OPTIONS_PAGE_SIZE},
            page_reader("placementOptions", PlacementOption.from_json),
            lambda option: option.option_id,
        )

    def confirm_placement_option(self, *, plan_id: str, option_id: str) -> str:
        """Begin to accept a placement option, for good; return the operation's id.

        Then its shipments are real and have their ``FBA…`` ids. Raises ``AmazonError``.
        """
        return self.call(
            "confirmPlacementOption",
            operation_id_of,
            names={"inboundPlanId": plan_id, "placementOptionId": option_id},
        )
