// The transcript follows the video, is searched and copied, and its lines are one stop for the Tab key.
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase(); // no accents, no capitals

for (const transcript of document.querySelectorAll("#transcript")) {
  const find = (name) => transcript.querySelector(`[data-${name}]`);
  const list = transcript.querySelector("ol");
  const links = [...list.querySelectorAll("a")];
  const video = transcript.parentElement.querySelector("video");
  const button = transcript.parentElement.querySelector("[data-follow]");
  const [search, count, copy] = ["search", "count", "copy-text"].map(find);

  const scrollTo = (link) => list.scrollTo({ top: link.offsetTop - (list.clientHeight - link.offsetHeight) / 2 });
  const isFollowing = () => button.getAttribute("aria-pressed") === "true";
  const follow = (yes) => {
    button.setAttribute("aria-pressed", yes);
    const current = list.querySelector("[aria-current]");
    if (yes && current) scrollTo(current);
  };
  list.addEventListener("current", ({ detail }) => {
    if (!detail) return;
    if (!list.contains(document.activeElement)) stopAt(detail);
    if (isFollowing()) scrollTo(detail);
  });
  button.addEventListener("click", () => follow(!isFollowing()));
  for (const kind of ["wheel", "touchmove"]) list.addEventListener(kind, () => follow(false), { passive: true });
  list.addEventListener("pointerdown", ({ target }) => { if (target === list) follow(false); });  // on its scroll bar

  // Hundreds of links between the video and the text would be hundreds of stops.
  let stop;
  const stopAt = (link) => {
    if (stop) stop.tabIndex = -1;
    stop = link;
    stop.tabIndex = 0;
  };
  for (const link of links) link.tabIndex = -1;
  stopAt(links[0]);
  list.addEventListener("focusin", ({ target }) => { if (links.includes(target)) stopAt(target); });
  list.addEventListener("keydown", (event) => {
    const at = links.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (!links[to]) return;
    event.preventDefault();
    follow(false);
    links[to].focus();
  });

  const texts = links.map((link) => fold(link.lastElementChild.textContent));
  let matches = [];
  let at = 0;
  const tell = (to) => {
    at = (to + matches.length) % matches.length || 0;
    transcript.querySelector("[data-found]")?.removeAttribute("data-found");
    count.textContent = !search.value.trim() ? "" : matches.length
      ? count.dataset.text.replace("{n}", at + 1).replace("{of}", matches.length) : count.dataset.none;
    if (!matches.length) return;
    follow(false);
    matches[at].dataset.found = "";
    stopAt(matches[at]);
    scrollTo(matches[at]);
  };
  search.addEventListener("input", () => {
    const words = fold(search.value.trim());
    matches = words ? links.filter((_, number) => texts[number].includes(words)) : [];
    tell(0);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    tell(at + (event.shiftKey ? -1 : 1));
  });
  for (const [name, by] of [["previous", -1], ["next", 1]]) find(name).addEventListener("click", () => tell(at + by));

  if (!navigator.clipboard) copy.remove();
  copy.addEventListener("click", async () => {
    const label = copy.textContent;
    await navigator.clipboard.writeText(links.map((link) => link.lastElementChild.textContent.trim()).join("\n"));
    copy.textContent = copy.dataset.copied;
    setTimeout(() => { copy.textContent = label; }, 2000);
  });

  // In another language, at the same second.
  for (const link of transcript.querySelectorAll("[data-keeps-place]")) {
    link.addEventListener("click", () => {
      const url = new URL(link.href);
      url.searchParams.set("t", Math.floor(video.currentTime));
      link.href = url;
    });
  }
  for (const part of transcript.querySelectorAll("[hidden]")) part.hidden = false;
}
