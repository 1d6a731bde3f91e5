"""Makes, names and cancels inbound plans: Fulfillment Inbound 2024-03-20.

Every call here that changes something is sent once. ``UnclearError`` means that Amazon may
have done it: read the state before anything else. What answers with an operation id has only
begun; nothing may follow before ``get_inbound_operation_status`` says SUCCESS.
"""

from collections.abc import Iterator, Sequence

from amazon import fields
from amazon.answers import listed, records
from amazon.encoding import RepeatedSkus
from amazon.fields import Json
from amazon.option_types import Box, CreatedPlan, OperationStatus, PrepDetail
from amazon.plan_inputs import AddressInput, ItemInput, PrepInput, body, rows
from amazon.plan_types import PlanItem
from amazon.plans import ITEMS_PAGE_SIZE, Plans, page_reader

#: Amazon's limits: lines of a plan, letters of its name, SKUs of one question or request.
PLAN_ITEMS_LIMIT = 1500
PLAN_NAME_LIMIT = 40
SKUS_LIMIT = 100
BOXES_PAGE_SIZE = 1000


class PlanCreation(Plans):
    """The plan itself, what Amazon wants of its SKUs, and how its operations go."""

    def create_inbound_plan(
        self,
        *,
        name: str,
        marketplace_id: str,
        source: AddressInput,
        items: Sequence[ItemInput],
    ) -> CreatedPlan:
        """Create a plan; ``name`` (1-40 letters) is the only way to find it if the answer is lost.

        Never send it twice: nothing at Amazon tells two equal plans apart. ``RejectedError``
        has the first group of Amazon's objections in ``problems``. Raises ``AmazonError``.
        """
        return self.call(
            "createInboundPlan",
            CreatedPlan.from_json,
            body={
                "name": name,
                "destinationMarketplaces": [marketplace_id],
                "sourceAddress": source.to_json(),
                "items": rows(items),
            },
        )

    def get_inbound_operation_status(self, *, operation_id: str) -> OperationStatus:
        """Return how far an operation is: SUCCESS (perhaps with warnings), FAILED, IN_PROGRESS.

        Raises ``AmazonError``.
        """
        return self.call(
            "getInboundOperationStatus",
            OperationStatus.from_json,
            names={"operationId": operation_id},
        )

    def list_inbound_plan_items(self, *, plan_id: str) -> Iterator[list[PlanItem]]:
        """Yield pages of the lines of a plan, 1,000 each. Raises ``AmazonError``."""
        return self._pages(
            "listInboundPlanItems",
            {"inboundPlanId": plan_id},
            {"pageSize": ITEMS_PAGE_SIZE},
            page_reader("items", PlanItem.from_json),
            item_key,
        )

    def list_inbound_plan_boxes(self, *, plan_id: str) -> Iterator[list[Box]]:
        """Yield pages of the boxes of a plan, 1,000 each. Raises ``AmazonError``."""
        return self._pages(
            "listInboundPlanBoxes",
            {"inboundPlanId": plan_id},
            {"pageSize": BOXES_PAGE_SIZE},
            page_reader("boxes", Box.from_json),
            lambda box: box.package_id,
        )

    def update_inbound_plan_name(self, *, plan_id: str, name: str) -> None:
        """Rename a plan, at once. Raises ``AmazonError``."""
        self.call(
            "updateInboundPlanName",
            nothing_told,
            names={"inboundPlanId": plan_id},
            body={"name": name},
        )

    def cancel_inbound_plan(self, *, plan_id: str) -> str:
        """Begin to cancel a plan; return the operation's id.

        Free of charge until the confirmed quotes' ``voidable_until``. A plan that is
        cancelled already is refused (``RejectedError``). Raises ``AmazonError``.
        """
        return self.call("cancelInboundPlan", operation_id_of, names={"inboundPlanId": plan_id})

    def list_prep_details(
        self, *, marketplace_id: str, seller_skus: Sequence[str]
    ) -> list[PrepDetail]:
        """Return how Amazon wants up to 100 SKUs prepared, and whom it lets do it.

        Raises ``AmazonError``; ``ValueError`` for no SKU or more than 100.
        """
        if not 1 <= len(seller_skus) <= SKUS_LIMIT:
            raise ValueError(f"1 to {SKUS_LIMIT} SKUs at a time")
        return self.call(
            "listPrepDetails",
            read_prep_details,
            query={"marketplaceId": marketplace_id, "mskus": RepeatedSkus(tuple(seller_skus))},
        )

    def set_prep_details(self, *, marketplace_id: str, details: Sequence[PrepInput]) -> str:
        """Begin to set category and types of up to 100 SKUs; return the operation's id.

        Raises ``AmazonError``.
        """
        return self.call(
            "setPrepDetails",
            operation_id_of,
            body=body(marketplaceId=marketplace_id, mskuPrepDetails=rows(details)),
        )


def operation_id_of(data: Json) -> str:
    """Read the answer of what has only begun."""
    return fields.needed(data, "operationId")


def nothing_told(_data: Json) -> None:
    """Read an answer that has no body."""


def read_prep_details(data: Json) -> list[PrepDetail]:
    """Read the answer of listPrepDetails."""
    return records(PrepDetail.from_json, listed(data, "mskuPrepDetails"))


def item_key(item: PlanItem) -> tuple[object, ...]:
    """Return what tells two lines of one list apart."""
    return (item.seller_sku, item.expires_on, item.lot_code, item.fnsku, item.label_owner)
