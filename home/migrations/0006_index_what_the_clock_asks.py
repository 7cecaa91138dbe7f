"""Partial indexes on tables of others: what `run_due` asks of them every minute is most often nothing.

Without a model to say so: an upgrade of theirs that makes a table anew, as SQLite needs, may leave them behind. Nothing
breaks then; a round takes longer.
"""

from django.db import migrations

INDEXES = {
    "page_that_ends": "wagtailcore_page (expire_at) WHERE expire_at IS NOT NULL",
    "task_running": "django_tasks_database_dbtaskresult (started_at) WHERE finished_at IS NULL",
    "task_finished": "django_tasks_database_dbtaskresult (finished_at) WHERE finished_at IS NOT NULL",
}


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0005_plain_words"),
        ("wagtailcore", "0098_apitoken"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [
        migrations.RunSQL(f"CREATE INDEX IF NOT EXISTS {name} ON {what}", f"DROP INDEX IF EXISTS {name}")
        for name, what in INDEXES.items()
    ]
