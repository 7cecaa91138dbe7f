import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0002_relations"),
    ]

    operations = [
        migrations.AlterField(
            model_name="coursepage",
            name="summary",
            field=models.CharField(
                help_text="One or two sentences on why to take this course.", max_length=300, verbose_name="summary"
            ),
        ),
        migrations.AlterField(
            model_name="lessonpage",
            name="minutes",
            field=models.PositiveSmallIntegerField(
                blank=True,
                default=0,
                help_text="How long it takes to read and watch. Left empty: as long as the video, if it has one.",
                validators=[django.core.validators.MaxValueValidator(1000)],
                verbose_name="minutes",
            ),
        ),
        migrations.AlterField(
            model_name="lessonpage",
            name="summary",
            field=models.CharField(
                help_text="What one knows or can do afterwards.", max_length=300, verbose_name="summary"
            ),
        ),
    ]
