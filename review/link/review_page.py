"""The review page behind a link: what the reviewer decides about, what was said, and the three actions."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.compare import ChildRelationComparison, ForeignObjectComparison
from wagtail.models import Page, Revision, TaskState

from access import email_addresses
from courses.editing import access_change, readiness
from release import release_summary
from review import changes, decisions
from review.link import link_preview
from review.link.forms import LookForm, SayForm
from review.link.link_preview import Shown
from review.models import ReviewLink, ReviewNote, ReviewTask
from review.reviewers import MailboxReviewer

DECISIONS = [ReviewNote.Kind.APPROVAL, ReviewNote.Kind.RETURN]


def do(act: str, link: ReviewLink, said: dict[str, Any], *, by: MailboxReviewer, now: datetime) -> ReviewNote:
    """Raises approval.DecisionRefused or links.NotCovered; which review it is about is never taken from what was sent.

    Where nothing waits any more nothing is said either: a page that is shut is not spoken about.
    """
    shown = link_preview.covered(link, said["page_id"])
    if shown.task_state is None and (act != "comment" or not link_preview.waits(link_preview.all_of(link))):
        raise decisions.NotWaiting
    given: dict[str, Any] = {"revision_id": said["revision_id"], "by": by, "text": said["text"], "now": now}
    if act == "comment":
        return decisions.comment(shown.page, **given)
    assert shown.task_state is not None  # noqa: S101  (refused above)
    if act == "return":
        return decisions.send_back(shown.task_state.pk, **given)
    return decisions.approve(shown.task_state.pk, in_spite_of=said["in_spite_of"], **given)


def about(
    shown: Shown, link: ReviewLink, reviewer: MailboxReviewer | None, *, request: HttpRequest, seen: SayForm | None
) -> dict[str, Any]:
    """`seen`: what was sent, if it was refused; then what changed since is shown too."""
    draft, task_state, revision = shown.draft(), shown.task_state, shown.revision
    return {
        "title": draft.title,
        "author": task_state.workflow_state.requested_by if task_state else None,
        "announced": release_summary.sentence(shown.page, revision, timezone.now()) if task_state else "",
        "effect": access_change.effect(shown.page, revision) if revision else None,
        "decisive": changes.decisive(revision) if revision else [],
        "checks": readiness.checks_for(draft),
        "is_blocked": bool(readiness.blocking(draft)),
        "compared": _compared(shown.page, draft, request) if shown.page.live else None,
        "since": _since(shown, link, seen, request=request),
        "notes": _notes(shown.page, reviewer),
    }


def over(link: ReviewLink, reviewer: MailboxReviewer | None) -> dict[str, Any]:
    """Nothing waits: the last decision and its words, for a link is used again after the draft was fixed."""
    last = ReviewNote.objects.filter(page=link.page_id, kind__in=DECISIONS).last()
    page = link.page.specific
    is_mine = bool(last and last.link and reviewer and last.link.mailbox == reviewer.mailbox)
    return {
        "last": last,
        "is_mine": is_mine,
        "url": page.get_url() if page.live and last and page.live_revision_id == last.revision_id else None,
        "scheduled": page.scheduled_revision,
    }


def say_form(shown: Shown) -> SayForm:
    return SayForm(initial=_hidden(shown))


def with_current_revision(form: SayForm, shown: Shown) -> SayForm:
    """What was typed stays; what it is about is what is shown now."""
    form.data = {**form.data, **_hidden(shown)}
    return form


def query(form: LookForm) -> str:
    return urlencode({"audience": form.cleaned_data["audience"], "at": form.data["at"]})


def _hidden(shown: Shown) -> dict[str, Any]:
    return {"page_id": shown.page.pk, "revision_id": shown.revision.pk if shown.revision else 0}


def _notes(page: Page, reviewer: MailboxReviewer | None) -> list[dict[str, Any]]:
    """Addresses are shown in full only to the reviewer who proved the mailbox."""
    notes = ReviewNote.objects.filter(page=page.pk)
    return [{"note": note, "name": note.name if reviewer else email_addresses.hidden(note.name)} for note in notes]


def _since(shown: Shown, link: ReviewLink, seen: SayForm | None, *, request: HttpRequest) -> list[Any] | None:
    """Against the revision that was looked at, if this link ever showed it: any other draft's text stays shut."""
    looked_at = seen.cleaned_data.get("revision_id") if seen else None
    if looked_at is None or shown.revision is None or looked_at == shown.revision.pk:
        return None
    reviewed = TaskState.objects.filter(task__in=ReviewTask.objects.all(), finished_at__gte=link.created_at)
    before = Revision.page_revisions.filter(
        pk__in=reviewed.filter(revision=looked_at).values("revision_id"), object_id=str(shown.page.pk)
    ).first()
    return _compared(before.as_object(), shown.draft(), request) if before else None


def _compared(before: Page, after: Page, request: HttpRequest) -> list[dict[str, Any]]:
    """Wagtail's comparison as rows of text. Its images are for the admin: they are made, and written, when shown."""
    return [row for each in changes.comparison(before, after, request) for row in _rows(each)]


def _rows(compared: Any) -> list[dict[str, Any]]:
    if isinstance(compared, ChildRelationComparison):
        children = [child for child in compared.get_child_comparisons() if child.has_changed() or child.is_deletion()]
        fields = [field for child in children for field in child.get_field_comparisons()]
        return [{"label": compared.field_label(), "diff": _diff(field)} for field in fields]
    return [{"label": compared.field_label(), "diff": _diff(compared)}]


def _diff(compared: Any) -> Any:
    plain = ForeignObjectComparison.htmldiff if isinstance(compared, ForeignObjectComparison) else None
    return plain(compared) if plain else compared.htmldiff()
