"""The site on Cloudinary, in a real browser: files go up in the admin, and come down as the policy says."""

import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from stand_ins.cloudinary import server
from stand_ins.cloudinary.server import Cloudinary
from tests import in_admin, prepared_site, running_site
from tests.running_site import GATED, RunningSite
from tests.test_editing import MEDIA, upload_picture

pytestmark = pytest.mark.browser
FILM = MEDIA / "welcome.mp4"
LENT_SECONDS = 3
GAP_BYTES = 64 * 1024 * 1024  # more than a browser reads ahead


@pytest.fixture(scope="module")
def cloudinary() -> Iterator[Cloudinary]:
    with server.running() as running:
        yield running


@pytest.fixture(scope="module")
def cloud_site(
    chromium: Browser, cloudinary: Cloudinary, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSite]:
    """Its demo is loaded when it starts, to where its files then are."""
    folder = tmp_path_factory.mktemp("cloud")
    with prepared_site.copied(folder, demo=False) as where:
        there = {**where, "CLOUDINARY_URL": cloudinary.url, "MEDIA_SECONDS": str(LENT_SECONDS)}
        with running_site.start(folder, chromium, **there) as running:
            yield running


@pytest.fixture
def page(cloud_site: RunningSite) -> Iterator[Page]:
    context = cloud_site.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def publisher(cloud_site: RunningSite) -> Iterator[Page]:
    context = in_admin.log_in(cloud_site, "publisher")
    yield context.new_page()
    context.close()


def test_a_picture_goes_up_and_comes_down_in_the_right_size(
    publisher: Page, page: Page, cloudinary: Cloudinary
) -> None:
    upload_picture(publisher)
    thumbnail = publisher.locator(f"main img[src^='{cloudinary.origin}']").first
    assert thumbnail.evaluate("i => i.decode().then(() => i.naturalWidth)") > 0

    page.goto("/courses/")
    card = page.locator(f"main img[src^='{cloudinary.origin}']").first
    card.scroll_into_view_if_needed()
    assert card.evaluate("i => i.decode().then(() => i.naturalWidth)") == 800


def test_an_open_film_plays(page: Page, cloudinary: Cloudinary) -> None:
    page.goto("/courses/open-course/welcome/")

    second = page.locator("video").evaluate(
        """v => new Promise(done => {
            v.muted = true
            v.ontimeupdate = () => { if (v.currentTime > 1) done(v.currentTime) }
            v.play()
            setTimeout(() => done(v.currentTime), 60_000)
        })"""
    )

    assert second > 1
    assert [path for _, path in cloudinary.requests if "/video/authenticated/s--" in path]


def test_a_film_goes_on_at_the_same_second_when_its_address_has_ended(
    publisher: Page, page: Page, cloud_site: RunningSite, tmp_path: Path
) -> None:
    large = tmp_path / "large.mp4"
    large.write_bytes(parted(FILM.read_bytes(), at=0.75, gap=GAP_BYTES))
    replace_film(publisher, page, cloud_site, large)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/video/" in request.url else None)
    page.goto(GATED)
    video = page.locator("video")
    video.evaluate("v => new Promise(done => { v.muted = true; v.onseeked = done; v.currentTime = 5 })")
    before = len(ours(asked, cloud_site))
    time.sleep(LENT_SECONDS + 1)

    seconds = video.evaluate(
        """v => new Promise(done => {
            const seconds = []
            v.playbackRate = 4
            v.ontimeupdate = () => {
                seconds.push(v.currentTime)
                if (v.currentTime > 30) done(seconds)
            }
            v.play()
            setTimeout(() => done(seconds), 60_000)
        })"""
    )

    assert len(ours(asked, cloud_site)) > before  # it was asked for anew
    assert min(seconds) > 4
    assert max(seconds) > 30


def test_a_locked_film_is_lent_to_those_who_may_see_it_alone(page: Page, cloud_site: RunningSite) -> None:
    stranger = page.context.browser
    assert stranger is not None
    cloud_site.sign_in(page, GATED)
    source = str(page.locator("video source").last.evaluate("s => s.src"))
    other = stranger.new_context(base_url=cloud_site.url)

    lent = page.request.get(source, max_redirects=0)
    address = lent.headers["location"]

    assert lent.status == 302
    assert other.request.get(source, max_redirects=0).status == 403
    assert other.request.get(address.replace("signature=", "signature=0")).status in {401, 403}
    time.sleep(LENT_SECONDS + 1)
    assert other.request.get(address).status in {401, 403, 410}
    other.close()


def ours(asked: list[str], site: RunningSite) -> list[str]:
    return [url for url in asked if url.startswith(site.url)]


def replace_film(publisher: Page, learner: Page, site: RunningSite, file: Path) -> None:
    """Put another file under the locked lesson's video, in the admin."""
    site.sign_in(learner, GATED)
    pk = str(learner.locator("video source").last.evaluate("s => s.src")).rstrip("/").rpartition("/")[2]
    publisher.goto(f"/admin/media/edit/{pk}/")
    publisher.locator("main input[name=file]").set_input_files(file)
    publisher.get_by_role("button", name="Save").first.click()
    expect(publisher.get_by_role("status").first).to_contain_text("updated")


def parted(film: bytes, *, at: float, gap: int) -> bytes:
    """An MP4 whose data are far apart, from this part of its chunks on: a player that plays on must ask again."""
    places = [place for table in tables(film) for place in table]
    cut = sorted(places)[int(len(places) * at)]
    mdat = film.rindex(b"mdat", 0, cut) - 4
    out = bytearray(film)
    struct.pack_into(">I", out, mdat, struct.unpack_from(">I", film, mdat)[0] + gap)
    start = 0
    while (start := film.find(b"stco", start) + 4) > 4:
        for number in range(struct.unpack_from(">I", film, start + 4)[0]):
            where = start + 8 + 4 * number
            (place,) = struct.unpack_from(">I", film, where)
            struct.pack_into(">I", out, where, place + gap * (place >= cut))
    return bytes(out[:cut]) + bytes(gap) + bytes(out[cut:])


def tables(film: bytes) -> Iterator[tuple[int, ...]]:
    """Where the chunks of each track begin."""
    start = 0
    while (start := film.find(b"stco", start) + 4) > 4:
        (count,) = struct.unpack_from(">I", film, start + 4)
        yield struct.unpack_from(f">{count}I", film, start + 8)
