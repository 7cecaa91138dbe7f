"""manage.py move_media: bring all files to Cloudinary, or back to this machine."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from wagtail_cloudinary import moving
from wagtail_cloudinary.models import MovedFile
from wagtail_cloudinary.moving import Outcome, Result, Stopped

BAR = 30
LINE_EVERY = 50  # files, where the output is no terminal
SHOWN_TROUBLES = 20


class Command(BaseCommand):
    help = (
        "Copies every file that the site uses to Cloudinary, or back, under the same name, and checks each by its "
        "SHA-256. It may be stopped at any time and run again; it goes on where it stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", required=True, choices=MovedFile.Destination.values)
        parser.add_argument("--dry-run", action="store_true", help="say what would be moved, and change nothing")
        parser.add_argument(
            "--delete-source", action="store_true", help="delete what was moved, once everything has arrived"
        )

    def handle(self, *, to: str, dry_run: bool, delete_source: bool, **_options: Any) -> None:
        try:
            self.tell_what_stays()
            if dry_run:
                self.tell_what_would_move(to)
                return
            result = moving.move(to, delete_source=delete_source, report=self.progress)
        except (ImproperlyConfigured, Stopped) as error:
            raise CommandError(str(error)) from error
        self.tell(result, delete_source=delete_source)

    def tell_what_stays(self) -> None:
        for model, file_field, alias in moving.fields():
            if not alias:
                self.stderr.write(f"{model._meta.label}.{file_field.name} has a storage of its own and stays there.")

    def tell_what_would_move(self, to: str) -> None:
        counts = Counter(place.alias for place in moving.files_in_use())
        for alias, count in sorted(counts.items()):
            done = MovedFile.objects.filter(alias=alias, destination=to).exclude(state=MovedFile.State.COPYING)
            self.stdout.write(f"{alias}: {count} files in use; {done.count()} have been brought to {to} before.")

    def progress(self, result: Result) -> None:
        if self.stderr.isatty():
            full = BAR * result.done // result.total
            ending = "\n" if result.done == result.total else ""
            bar = "#" * full + "." * (BAR - full)
            self.stderr.write(f"\r[{bar}] {result.done}/{result.total} {counted(result)}", ending=ending)
            self.stderr.flush()
        elif result.done % LINE_EVERY == 0 or result.done == result.total:
            self.stderr.write(f"{result.done}/{result.total} {counted(result)}")

    def tell(self, result: Result, *, delete_source: bool) -> None:
        for place, reason in result.troubles[:SHOWN_TROUBLES]:
            self.stderr.write(f"{place.alias}: {place.name}: {reason}")
        if not result.is_complete:
            kept = " No source was deleted." if delete_source else ""
            raise CommandError(f"{len(result.troubles)} of {result.total} files did not arrive.{kept} Run it again.")
        deleted = f" {result.deleted} sources were deleted." if delete_source else ""
        self.stdout.write(f"All {result.total} files have arrived: {counted(result) or 'there are none'}.{deleted}")


def counted(result: Result) -> str:
    return ", ".join(f"{result.counts[outcome]} {outcome.value}" for outcome in Outcome if result.counts[outcome])
