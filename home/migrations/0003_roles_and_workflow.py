"""Who does what on a new site: Editors write, Reviewers decide, Publishers may both, and a workflow leads through it.

Only what is missing is made: a group, or a workflow of the home page, that is there already is somebody's own.
Wagtail's Moderators, who may publish past any review, keep their rights; the demo has nobody in that group.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations

WORKFLOW = "Course review"
TASK = "Review"
ADMIN = ["wagtailadmin.access_admin"]
TOPICS = ["courses.add_topic", "courses.change_topic", "courses.view_topic"]
LEARNERS = [
    "access.view_email",
    "access.change_email",
    "access.export_email",
    "access.add_grant",
    "access.change_grant",
]
WAITLISTS = ["release.view_waitlistentry", "release.delete_waitlistentry", "release.export_waitlistentry"]
PAGES = ["add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page"]
FILES = [
    f"{app}.{action}_{model}"
    for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document"), ("wagtailmedia", "media"))
    for action in ("add", "change", "choose")
    if (app, action) != ("wagtailmedia", "choose")
]


def create(apps, schema_editor):
    for label in ("access", "courses", "release", "wagtailcore"):  # Django makes these rows only after all migrations
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, verbosity=0, apps=apps)
        config.models_module = None
    Group = apps.get_model("auth.Group")
    for editors in Group.objects.filter(name="Editors"):
        editors.permissions.add(*_permissions(apps, TOPICS))
    reviewers = _group(apps, "Reviewers", ADMIN)
    publishers = _group(
        apps, "Publishers", ADMIN + LEARNERS + WAITLISTS + TOPICS + ["courses.delete_topic"], is_publisher=True
    )
    _workflow(apps, reviewers, publishers)


def remove(apps, schema_editor):
    """Take away what was made, but no group that has members, and no workflow through which a page has gone."""
    Group = apps.get_model("auth.Group")
    Workflow = apps.get_model("wagtailcore.Workflow")
    ReviewTask = apps.get_model("review.ReviewTask")
    for workflow in Workflow.objects.filter(name=WORKFLOW, workflow_states=None):
        workflow.delete()
    for task in ReviewTask.objects.filter(name=TASK, workflow_tasks=None, task_states=None):
        task.delete()
    Group.objects.filter(name__in=["Reviewers", "Publishers"], user=None, reviewtask=None).delete()
    for editors in Group.objects.filter(name="Editors"):
        editors.permissions.remove(*_permissions(apps, TOPICS))


def _group(apps, name, permissions, *, is_publisher=False):
    group, is_new = apps.get_model("auth.Group").objects.get_or_create(name=name)
    if is_new:
        group.permissions.set(_permissions(apps, permissions))
    if is_new and is_publisher:
        root = apps.get_model("wagtailcore.Page").objects.get(depth=1)
        for permission in _permissions(apps, [f"wagtailcore.{name}" for name in PAGES]):
            apps.get_model("wagtailcore.GroupPagePermission").objects.create(
                group=group, page=root, permission=permission
            )
        collection = apps.get_model("wagtailcore.Collection").objects.get(depth=1)
        for permission in _permissions(apps, FILES):
            apps.get_model("wagtailcore.GroupCollectionPermission").objects.create(
                group=group, collection=collection, permission=permission
            )
    return group


def _permissions(apps, names):
    found = apps.get_model("auth.Permission").objects.select_related("content_type")
    return [each for each in found if f"{each.content_type.app_label}.{each.codename}" in names]


def _workflow(apps, *groups):
    ContentType = apps.get_model("contenttypes.ContentType")
    Workflow = apps.get_model("wagtailcore.Workflow")
    WorkflowPage = apps.get_model("wagtailcore.WorkflowPage")
    ReviewTask = apps.get_model("review.ReviewTask")
    if Workflow.objects.filter(name=WORKFLOW).exists():
        return
    task_type, _ = ContentType.objects.get_or_create(app_label="review", model="reviewtask")
    task = ReviewTask.objects.create(name=TASK, content_type=task_type)
    task.groups.set(groups)
    workflow = Workflow.objects.create(name=WORKFLOW)
    apps.get_model("wagtailcore.WorkflowTask").objects.create(workflow=workflow, task_id=task.pk, sort_order=0)
    for home in apps.get_model("home.HomePage").objects.all():
        WorkflowPage.objects.get_or_create(page_id=home.pk, defaults={"workflow": workflow})


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0002_front_page_and_catalogue"),
        ("access", "0001_initial"),
        ("courses", "0002_relations"),
        ("library", "0001_initial"),
        ("release", "0002_waitlist_without_token"),
        ("review", "0001_initial"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailmedia", "0005_alter_media_options"),
    ]

    operations = [migrations.RunPython(create, remove)]
