"""The groups and the workflow of a new site; what a site made of them is left alone."""

import importlib
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps
from wagtail.models import GroupPagePermission, Workflow

from courses.models import CourseIndexPage
from home.models import HomePage
from review.models import ReviewTask

selling = importlib.import_module("home.migrations.0004_rights_to_sell")
roles = importlib.import_module("home.migrations.0003_roles_and_workflow")


@pytest.fixture
def then(db: None) -> StateApps:
    """The models as they were when the roles were made."""
    return MigrationExecutor(connection).loader.project_state([("home", "0003_roles_and_workflow")]).apps


@pytest.fixture
def since(db: None) -> StateApps:
    """The models as they were when the rights to sell were given."""
    return MigrationExecutor(connection).loader.project_state([("home", "0004_rights_to_sell")]).apps


def rights(name: str) -> set[str]:
    found = Permission.objects.filter(group__name=name).values_list("codename", flat=True)
    on_pages = GroupPagePermission.objects.filter(group__name=name).values_list("permission__codename", flat=True)
    return {*found, *on_pages}


def state() -> dict[str, Any]:
    return {
        "groups": {name: rights(name) for name in Group.objects.values_list("name", flat=True)},
        "workflows": list(Workflow.objects.order_by("name").values_list("name", "workflow_pages__page_id")),
        "tasks": sorted(ReviewTask.objects.values_list("name", "groups__name")),
    }


def test_reviewers_may_enter_the_admin_and_nothing_else(db: None) -> None:
    assert rights("Reviewers") == {"access_admin"}


def test_editors_write_and_do_not_publish(db: None) -> None:
    assert {"add_page", "change_page", "add_topic", "change_topic"} <= rights("Editors")
    assert not {"publish_page", "delete_topic", "lock_page", "view_email"} & rights("Editors")


def test_publishers_do_all_of_it(db: None) -> None:
    pages = {"add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page"}

    assert pages | {
        "delete_topic",
        "view_email",
        "change_email",
        "export_email",
        "add_grant",
        "change_grant",
    } <= rights("Publishers")


def test_whole_site_goes_through_the_review(db: None) -> None:
    workflow = Workflow.objects.get(name="Course review")

    assert HomePage.objects.get().get_workflow() == CourseIndexPage.objects.get().get_workflow() == workflow
    assert set(ReviewTask.objects.get().groups.values_list("name", flat=True)) == {"Reviewers", "Publishers"}


def test_making_the_roles_again_changes_nothing(then: StateApps) -> None:
    before = state()

    roles.create(then, None)

    assert state() == before


def test_roles_can_be_taken_back_and_made_again(then: StateApps, since: StateApps) -> None:
    before = state()

    roles.remove(then, None)

    assert not Group.objects.filter(name__in=["Reviewers", "Publishers"]).exists()
    assert HomePage.objects.get().get_workflow().name == "Moderators approval"
    roles.create(then, None)
    selling.give(since, None)
    assert state()["groups"] == before["groups"]
    assert state()["tasks"] == before["tasks"]


def test_what_a_site_made_of_its_roles_is_left_alone(then: StateApps) -> None:
    Group.objects.get(name="Publishers").permissions.clear()
    Group.objects.get(name="Reviewers").permissions.add(Permission.objects.get(codename="view_email"))
    ReviewTask.objects.get().groups.clear()
    before = state()

    roles.create(then, None)

    assert state() == before


def test_workflow_of_somebodys_own_stays_on_the_home_page(then: StateApps) -> None:
    roles.remove(then, None)
    mine = Workflow.objects.create(name="Mine")
    mine.workflow_pages.create(page=HomePage.objects.get().page_ptr)

    roles.create(then, None)

    assert HomePage.objects.get().get_workflow() == mine


def test_group_with_members_is_not_taken_away(then: StateApps, django_user_model: Any) -> None:
    person = django_user_model.objects.create_user("rita", "rita@example.org", "x")
    person.groups.add(Group.objects.get(name="Reviewers"))

    roles.remove(then, None)

    assert person.groups.get().name == "Reviewers"


# The rights to sell

SALES = {
    "set_price",
    "view_payment",
    "change_payment",
    "refund_payment",
    "export_payment",
    "change_shopsettings",
}


def test_publishers_sell(db: None) -> None:
    assert rights("Publishers") >= SALES


@pytest.mark.parametrize("group", ["Editors", "Reviewers", "Moderators"])
def test_nobody_else_sells(db: None, group: str) -> None:
    assert not SALES & rights(group)


def test_rights_to_sell_can_be_taken_back_and_given_again(since: StateApps) -> None:
    before = state()

    selling.take(since, None)

    assert not SALES & rights("Publishers")
    selling.give(since, None)
    assert state() == before


def test_site_without_publishers_gives_the_rights_to_nobody(since: StateApps) -> None:
    Group.objects.filter(name="Publishers").delete()

    selling.give(since, None)

    assert not Permission.objects.filter(codename__in=SALES).exclude(group=None).exists()
