from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0008_mail_queue"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["purchase", "gift", "staff"])), name="grant_source_is_known"
            ),
        ),
    ]
