// A video's URL expires after some minutes. The page's own URL is asked again, and it goes on at the same second.
const WAIT_MILLISECONDS = 2000;
const MOST_RENEWALS_WITHOUT_PROGRESS = 3;

for (const video of document.querySelectorAll("video:has(> source)")) {
  const source = video.querySelector("source:last-of-type");
  const address = source.src;
  let renewals = 0;
  let renewedAt = 0;
  let isPlaying = false;

  video.addEventListener("timeupdate", () => {
    if (video.currentTime > renewedAt + 1) renewals = 0;
  });
  video.addEventListener("play", () => { isPlaying = true; });
  // A player that fails says that it pauses; nobody asked it to.
  video.addEventListener("pause", () => { if (!video.error) isPlaying = false; });
  video.addEventListener("error", renew);
  // What fails before anything has loaded is reported by the last <source>, and by no event of the video.
  source.addEventListener("error", renew);
  if (video.error || video.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) renew();  // it failed before we came

  function renew() {
    if (video.error?.code === MediaError.MEDIA_ERR_ABORTED || renewals >= MOST_RENEWALS_WITHOUT_PROGRESS) return;
    const { currentTime } = video;
    const wait = renewals ? WAIT_MILLISECONDS : 0;
    renewals += 1;
    renewedAt = currentTime;
    setTimeout(() => {
      video.addEventListener("loadedmetadata", () => {
        if (currentTime) video.currentTime = currentTime;  // else where its address says; player.js keeps the speed
        if (isPlaying) video.play().catch(() => {});
      }, { once: true });
      video.dispatchEvent(new Event("renewing")); // the last moment at which it says what it has played
      video.src = address;
      video.load();
    }, wait);
  }
}
