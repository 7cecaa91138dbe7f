"""The guide for editors: the file docs/editing.md, shown in the admin's help."""

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from home import guide


@pytest.fixture
def log_in(db: None) -> Callable[[str], Client]:
    def make(group: str) -> Client:
        user = get_user_model().objects.create_user("staff", "", "x")
        user.groups.add(Group.objects.get(name=group))
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def editor(log_in: Callable[[str], Client]) -> Client:
    return log_in("Editors")


def shown(client: Client) -> BeautifulSoup:
    return BeautifulSoup(client.get(reverse("guide")).content, "html.parser")


@pytest.mark.parametrize("group", ["Editors", "Reviewers", "Publishers"])
def test_the_guide_answers_whoever_works_in_the_admin(log_in: Callable[[str], Client], group: str) -> None:
    page = shown(log_in(group))

    assert [title.get_text(strip=True) for title in page.select("main h1")] == ["How to edit"]
    assert page.select("main article p")


def test_the_help_menu_leads_to_the_guide(editor: Client) -> None:
    assert reverse("guide") in editor.get(reverse("wagtailadmin_home")).content.decode()


def test_nobody_else_sees_the_guide_or_its_pictures(client: Client, db: None) -> None:
    for url in (reverse("guide"), reverse("guide_picture", args=["dashboard"])):
        assert client.get(url).status_code == 302


def test_every_section_is_in_the_table_of_contents(editor: Client) -> None:
    page = shown(editor)

    listed = [str(link["href"]) for link in page.select(".guide-contents a")]

    assert len(listed) > 5
    assert listed == [f"#{heading['id']}" for heading in page.select("main article h2")]


def test_every_link_in_the_guide_leads_somewhere(editor: Client) -> None:
    page = shown(editor)
    anchors = [str(each["id"]) for each in page.select("[id]")]

    links = [str(link["href"]) for link in page.select(".guide a")]

    assert len(anchors) == len(set(anchors))
    assert [link for link in links if not link.startswith("#") or link[1:] not in anchors] == []


def test_every_picture_of_the_guide_is_there_and_described(editor: Client) -> None:
    pictures = shown(editor).select("main article img")

    assert len(pictures) > 5
    for each in pictures:
        answer = editor.get(str(each["src"]))
        assert answer.headers["Content-Type"] == "image/webp"
        assert b"".join(answer).startswith(b"RIFF")
        assert each["alt"]


def test_the_pictures_are_small_and_all_of_them_are_shown() -> None:
    sizes = {f"images/{file.name}": file.stat().st_size for file in guide.IMAGES.iterdir()}

    assert sorted(re.findall(r"\((images/\S+)\)", guide.GUIDE.read_text())) == sorted(sizes)
    assert [name for name, size in sizes.items() if size > 80_000] == []
    assert sum(sizes.values()) < 500_000


def test_a_picture_that_is_not_there_is_not_found(editor: Client) -> None:
    assert editor.get(reverse("guide_picture", args=["no-such-picture"])).status_code == 404
