"""Secrets have one form, and codes belong to the row they were made for."""

from typing import Any

import pytest

from access.sessions import token_secrets


def test_what_is_made_has_the_form_that_is_asked_for() -> None:
    assert token_secrets.is_secret(token_secrets.new())
    assert token_secrets.new() != token_secrets.new()


@pytest.mark.parametrize("text", ["", "x" * 42, "x" * 44, "x" * 42 + "=", "x" * 42 + "\n", "١" * 43])
def test_anything_else_is_no_secret(text: str) -> None:
    assert not token_secrets.is_secret(text)


@pytest.mark.parametrize(("pick", "code"), [(lambda below: 0, "000000"), (lambda below: below - 1, "999999")])
def test_a_code_has_six_digits(pick: Any, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.randbelow", pick)

    assert token_secrets.new_code() == code


def test_a_code_is_one_rows_own() -> None:
    digest = token_secrets.code_digest("123456", owner=1)

    assert token_secrets.is_code("123456", owner=1, digest=digest)
    assert not token_secrets.is_code("123457", owner=1, digest=digest)
    assert not token_secrets.is_code("123456", owner=2, digest=digest)


def test_a_code_outlives_a_change_of_the_secret_key_that_keeps_the_old_one(settings: Any) -> None:
    digest = token_secrets.code_digest("123456", owner=1)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "new-" + "x" * 40
    assert not token_secrets.is_code("123456", owner=1, digest=digest)

    settings.SECRET_KEY_FALLBACKS = [old]

    assert token_secrets.is_code("123456", owner=1, digest=digest)
    assert token_secrets.is_code("123456", owner=1, digest=token_secrets.code_digest("123456", owner=1))
