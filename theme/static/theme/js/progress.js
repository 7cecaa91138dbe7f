// Which parts of a lesson's video were watched. It stays in this browser until the site has stored it, under the tag of
// the learner; under "nobody" while no one is signed in, and then only who says so takes it over.
const PAUSE = 10000; // milliseconds between two batches, and after one that failed
const DROPPED = [400, 403, 404, 413]; // it would be refused again
const stored = (key) => {
  try {
    const found = JSON.parse(localStorage.getItem(key));
    return Array.isArray(found?.played) ? found : null;
  } catch { return null; }
};
const store = (key, value) => {
  try {
    if (value) localStorage.setItem(key, JSON.stringify(value));
    else localStorage.removeItem(key);
  } catch { /* it's kept for as long as the page is open */ }
};
const keysOf = (who) => {
  try { return Object.keys(localStorage).filter((key) => key.startsWith(`progress ${who} `)); } catch { return []; }
};
const hundredths = (seconds) => Math.round(seconds * 100) / 100;
const union = (ranges) => ranges.toSorted((a, b) => a[0] - b[0]).reduce((kept, [from, to]) => {
  const last = kept.at(-1);
  if (last && from <= last[1]) last[1] = Math.max(last[1], to);
  else kept.push([from, to]);
  return kept;
}, []);
const minus = (ranges, others) => others.reduce((left, [from, to]) => left.flatMap(([a, b]) =>
  [[a, Math.min(b, from)], [Math.max(a, to), b]].filter(([start, end]) => start < end)), ranges);

// Whether the site wants no more of it: it is stored, or would never be.
const post = async ({ url, played, position, duration, at }, csrf) => {
  const response = await fetch(url, {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({ played, position, duration, at }),
  }).catch(() => null);
  return {
    isTaken: Boolean(response?.ok || DROPPED.includes(response?.status)),
    isDone: response?.headers.has("Lesson-Done"),
    wait: Number(response?.headers.get("Retry-After")) * 1000,
  };
};
const postAll = (who, csrf) => Promise.all(keysOf(who).map(async (key) => {
  const found = stored(key);
  if (!found || (await post(found, csrf)).isTaken) store(key, null);
}));

const slot = document.getElementById("progress");
const video = document.querySelector("[data-player] video");
const { learner: who = "nobody", progress: url, csrf, position: place } = slot?.dataset ?? {};
const canonical = document.querySelector("link[rel=canonical]");
const isHere = canonical && new URL(canonical.href).pathname === location.pathname; // a preview is nobody's lesson
if (video && isHere && (url || who === "nobody")) watch();
if (url && isHere && !video) setTimeout(read, PAUSE);
if (!url && who !== "nobody") for (const key of keysOf(who)) store(key, null); // who wants no history has none here either

// A lesson without a video was seen by whoever stays on it.
function read() {
  if (!document.hidden) post({ url, played: [], position: 0, duration: 0 }, csrf);
}

function watch() {
  const key = `progress ${who} ${location.pathname}`;
  const before = stored(key);
  let waiting = before?.played ?? [];
  let seen = []; // what was taken from the video, for the next time: it tells all it has played, again and again
  let position = null; // as it was sent
  let next = Date.now() + PAUSE;
  let notBefore = 0;
  let isSending = false;
  let isDue = false;

  const record = () => ({
    url, played: waiting, position: video.currentTime, duration: Number.isFinite(video.duration) ? video.duration : 0,
    at: Math.floor(Date.now() / 1000),
  });
  const collect = () => {
    const played = Array.from(video.played, (_, number) => number)
      .map((number) => [hundredths(video.played.start(number)), hundredths(video.played.end(number))]);
    const fresh = minus(played, seen);
    seen = union([...seen, ...fresh]);
    waiting = union([...waiting, ...fresh]);
    if (waiting.length) store(key, record());
  };
  const send = async () => {
    collect();
    next = Date.now() + PAUSE;
    const isElsewhere = video.played.length && Math.abs(video.currentTime - position) > 1;
    if (!url || Date.now() < notBefore || !(waiting.length || isElsewhere)) return;
    if (isSending) {
      isDue = true;
      return;
    }
    isSending = true;
    const batch = record();
    const { isTaken, isDone, wait } = await post(batch, csrf);
    isSending = false;
    if (isTaken) {
      position = batch.position;
      waiting = minus(waiting, batch.played);
      store(key, waiting.length ? record() : null);
    } else notBefore = Date.now() + wait;
    if (isDone) for (const part of slot.querySelectorAll("[data-done]")) part.hidden = part.dataset.done === "no";
    if (isDue && isTaken) {
      isDue = false;
      send();
    }
  };
  video.addEventListener("timeupdate", () => { if (!video.paused && Date.now() >= next) send(); });
  video.addEventListener("renewing", collect); // keep_playing.js: what it has played is forgotten next
  for (const kind of ["pause", "ended"]) video.addEventListener(kind, send);
  addEventListener("pagehide", send);
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (document.hidden) send(); });
  if (!url) return;

  postAll(who, csrf).then(() => { if (!stored(key)) waiting = minus(waiting, before?.played ?? []); });
  const resumeAt = (second) => {
    if (!second || new URLSearchParams(location.search).has("t")) return;
    const go = () => { if (!video.played.length && !(second >= video.duration - 1)) video.currentTime = second; };
    if (video.readyState) go();
    else video.addEventListener("loadedmetadata", go, { once: true });
  };
  resumeAt(before?.position ?? Number(place));

  const strangers = `progress nobody ${location.pathname}`;
  const found = stored(strangers);
  const question = document.querySelector("[data-add-watched]");
  if (!found || !question) return;
  question.hidden = false;
  question.addEventListener("click", ({ target }) => {
    if (!target.value) return;
    store(strangers, null);
    question.hidden = true;
    if (target.value === "no") return;
    waiting = union([...waiting, ...found.played]);
    if (!Number(place)) resumeAt(found.position);
    send();
  });
}

// Signing out sends what is unsent, for at most three seconds, and then forgets it.
for (const form of document.querySelectorAll("form[data-learner]")) {
  const own = form.dataset.learner;
  form.addEventListener("submit", async (event) => {
    for (const key of keysOf("nobody")) store(key, null);
    if (!keysOf(own).length) return;
    event.preventDefault();
    event.stopPropagation();
    await Promise.race([
      postAll(own, form.elements.csrfmiddlewaretoken.value), new Promise((done) => { setTimeout(done, 3000); }),
    ]);
    for (const key of keysOf(own)) store(key, null);
    form.requestSubmit(event.submitter);
  });
}
