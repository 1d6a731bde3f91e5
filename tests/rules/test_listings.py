from inventory.rules import listings
from inventory.rules.listings import NO_OFFER

DE, FR, GB = "A1PA6795UKMFR9", "A13V1IB3VIYZZH", "A1F83G8C2ARO7P"


def offer(**fields: object) -> dict[str, object]:
    return {**NO_OFFER, "title": "Kettle", "status": "BUYABLE", **fields}


def test_the_primary_marketplace_is_shown_else_the_first() -> None:
    offers = {FR: offer(title="Bouilloire"), DE: offer(title="Kessel"), GB: offer(title="Kettle")}

    assert listings.shown(offers, FR, {})["title"] == "Bouilloire"
    assert listings.shown(offers, "ATVPDKIKX0DER", {})["title"] == "Kettle"


def test_what_an_offer_leaves_out_stays() -> None:
    shown = listings.shown({DE: offer(fnsku="")}, DE, {"fnsku": "X001", "title": "Old"})

    assert (shown["fnsku"], shown["title"]) == ("X001", "Kettle")


def test_only_what_can_be_bought_is_active() -> None:
    assert listings.shown({DE: offer(status="BUYABLE,DISCOVERABLE")}, DE, {})["status"] == "active"
    assert listings.shown({DE: offer(status="DISCOVERABLE")}, DE, {})["status"] == "inactive"
    assert listings.shown({}, DE, {})["status"] == "inactive"


def test_one_marketplace_speaks_for_the_sellers_own_stock() -> None:
    offers = {DE: offer(status=""), FR: offer()}

    assert listings.speaks_for({FR}, offers, DE)
    assert not listings.speaks_for({DE}, offers, DE)
    assert listings.speaks_for({DE}, {DE: offer(status="")}, DE)


def test_long_titles_are_cut_between_letters_and_markup_stays() -> None:
    title = "<b>" + "🫖" * 600

    cut = listings.cut(title)

    assert len(cut) == listings.TITLE_LENGTH
    assert cut.startswith("<b>🫖")
    assert cut.endswith("…")
    assert listings.cut(" <script>x</script> ") == "<script>x</script>"


def test_question_marks_may_stand_for_letters() -> None:
    assert listings.is_lossy("??-01", "日本-01")
    assert not listings.is_lossy("??-02", "日本-01")
    assert not listings.is_lossy("A-01", "A-01")
    assert not listings.is_lossy("?-01", "A-01")
