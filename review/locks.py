"""The editor's lock on a page in review: nobody changes it, and a sentence says what to do."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.locks import WorkflowLock


class ReviewLock(WorkflowLock):
    def get_message(self, user: Any) -> str:
        said = _("This page is in review. It can’t be changed until it’s approved or sent back, or you cancel.")
        state = self.object.current_workflow_task_state
        if state is None or not self.task.get_actions(self.object, user):
            return said
        return format_html('{} <a href="{}">{}</a>', said, reverse("reviews:look", args=[state.pk]), _("Review it"))

    def get_description(self, user: Any, can_lock: bool = False) -> str:
        return _("The page can’t be changed while it’s in review")
