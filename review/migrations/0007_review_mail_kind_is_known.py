from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0006_mail_queue"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="reviewmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["asked", "note", "task_submitted", "submitted", "rejected", "approved"])
                ),
                name="review_mail_kind_is_known",
            ),
        ),
    ]
