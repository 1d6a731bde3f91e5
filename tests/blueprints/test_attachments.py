"""Files of orders and shipments: kept, downloaded, deleted"""

import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from extensions import db
from inventory.models import Attachment, Change, Role
from tests.factories import make_attachment, make_order, make_shipment

PDF = b"%PDF-1.7\n" + bytes(range(256))


def send(client: FlaskClient, path: str, content: bytes, name: str) -> TestResponse:
    data = {"file": (io.BytesIO(content), name), "submission": name}
    return client.post(path, data=data, follow_redirects=True)


def test_a_file_is_kept_listed_and_downloaded(client: FlaskClient) -> None:
    order = make_order()

    page = send(client, f"/orders/{order.id}/attachments", PDF, "Rechnung Nr. 7 ä.pdf").text
    kept = db.session.scalars(sa.select(Attachment)).one()
    file = client.get(f"/attachments/{kept.id}")

    assert "Rechnung Nr. 7 ä.pdf is kept." in page
    assert "1 kB" in page
    assert "File Rechnung Nr. 7 ä.pdf added" in page
    assert file.data == PDF
    assert file.content_type == "application/pdf"
    assert file.headers["Content-Disposition"] == (
        'attachment; filename="Rechnung Nr. 7 _.pdf"; '
        "filename*=UTF-8''Rechnung%20Nr.%207%20%C3%A4.pdf"
    )
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_a_shipment_has_files_too(client: FlaskClient) -> None:
    shipment = make_shipment()

    page = send(client, f"/shipments/{shipment.id}/attachments", b"Two pallets", "note.txt").text

    assert "note.txt is kept." in page
    assert db.session.scalars(sa.select(Attachment.shipment_id)).one() == shipment.id


def test_a_file_is_deleted_and_logged(client: FlaskClient) -> None:
    order = make_order()
    file = make_attachment(order, name="old.txt").id

    answer = client.post(f"/attachments/{file}/delete")

    assert answer.location == f"/purchase-orders/{order.id}"
    assert db.session.scalars(sa.select(Attachment)).all() == []
    assert "File old.txt deleted" in db.session.scalars(sa.select(Change.summary)).all()
    assert client.get(f"/attachments/{file}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("page.html", b"<script>", "of this kind are not kept"),
        ("run.exe", b"MZ", "of this kind are not kept"),
        ("pdf", PDF, "of this kind are not kept"),
        ("drawing.svg", b"<svg/>", "of this kind are not kept"),
        ("false.pdf", b"<html>", "it is no such file"),
        ("false.png", PDF, "it is no such file"),
        ("false.txt", b"\x00\x01", "it is no such file"),
        ("empty.txt", b"", "The file is empty"),
        ("large.txt", b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
        ("", PDF, "Choose a file"),
    ],
)
def test_other_files_are_refused(client: FlaskClient, name: str, content: bytes, said: str) -> None:
    order = make_order()
    head = f'--cut\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--cut--\r\n"

    client.post(
        f"/orders/{order.id}/attachments",
        data=body,
        content_type="multipart/form-data; boundary=cut",
    )

    assert said in client.get("/purchase-orders").text
    assert db.session.scalars(sa.select(Attachment)).all() == []


def test_the_files_of_an_order_have_a_limit_together(client: FlaskClient) -> None:
    order = make_order()
    for _ in range(5):
        make_attachment(order, size=10 * 1024 * 1024)

    page = send(client, f"/orders/{order.id}/attachments", PDF, "one.pdf").text

    assert "more than 50 MB together" in page


def test_the_same_form_keeps_one_file(client: FlaskClient) -> None:
    order = make_order()

    for _ in range(2):
        send(client, f"/orders/{order.id}/attachments", PDF, "one.pdf")

    assert len(db.session.scalars(sa.select(Attachment)).all()) == 1


def test_a_viewer_reads_but_changes_nothing(sign_in: Callable[..., FlaskClient]) -> None:
    order = make_order()
    file, viewer = make_attachment(order), sign_in(Role.VIEWER)

    assert viewer.get(f"/attachments/{file.id}").status_code == 200
    assert "Keep file" not in viewer.get(f"/purchase-orders/{order.id}").text
    assert viewer.post(f"/attachments/{file.id}/delete").status_code == 403


def test_the_bytes_are_not_read_for_the_list(client: FlaskClient) -> None:
    order = make_order()
    make_attachment(order)

    db.session.expunge_all()
    found = db.session.scalars(sa.select(Attachment)).one()
    assert "content" in sa.inspect(found).unloaded
