from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0003_minutes_may_be_left_empty"),
        ("library", "0001_initial"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="coursepage",
            options={
                "permissions": [("set_price", "Can set the price of courses")],
                "verbose_name": "course",
                "verbose_name_plural": "courses",
            },
        ),
        migrations.AddField(
            model_name="coursepage",
            name="currency",
            field=models.CharField(blank=True, default="", max_length=3, verbose_name="currency"),
        ),
        migrations.AddField(
            model_name="coursepage",
            name="price",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="What a purchase costs, for a course that asks for one. Without a price it is not on sale.",
                null=True,
                verbose_name="price",
            ),
        ),
        migrations.AddConstraint(
            model_name="coursepage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("currency", ""), ("price", None)),
                    models.Q(("currency__regex", "^[A-Z]{3}$"), ("price__gt", 0)),
                    _connector="OR",
                ),
                name="course_price_has_currency",
            ),
        ),
    ]
