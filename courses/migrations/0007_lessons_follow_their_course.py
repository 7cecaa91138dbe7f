from django.db import migrations

STEP = 4  # characters of a page's path for each level of the tree


def follow(apps, schema_editor):
    """What stands in a course by now follows it: only what comes from elsewhere later keeps what it asked."""
    lessons, courses = apps.get_model("courses", "LessonPage"), apps.get_model("courses", "CoursePage")
    for course in courses.objects.only("path", "translation_key").iterator():
        below = lessons.objects.filter(path__startswith=course.path, depth=len(course.path) // STEP + 1)
        below.update(origin_course=course.translation_key)


class Migration(migrations.Migration):
    dependencies = [("courses", "0006_origin_course")]

    operations = [migrations.RunPython(follow, migrations.RunPython.noop)]
