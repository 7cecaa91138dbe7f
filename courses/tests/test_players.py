"""Addresses of videos on other sites: what is taken, and what is not."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.content import embeds

YOUTUBE = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "javascript://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "data:text/html,<script>",
        "//www.youtube.com/watch?v=dQw4w9WgXcQ",
        "http://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "file:///etc/passwd",
        "https://user@www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://user:secret@www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://@www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com@evil.example/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com:8443/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com:port/watch?v=dQw4w9WgXcQ",
        "https://evil.example/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://evilyoutube.com/watch?v=dQw4w9WgXcQ",
        "https://yout\u0443be.com/watch?v=dQw4w9WgXcQ",
        "https://evil.example\\@www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://evil.example#@www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://[::1/watch?v=dQw4w9WgXcQ",
        "https://127.0.0.1/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQx",
        "https://www.youtube.com/watch?v=dQw4w9WgXc%22",
        "https://www.youtube.com/embed/dQw4w9WgXcQ/../../evil",
        "https://youtu.be/dQw4w9WgXcQ/more",
        "https://vimeo.com/",
        "https://vimeo.com/channels/staffpicks",
        "https://vimeo.com/123",
        "https://vimeo.com/\u0661\u0662\u0663\u0664\u0665\u0666",
        "https://vimeo.com/76979871/NOTHEX",
    ],
)
def test_address_that_is_no_video_of_a_known_site_is_refused(address: str) -> None:
    assert embeds.find(address) is None


@pytest.mark.parametrize(
    ("address", "src"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", YOUTUBE),
        ("https://youtube.com/watch?v=dQw4w9WgXcQ&t=10s&list=x", YOUTUBE),
        ("https://m.youtube.com/watch?v=dQw4w9WgXcQ", YOUTUBE),
        ("https://WWW.YouTube.com/watch?v=dQw4w9WgXcQ", YOUTUBE),
        ("https://youtu.be/dQw4w9WgXcQ?si=x", YOUTUBE),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", YOUTUBE),
        ("https://www.youtube.com/live/dQw4w9WgXcQ", YOUTUBE),
        ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", YOUTUBE),
        (" https://youtu.be/dQw4w9WgXcQ ", YOUTUBE),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("https://vimeo.com/76979871/8272103f6e", "https://player.vimeo.com/video/76979871?dnt=1&h=8272103f6e"),
        (
            "https://player.vimeo.com/video/76979871?h=8272103f6e",
            "https://player.vimeo.com/video/76979871?dnt=1&h=8272103f6e",
        ),
        (
            "https://player.vimeo.com/video/76979871?h=%22onload",
            "https://player.vimeo.com/video/76979871?dnt=1",
        ),
    ],
)
def test_address_of_a_video_becomes_a_player_that_keeps_privacy(address: str, src: str) -> None:
    player = embeds.find(address)

    assert player is not None
    assert player.src == src


HOSTS = st.sampled_from(
    [*embeds.YOUTUBE_HOSTS, *embeds.VIMEO_HOSTS, "youtu.be", "evil.example", "www.youtube.com@evil.example"]
)
ADDRESSES = st.one_of(
    st.text(),
    st.builds(
        "{}://{}/{}".format,
        st.sampled_from(["https", "http", "javascript", " https", "HTTPS"]),
        HOSTS,
        st.one_of(
            st.from_regex(r"(watch\?v=|embed/|video/)?[\w\"<>.-]{1,14}(\?h=.{0,12})?", fullmatch=True), st.text()
        ),
    ),
)


@given(ADDRESSES)
@settings(deadline=None)
def test_player_is_never_anywhere_but_on_the_two_sites(address: str) -> None:
    player = embeds.find(address)

    if player is not None:
        parts = urlsplit(player.src)
        assert (parts.scheme, parts.netloc) in {("https", "www.youtube-nocookie.com"), ("https", "player.vimeo.com")}
        assert player.src.isascii()
        assert not set(player.src + player.page_url) & set("\"'<> \\")
