"""Viewsets of courses and lessons: their lists and pages in Wagtail's admin."""

from wagtail.admin.viewsets.pages import PageViewSet

from courses.models import CourseIndexPage, CoursePage, LessonPage
from courses.staff import editor, explorer, ordering


class CourseViewSet(PageViewSet):
    model = CoursePage
    parent_models = [CourseIndexPage]
    index_view_class = explorer.StandingIndexView
    content_type_use_view_class = explorer.StandingUseView
    filterset_class = explorer.CourseFilterSet
    edit_view_class = editor.EditView


class LessonViewSet(PageViewSet):
    model = LessonPage
    parent_models = [CoursePage]
    index_view_class = explorer.LessonIndexView
    content_type_use_view_class = explorer.StandingUseView
    filterset_class = explorer.LessonFilterSet
    edit_view_class = editor.EditView
    set_page_position_view_class = ordering.SetLessonPositionView
