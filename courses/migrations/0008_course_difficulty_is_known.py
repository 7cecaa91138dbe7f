from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0007_lessons_follow_their_course"),
        ("library", "0003_plain_words"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="coursepage",
            constraint=models.CheckConstraint(
                condition=models.Q(("difficulty__in", ["beginner", "intermediate", "advanced"])),
                name="course_difficulty_is_known",
            ),
        ),
    ]
