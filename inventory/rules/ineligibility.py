"""Amazon's reasons for not accepting a product, in a sentence each with what helps. Pure.

Source: the codes of getItemEligibilityPreview (FBA Inbound Eligibility v1); others do occur.
"""

HAZMAT = "Amazon is reviewing whether the product is dangerous goods"
REVIEW = "Give Amazon what it asks for in Seller Central; the review takes some 4 business days."
REMOVE = "Leave the line out."
RELABEL = "Leave the line out, or make a new listing that uses Amazon’s labels."
LISTING = "Complete the listing in Seller Central."
SUPPORT = "Ask Seller Support, or leave the line out."
PAPERS = "Hand in the documents in Seller Central."

REASONS = {
    "FBA_INB_0004": ("The package’s dimensions are missing", LISTING),
    "FBA_INB_0006": ("Amazon does not know the SKU", LISTING),
    "FBA_INB_0007": (f"{HAZMAT}, and needs a clearer listing for it", REVIEW),
    "FBA_INB_0008": (f"{HAZMAT}, and needs the details of its battery", REVIEW),
    "FBA_INB_0009": (f"{HAZMAT}, and needs a safety data sheet", REVIEW),
    "FBA_INB_0010": (f"{HAZMAT}: what is told of it does not match", REVIEW),
    "FBA_INB_0011": (f"{HAZMAT}: what is told of it is incomplete or contradicts itself", REVIEW),
    "FBA_INB_0012": (f"{HAZMAT}: the product’s page contradicts itself", REVIEW),
    "FBA_INB_0013": (f"{HAZMAT}, and needs more information", REVIEW),
    "FBA_INB_0014": (f"{HAZMAT}", "Wait for the review, 4 to 7 business days."),
    "FBA_INB_0015": ("The product is dangerous goods that Amazon does not fulfil", REMOVE),
    "FBA_INB_0016": ("The product is dangerous goods, which need Amazon’s programme", SUPPORT),
    "FBA_INB_0017": ("The destination’s catalogue does not have the product", LISTING),
    "FBA_INB_0018": ("The product has no category", LISTING),
    "FBA_INB_0019": ("The product has no title", LISTING),
    "FBA_INB_0034": ("The product cannot go without labels of Amazon’s", RELABEL),
    "FBA_INB_0035": ("A product that expires must be labelled", RELABEL),
    "FBA_INB_0036": ("Amazon takes the product only commingled", REMOVE),
    "FBA_INB_0037": ("Tax documents are missing", f"{PAPERS} It takes up to 48 hours to show."),
    "FBA_INB_0038": ("It is a parent product", "Send its variations instead."),
    "FBA_INB_0050": ("No fulfilment centre in the country can take the product", SUPPORT),
    "FBA_INB_0051": ("Amazon has blocked the product", SUPPORT),
    "FBA_INB_0053": ("The product is too large or heavy, or cannot be shipped there", REMOVE),
    "FBA_INB_0055": ("The product’s region code is restricted there", REMOVE),
    "FBA_INB_0056": ("Amazon takes no used goods of this kind", REMOVE),
    "FBA_INB_0065": ("The product cannot go without labels of Amazon’s", RELABEL),
    "FBA_INB_0067": ("The product cannot go by freight", REMOVE),
    "FBA_INB_0068": ("The account is not set up for goods that expire or have lots", SUPPORT),
    "FBA_INB_0095": ("The barcode belongs to several products", RELABEL),
    "FBA_INB_0097": ("The product is fully regulated dangerous goods", REMOVE),
    "FBA_INB_0098": ("The account may not send the product there", SUPPORT),
    "FBA_INB_0099": ("The seller account was terminated", SUPPORT),
    "FBA_INB_0100": ("Tax details for Mexico are missing", PAPERS),
    "FBA_INB_0103": ("Amazon cannot handle the product’s expiry or lots at the moment", REMOVE),
    "FBA_INB_0104": ("The product needs the manufacturer’s barcode", RELABEL),
    "FBA_INB_0197": ("Safety and compliance documents are missing", PAPERS),
    "FBA_INB_0342": ("The manufacturer’s barcode was taken off the product", RELABEL),
    "FBA_INB_0465": ("Only the brand’s owner may use the manufacturer’s barcode", RELABEL),
}


def explained(code: str) -> tuple[str, str]:
    """Return (reason, fix) for one of Amazon's codes; it stays readable for one unknown."""
    known = REASONS.get(code)
    if known is None:
        return (
            f"Amazon does not accept this product at the moment ({code}).",
            "Resolve it in Seller Central, or leave the line out.",
        )
    return f"{known[0]} ({code}).", known[1]
