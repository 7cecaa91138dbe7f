"""Release summary: what approving a revision will do, when the page goes live, and how many people get an email."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page, Revision

from courses.models import CoursePage
from courses.models.stage import status_of
from release.models import WaitlistEntry


def sentence(page: Page, revision: Revision, now: datetime) -> str:
    """In the reader's own time zone, which is named."""
    proposed = revision.as_object()
    said = [_when(proposed.go_live_at, now=now)]
    if proposed.expire_at and proposed.expire_at > now:
        said.append(_("It goes offline %s.") % moment(proposed.expire_at))
    if isinstance(proposed, CoursePage):
        said.append(_who_is_told(proposed))
    return " ".join(each for each in said if each)


def moment(time: datetime) -> str:
    """Such as 'Wed 3 Mar 2027 09:00 CET'."""
    return date_format(timezone.localtime(time), "D j M Y H:i e")


def _when(go_live_at: datetime | None, *, now: datetime) -> str:
    if go_live_at and go_live_at > now:
        return _("Goes live %s.") % moment(go_live_at)
    return _("Publishes now.")


def _who_is_told(course: CoursePage) -> str:
    count = WaitlistEntry.objects.filter(course_key=course.translation_key).waiting().count()
    if not count:
        return ""
    if status_of(is_live=True, availability=course.availability).is_published:
        told = ngettext("%(count)s person will get an email.", "%(count)s people will get an email.", count)
    else:
        told = ngettext(
            "It’s still coming soon: %(count)s person stays on the waitlist and gets no email yet.",
            "It’s still coming soon: %(count)s people stay on the waitlist and get no email yet.",
            count,
        )
    return told % {"count": count}
