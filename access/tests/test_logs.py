import logging

from access import logs


def test_a_confirm_address_is_masked_in_message_and_arguments() -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "Gone: %s", ("/access/confirm/s3cret-_x/?a=1",), None
    )

    logs.MaskSecrets().filter(record)

    assert record.getMessage() == "Gone: /access/confirm/[masked]/?a=1"


def test_other_lines_are_left_alone() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s of %s", (1, 2), None)

    logs.MaskSecrets().filter(record)

    assert record.args == (1, 2)
