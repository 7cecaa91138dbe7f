// The bar below a video, which has nothing that its own controls lack but has it at hand; links to a second; keys.
// What was chosen before, where the browser keeps it.
const recall = (name) => { try { return localStorage.getItem(`player ${name}`); } catch { return null; } };
const remember = (name, value) => { try { localStorage.setItem(`player ${name}`, value); } catch { /* not kept */ } };

for (const player of document.querySelectorAll("[data-player]")) {
  const video = player.querySelector("video");
  const page = player.parentElement;
  const [captions, language, speed] = ["captions", "language", "speed"].map((name) => player.querySelector(`[data-${name}]`));
  const speeds = [...speed.options].map((option) => option.value);
  const tracks = [...video.textTracks].filter((track) => track.kind === "captions");

  const skip = (seconds) => { video.currentTime = Math.max(0, video.currentTime + seconds); };
  const go = (rate) => { if (speeds.includes(rate)) video.defaultPlaybackRate = video.playbackRate = Number(rate); };
  const step = (by) => go(speeds[speeds.indexOf(speed.value) + by]);
  const show = (code) => tracks.forEach((track) => { track.mode = track.language === code ? "showing" : "disabled"; });
  const shown = () => tracks.find((track) => track.mode === "showing")?.language;
  const toggle = () => { if (tracks.length) show(shown() ? "" : language?.value ?? tracks[0].language); };

  go(recall("speed"));
  speed.value = video.playbackRate;
  speed.addEventListener("change", () => go(speed.value));
  video.addEventListener("ratechange", () => {
    speed.value = video.defaultPlaybackRate = video.playbackRate; // also after a renewal of the address
    remember("speed", video.playbackRate);
  });

  if (tracks.length) {
    const first = player.querySelector("track[default]").srclang;
    const kept = recall("captions");
    const isAsked = new URLSearchParams(location.search).has("captions");
    const tell = () => {
      captions.setAttribute("aria-pressed", Boolean(shown()));
      if (language && shown()) language.value = shown();
    };
    if (language) language.value = first;
    show(kept === "" ? "" : !isAsked && tracks.some((track) => track.language === kept) ? kept : first);
    tell();
    captions.addEventListener("click", toggle);
    language?.addEventListener("change", () => show(language.value));
    let settled = shown();
    video.textTracks.addEventListener("change", () => {  // also by the browser's own menu
      tell();
      if (shown() !== settled) remember("captions", shown() ?? "");
      settled = shown();
    });
  }

  for (const button of player.querySelectorAll("[data-skip]")) {
    button.addEventListener("click", () => skip(Number(button.dataset.skip)));
  }
  for (const part of player.querySelectorAll("[data-bar] [hidden]")) part.hidden = false;

  const keys = {
    j: () => skip(-10),
    l: () => skip(10),
    k: () => (video.paused ? video.play() : video.pause()),
    c: toggle,
    "<": () => step(-1),
    ">": () => step(1),
  };
  player.addEventListener("keydown", (event) => {
    const act = keys[event.key.toLowerCase()];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
    event.preventDefault();
    act();
  });

  page.addEventListener("click", (event) => {
    const link = event.target.closest("[data-start]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    video.currentTime = link.dataset.start;
    video.play().catch(() => {});
  });

  // Of the chapters and of the transcript's lines, the one that plays.
  for (const list of page.querySelectorAll("ol:has([data-start])")) {
    const links = [...list.querySelectorAll("[data-start]")];
    const starts = links.map((link) => Number(link.dataset.start));
    let current;
    const mark = () => {
      const now = links[starts.findLastIndex((start) => start <= video.currentTime)];
      if (now === current) return;
      current?.removeAttribute("aria-current");
      now?.setAttribute("aria-current", "true");
      current = now;
      list.dispatchEvent(new CustomEvent("current", { detail: now }));
    };
    for (const kind of ["timeupdate", "seeking", "play"]) video.addEventListener(kind, mark);
  }
}
