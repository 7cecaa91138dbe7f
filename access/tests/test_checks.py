from typing import Any

from access import checks


def test_a_missing_gate_is_an_error(settings: Any) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != checks.GATE]

    assert [error.id for error in checks.gate_is_installed()] == ["access.E001"]


def test_a_gate_before_what_it_needs_is_an_error(settings: Any) -> None:
    settings.MIDDLEWARE = [checks.GATE, *(name for name in settings.MIDDLEWARE if name != checks.GATE)]

    assert {error.id for error in checks.gate_is_installed()} == {"access.E002"}


def test_the_site_as_it_is_passes() -> None:
    assert checks.gate_is_installed() == []
    assert checks.every_page_type_says_what_it_asks() == []


def test_a_page_type_that_says_nothing_is_an_error(monkeypatch: Any) -> None:
    from wagtail.models import Page

    class Silent(Page):
        class Meta:
            app_label = "courses"
            abstract = True

    monkeypatch.setattr(checks, "get_page_models", lambda: [Silent])

    assert [error.id for error in checks.every_page_type_says_what_it_asks()] == ["access.E003"]
