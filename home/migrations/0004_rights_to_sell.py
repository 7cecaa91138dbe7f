"""Publishers set prices, and look after orders. Where a site has no such group, nobody gets these rights by itself."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

RIGHTS = [
    "courses.set_price",
    "purchases.view_payment",
    "purchases.change_payment",
    "purchases.refund_payment",
    "purchases.export_payment",
    "purchases.change_shopsettings",
]


def give(apps, schema_editor):
    for label in ("courses", "purchases"):  # Django makes these rows only after all migrations
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, verbosity=0, apps=apps)
        config.models_module = None
    for publishers in apps.get_model("auth.Group").objects.filter(name="Publishers"):
        publishers.permissions.add(*_permissions(apps))


def take(apps, schema_editor):
    for publishers in apps.get_model("auth.Group").objects.filter(name="Publishers"):
        publishers.permissions.remove(*_permissions(apps))


def _permissions(apps):
    found = apps.get_model("auth.Permission").objects.select_related("content_type")
    return [each for each in found if f"{each.content_type.app_label}.{each.codename}" in RIGHTS]


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0003_roles_and_workflow"),
        ("courses", "0004_price"),
        ("purchases", "0001_initial"),
    ]

    operations = [migrations.RunPython(give, take)]
