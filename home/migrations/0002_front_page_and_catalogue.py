"""A new site has a front page and an empty catalogue at /courses/, instead of Wagtail's welcome page."""

from django.db import migrations


def create(apps, schema_editor):
    ContentType = apps.get_model("contenttypes.ContentType")
    Page = apps.get_model("wagtailcore.Page")
    Site = apps.get_model("wagtailcore.Site")
    HomePage = apps.get_model("home.HomePage")
    CourseIndexPage = apps.get_model("courses.CourseIndexPage")

    root = Page.objects.get(depth=1)
    welcome = Page.objects.filter(depth=2, slug="home", content_type__model="page").first()
    if welcome is None or Page.objects.filter(depth=2).count() > 1:
        return  # somebody's own site: leave it alone
    locale = welcome.locale
    path = welcome.path
    Site.objects.filter(root_page=welcome).delete()
    welcome.delete()

    home_type, _ = ContentType.objects.get_or_create(app_label="home", model="homepage")
    home = HomePage.objects.create(
        title="Lectern",
        draft_title="Lectern",
        slug="home",
        content_type=home_type,
        path=path,
        depth=2,
        numchild=1,
        url_path="/home/",
        locale=locale,
        headline="Courses worth your time",
    )
    index_type, _ = ContentType.objects.get_or_create(app_label="courses", model="courseindexpage")
    CourseIndexPage.objects.create(
        title="Courses",
        draft_title="Courses",
        slug="courses",
        content_type=index_type,
        path=f"{path}0001",
        depth=3,
        url_path="/home/courses/",
        locale=locale,
        show_in_menus=True,
    )
    Page.objects.filter(pk=root.pk).update(numchild=1)
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)


def remove(apps, schema_editor):
    """Put Wagtail's welcome page back, as its own migrations left it."""
    ContentType = apps.get_model("contenttypes.ContentType")
    Page = apps.get_model("wagtailcore.Page")
    Site = apps.get_model("wagtailcore.Site")
    HomePage = apps.get_model("home.HomePage")

    for home in HomePage.objects.all():
        path, locale = home.path, home.locale
        Site.objects.filter(root_page_id=home.pk).delete()
        Page.objects.filter(path__startswith=path).delete()
        page_type, _ = ContentType.objects.get_or_create(app_label="wagtailcore", model="page")
        welcome = Page.objects.create(
            title="Welcome to your new Wagtail site!",
            draft_title="Welcome to your new Wagtail site!",
            slug="home",
            content_type=page_type,
            path=path,
            depth=2,
            url_path="/home/",
            locale=locale,
        )
        Site.objects.create(hostname="localhost", root_page=welcome, is_default_site=True)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("courses", "0002_relations"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(create, remove)]
