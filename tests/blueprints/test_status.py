from flask import Flask


def test_healthz_answers_without_a_login(app: Flask) -> None:
    answer = app.test_client().get("/healthz")

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["database"] == "up"
