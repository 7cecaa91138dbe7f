"""Fill a new site with the demo: five courses, their media, and a login for each role."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from home.demo import LEARNER, learner, loading


class Command(BaseCommand):
    help = "Load the demo courses and logins: adds what is missing. The history of the demo's learner is made anew."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IS_LOCAL:
            raise CommandError(
                "The demo has logins that everybody knows. It is for your own machine, not for production."
            )
        for login in loading.load_people():
            self.stdout.write(f"login {login}")
        loading.load_shop()
        for course in loading.load_courses():
            self.stdout.write(f"course {course}")
        learner.load(now=timezone.now())
        self.stdout.write(f"learner {LEARNER}")
