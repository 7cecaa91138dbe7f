"""Template tag for the waitlists of a learner, for templates of other rooms."""

from django import template

from release import waitlist
from release.waitlist import WaitedFor

register = template.Library()


@register.simple_tag
def waited_for_by(address: str) -> list[WaitedFor]:
    return waitlist.waited_for_by(address)
