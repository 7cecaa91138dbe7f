"""The password that everybody knows opens nothing where the site isn't local, and nobody can choose it there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode


@pytest.fixture
def demo_admin(in_public: None, settings: Any, django_user_model: Any) -> Any:
    """As the demo makes it, in a database that a site in public was then given."""
    return django_user_model.objects.create_superuser("admin", "admin@example.org", settings.DEMO_PASSWORD)


@pytest.mark.refusal("demo password")
@pytest.mark.parametrize("door", ["/admin/login/", "/_util/login/"])
def test_it_opens_no_door_in_public(client: Client, demo_admin: Any, settings: Any, door: str) -> None:
    response = client.post(door, {"username": "admin", "password": settings.DEMO_PASSWORD, "next": "/admin/"})

    assert response.status_code == 200
    assert client.get("/admin/").status_code == 302


def test_the_answer_is_the_same_for_every_name(client: Client, demo_admin: Any, settings: Any) -> None:
    known, unknown = (
        client.post("/admin/login/", {"username": name, "password": settings.DEMO_PASSWORD}).context["form"].errors
        for name in ("admin", "nobody")
    )

    assert known == unknown != {}


def test_another_password_opens_the_same_login(client: Client, demo_admin: Any) -> None:
    demo_admin.set_password("a password of its own")
    demo_admin.save()

    client.post("/admin/login/", {"username": "admin", "password": "a password of its own"})

    assert client.get("/admin/").status_code == 200


def own_account(client: Client, user: Any, password: str) -> None:
    client.force_login(user)
    name = {f"name_email-{field}": user.email for field in ("email", "first_name", "last_name")}
    look = {"theme-theme": "system", "theme-density": "default", "theme-contrast": "system"}
    new = {f"password-new_password{number}": password for number in (1, 2)}
    client.post("/admin/account/", {**name, **look, **new, "password-old_password": "an old password"})


def somebody_elses_account(client: Client, user: Any, password: str) -> None:
    client.force_login(user)
    form = {"username": "admin", "email": user.email, "first_name": "A", "last_name": "B", "is_superuser": "on"}
    client.post(f"/admin/users/edit/{user.pk}/", {**form, "password1": password, "password2": password})


def mailed_link(client: Client, user: Any, password: str) -> None:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    link = client.get(f"/admin/password_reset/confirm/{uid}/{default_token_generator.make_token(user)}/")["Location"]
    client.post(link, {"new_password1": password, "new_password2": password})


@pytest.mark.parametrize("change", [own_account, somebody_elses_account, mailed_link])
def test_it_cannot_be_chosen_in_public(
    client: Client, demo_admin: Any, settings: Any, change: Callable[[Client, Any, str], None]
) -> None:
    demo_admin.set_password("an old password")
    demo_admin.save()

    change(client, demo_admin, settings.DEMO_PASSWORD)
    demo_admin.refresh_from_db()
    assert demo_admin.check_password("an old password")

    change(client, demo_admin, "quite another password")
    demo_admin.refresh_from_db()
    assert demo_admin.check_password("quite another password")


def test_it_may_be_chosen_where_the_site_is_local(settings: Any) -> None:
    validate_password(settings.DEMO_PASSWORD)
    settings.IS_LOCAL = False

    with pytest.raises(ValidationError):
        validate_password(settings.DEMO_PASSWORD)
