from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0005_plain_words")]

    operations = [
        migrations.AddField(
            model_name="lessonpage",
            name="origin_course",
            field=models.UUIDField(editable=False, null=True),
        ),
    ]
