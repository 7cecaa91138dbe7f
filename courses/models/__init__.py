"""What we teach: the catalogue, its courses, their lessons, and the topics that sort them."""

from courses.models.chapter import LessonChapter
from courses.models.course import CoursePage
from courses.models.index import CourseIndexPage
from courses.models.lesson import LessonCaption, LessonPage
from courses.models.topic import Topic

__all__ = ["CourseIndexPage", "CoursePage", "LessonCaption", "LessonChapter", "LessonPage", "Topic"]
