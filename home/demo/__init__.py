"""The courses a new site starts with: prose, pictures and films made for it, and nothing that needs a network."""

from home.demo.draft_course import DRAFT_COURSE
from home.demo.email_course import EMAIL_COURSE
from home.demo.open_course import OPEN_COURSE
from home.demo.paid_course import PAID_COURSE
from home.demo.soon_course import SOON_COURSE

COURSES = (OPEN_COURSE, EMAIL_COURSE, PAID_COURSE, SOON_COURSE, DRAFT_COURSE)

LEARNER = "learner@example.org"  # has learned something already (home.demo.learner)

__all__ = ["COURSES", "LEARNER"]
