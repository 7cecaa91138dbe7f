"""The account as CLOUDINARY_URL names it."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from wagtail_cloudinary import conf

SECRET = "s3cr3t-0123"


def test_plain_address_is_the_provider_over_https() -> None:
    account = conf.parse(f"cloudinary://key:{SECRET}@demo")

    assert (account.cloud_name, account.api_key, account.api_secret) == ("demo", "key", SECRET)
    assert account.upload_prefix == conf.API
    assert account.delivery_base == f"https://{conf.SHARED_HOST}/demo"


def test_loopback_is_spoken_to_in_the_clear() -> None:
    account = conf.parse(f"cloudinary://key:{SECRET}@demo?upload_prefix=http://127.0.0.1:9&cname=127.0.0.1:9")

    assert account.api_origin == account.delivery_origin == "http://127.0.0.1:9"


def test_private_cdn_leaves_the_cloud_out() -> None:
    account = conf.parse(f"cloudinary://key:{SECRET}@demo/media.example.org")

    assert account.delivery_base == "https://media.example.org"


def test_everything_the_sdk_calls_by_another_name() -> None:
    account = conf.parse(
        f"cloudinary://key:{SECRET}@Demo?secure_distribution=media.example.org"
        "&signature_algorithm=sha256&auth_token[key]=00ff"
    )

    assert account.cloud_name == "Demo"
    assert account.delivery_base == "https://media.example.org/Demo"
    assert account.digest == "sha256"
    assert account.auth_token_key == "00ff"


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("", "empty"),
        (f"https://key:{SECRET}@demo", "begins with cloudinary://"),
        (f"cloudinary://:{SECRET}@demo", "API key"),
        ("cloudinary://key@demo", "API secret"),
        (f"cloudinary://key:{SECRET}@", "cloud's name"),
        (f"cloudinary://key:{SECRET}@de_mo!", "cloud's name"),
        (f"cloudinary://key:{SECRET}%20@demo", "API secret"),
        (f"cloudinary://key:{SECRET}@demo?upload_prefix=http://api.example.org", "https"),
        (f"cloudinary://key:{SECRET}@demo?upload_prefix=https://api.example.org/v1_1", "nothing more"),
        (f"cloudinary://key:{SECRET}@demo?upload_prefix=ftp://127.0.0.1", "https"),
        (f"cloudinary://key:{SECRET}@demo?cname=media.example.org/x", "nothing more"),
        (f"cloudinary://key:{SECRET}@demo?secure=false", "this machine"),
        (f"cloudinary://key:{SECRET}@demo?signature_algorithm=md5", "sha1"),
        (f"cloudinary://key:{SECRET}@demo?auth_token[key]=xyz", "hexadecimal"),
        (f"cloudinary://key:{SECRET}@[demo", "cannot be read"),
    ],
)
def test_broken_address_is_one_sentence_without_the_secret(url: str, word: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        conf.parse(url)

    assert word in str(refusal.value)
    assert SECRET not in str(refusal.value)


def test_repr_tells_no_secret() -> None:
    account = conf.parse(f"cloudinary://key:{SECRET}@demo?auth_token[key]=00ff")

    assert SECRET not in repr(account)
    assert "00ff" not in repr(account)


def test_calls_are_bounded_unless_a_site_says_otherwise(settings: Any) -> None:
    assert (conf.seconds_for_api(), conf.seconds_for_upload(), conf.seconds_for_download()) == (5, 60, 300)

    settings.CLOUDINARY_API_SECONDS = 2

    assert conf.seconds_for_api() == 2


def test_site_without_the_setting_is_told() -> None:
    with pytest.raises(ImproperlyConfigured, match="CLOUDINARY_URL is empty"):
        conf.account()
