import logging
import sys

from access import logs

FORMATTER = logs.MaskedFormatter("{message}", style="{")


def test_a_confirm_address_is_masked_in_message_and_arguments() -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "Gone: %s", ("/access/confirm/s3cret-_x/?a=1",), None
    )

    assert FORMATTER.format(record) == "Gone: /access/confirm/[masked]/?a=1"


def test_a_confirm_address_is_masked_in_a_traceback() -> None:
    try:
        raise ValueError("http://localhost/access/confirm/s3cret/")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "Oh", (), sys.exc_info())

    assert "s3cret" not in FORMATTER.format(record)


def test_a_review_link_is_masked_and_what_has_the_same_name_is_not() -> None:
    secret = "0123456789abcdef0123456789abcdef.a-b_C"
    line = f"Not Found: /review/{secret}/page/7/ in /srv/review/views.py, /admin/review/7/"
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, line, (), None)

    assert FORMATTER.format(record) == "Not Found: /review/[masked]/page/7/ in /srv/review/views.py, /admin/review/7/"


def test_every_handler_masks() -> None:
    handlers = [handler for name in ("", "django", "django.server") for handler in logging.getLogger(name).handlers]

    formatters = [handler.formatter for handler in handlers if isinstance(handler, logging.StreamHandler)]
    ours = [formatter for formatter in formatters if type(formatter).__module__ != "_pytest.logging"]
    assert ours
    assert all(isinstance(formatter, logs.MaskedFormatter) for formatter in ours if formatter)


def test_other_lines_are_left_alone() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s of %s", (1, 2), None)

    assert FORMATTER.format(record) == "1 of 2"


def test_the_token_of_a_new_password_is_masked() -> None:
    line = "Not Found: /admin/password_reset/confirm/Mg/diq39a-b4c489430f0bd994e7956d648fe8a56e/"
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, line, (), None)

    assert FORMATTER.format(record) == "Not Found: /admin/password_reset/confirm/Mg/[masked]/"
