"""Numbers of orders made here."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from extensions import db
from inventory.models import Account, OrderKind
from inventory.services import order_numbers
from tests.factories import make_order


def set_counter(**fields: object) -> Account:
    account = db.session.get_one(Account, 1)
    for name, value in fields.items():
        setattr(account, name, value)
    db.session.commit()
    return account


def test_counts_up_with_the_prefix_of_the_kind(app: Flask) -> None:
    set_counter(next_reference=1044)

    taken = [
        order_numbers.next_reference(OrderKind.PURCHASE),
        order_numbers.next_reference(OrderKind.TRANSFER),
        order_numbers.next_reference(OrderKind.PURCHASE),
    ]

    assert taken == ["PO-1044", "TO-1045", "PO-1046"]


@pytest.mark.parametrize(("used", "expected"), [(1, "PO-6"), (3, "PO-8"), (70, "PO-75")])
def test_skips_numbers_in_use_and_goes_on_behind_them(app: Flask, used: int, expected: str) -> None:
    set_counter(next_reference=5)
    for number in range(5, 5 + used):
        make_order(reference=f"PO-{number}", kind=OrderKind.TRANSFER)

    assert order_numbers.next_reference(OrderKind.PURCHASE) == expected
    assert order_numbers.next_reference(OrderKind.PURCHASE) == f"PO-{5 + used + 1}"


def test_looking_takes_nothing(app: Flask) -> None:
    account = set_counter(next_reference=7, transfer_prefix="")
    make_order(reference="7")

    assert order_numbers.coming_reference(account, OrderKind.TRANSFER) == "8"
    assert order_numbers.coming_reference(account, OrderKind.PURCHASE) == "PO-7"
    assert order_numbers.next_reference(OrderKind.TRANSFER) == "8"


def test_a_number_that_was_rolled_back_is_free_again(app: Flask) -> None:
    assert order_numbers.next_reference(OrderKind.PURCHASE) == "PO-1"
    db.session.rollback()

    assert order_numbers.next_reference(OrderKind.PURCHASE) == "PO-1"


def test_does_not_make_an_open_settings_form_stale(app: Flask) -> None:
    version = set_counter(next_reference=3).version
    order_numbers.next_reference(OrderKind.PURCHASE)
    db.session.commit()
    db.session.expire_all()

    account = db.session.get_one(Account, 1)
    assert (account.version, account.next_reference) == (version, 4)


def test_nobody_gets_the_number_of_another(app: Flask) -> None:
    def take(_: int) -> str:
        with app.app_context():
            reference = order_numbers.next_reference(OrderKind.PURCHASE)
            db.session.commit()
            return reference

    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(take, range(20)))

    assert sorted(taken) == sorted(f"PO-{number}" for number in range(1, 21))
