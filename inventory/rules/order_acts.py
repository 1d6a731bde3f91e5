"""What may be done to an order, by its type and by who owns it. Pure."""

#: Of an order that is active: nothing can be sent, received or waited for without.
NO_LINES = "An order without lines can only be a draft: add lines, or make it a draft."

DRAFT, ACTIVE, CLOSED, CANCELED = "draft", "active", "closed", "canceled"

#: Type -> the types a person may give it next, besides its own.
JUMPS = {
    DRAFT: (ACTIVE, CANCELED),
    ACTIVE: (DRAFT, CLOSED, CANCELED),
    CLOSED: (ACTIVE,),
    CANCELED: (ACTIVE, DRAFT),
}


def refusal(
    old: str, new: str, *, is_amazons: bool, has_receipts: bool, has_lines: bool = True
) -> str:
    """Return why an order of type ``old`` cannot become ``new``; "" when it can.

    ``is_amazons``: shipments at Amazon decide its type, so only another name of the same type
    can be chosen.
    """
    if old == new:
        return ""
    if is_amazons:
        return (
            f"Amazon’s shipments decide that it is {old}. "
            f"Choose a status of the type {old.capitalize()}."
        )
    if new not in JUMPS[old]:
        return f"An order that is {old} cannot become {new}. Make it active first."
    if new == DRAFT and has_receipts:
        return "Units of it were received, so it cannot be a draft. Undo the receipts first."
    if new == ACTIVE and not has_lines:
        return NO_LINES
    return ""
