"""URLs of review links, all below the link's secret."""

from django.urls import include, path

from review.link import files, views

app_name = "review"

urlpatterns = [
    path(
        "<str:signed>/",
        include(
            [
                path("", views.look, name="look"),
                path("page/<int:page_id>/", views.page, name="page"),
                path("say/", views.say, name="say"),
                path("mailbox/", views.mailbox, name="mailbox"),
                path("mailbox/<uuid:token_id>/", views.code, name="code"),
                path("files/<int:page_id>/picture/<int:image_id>/<int:width>/", files.picture, name="picture"),
                path("files/<int:page_id>/video/<int:video_id>/", files.video, name="video"),
                path("files/<int:page_id>/captions/<str:language>.vtt", files.captions, name="captions"),
                path("files/<int:page_id>/chapters.vtt", files.chapters, name="chapters"),
                path("files/<int:page_id>/documents/<int:document_id>/<str:filename>", files.document, name="document"),
            ]
        ),
    ),
]
