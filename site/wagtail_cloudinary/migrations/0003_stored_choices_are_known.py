from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_cloudinary", "0002_dropped_file"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="movedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("destination__in", ["local", "cloudinary"])), name="moved_file_destination_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="movedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["copying", "verified", "moved"])), name="moved_file_state_is_known"
            ),
        ),
    ]
