// Sends a form with a file by itself, and shows how far it has come. Without this script the form is posted as ever.
// Wagtail brings the script again with each dialog that has such a form: once is enough.
if (!window.uploadsAreShown) {
  window.uploadsAreShown = true;
  const FILES = "input[type=file][data-upload]";
  const FOREVER = 2 ** 31 - 1; // milliseconds
  const SPOKEN_STEP = 10; // per cent: each single one read out would be noise

  document.addEventListener("change", ({ target }) => {
    if (target.matches?.(FILES)) refuse(target);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const inputs = [...form.querySelectorAll(FILES)];
    if (event.defaultPrevented || !inputs.some((input) => input.files.length)) return;
    event.preventDefault();
    if (inputs.some(refuse)) release(event.submitter);
    else send(form, event.submitter, words(inputs[0]));
  });

  function words(input) {
    return JSON.parse(input.dataset.upload);
  }

  // Says what the server would say of a file that is too large, without sending it first.
  function refuse(input) {
    const said = words(input);
    const size = Math.max(0, ...[...input.files].map((file) => file.size));
    const isTooLarge = Boolean(said.mostBytes) && size > said.mostBytes;
    const field = input.closest("[data-field]");
    const place = field?.querySelector("[data-field-errors]");
    if (!place) return isTooLarge;
    place.querySelector("[data-refused]")?.remove();
    if (isTooLarge) {
      const sentence = element("p", { className: "error-message", role: "alert" });
      sentence.dataset.refused = "";
      sentence.textContent = said.tooLarge.replace("{size}", spelt(size));
      place.append(sentence);
    }
    const isWrong = Boolean(place.querySelector(".error-message"));
    field.classList.toggle("w-field--error", isWrong);
    input.toggleAttribute("aria-invalid", isWrong);
    if (isWrong) input.setAttribute("aria-invalid", "true");
    if (isTooLarge) input.focus();
    return isTooLarge;
  }

  function spelt(bytes) {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
    const power = Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
    const format = { style: "unit", unit: units[power], maximumFractionDigits: 1, minimumFractionDigits: power ? 1 : 0 };
    return new Intl.NumberFormat(document.documentElement.lang || "en", format).format(bytes / 1024 ** power);
  }

  function send(form, submitter, said) {
    const request = new XMLHttpRequest();
    const shown = show(said, () => request.abort());
    // Wagtail's button says that it is busy for half a minute only.
    submitter?.setAttribute("data-w-progress-duration-value", FOREVER);
    addEventListener("beforeunload", warn);

    request.upload.addEventListener("progress", ({ loaded, total }) => shown.reach(total ? loaded / total : 0));
    request.upload.addEventListener("load", () => shown.store());
    request.addEventListener("load", () => {
      const place = request.getResponseHeader("X-Location");
      if (place) {
        removeEventListener("beforeunload", warn);
        location.assign(new URL(place, request.responseURL));
      } else if (request.status === 200 && takeOver(request.responseText)) end();
      else fail(said.refused);
    });
    request.addEventListener("error", () => fail(said.failed));
    request.addEventListener("abort", () => fail(said.cancelled));
    request.open("POST", form.action);
    request.setRequestHeader("X-Upload", "shown");
    request.send(new FormData(form, submitter));

    function end() {
      removeEventListener("beforeunload", warn);
      shown.close();
    }

    function fail(sentence) {
      end();
      release(submitter, { isFocused: true });
      const event = { detail: { clear: true, text: sentence, type: "error" } };
      document.dispatchEvent(new CustomEvent("w-messages:add", event));
    }
  }

  function warn(event) {
    event.preventDefault();
  }

  // Later than Wagtail, which has its button look busy a moment after it was clicked.
  function release(submitter, { isFocused = false } = {}) {
    setTimeout(() => {
      submitter?.setAttribute("data-w-progress-loading-value", "false");
      submitter?.removeAttribute("disabled");
      if (isFocused) submitter?.focus();
    });
  }

  // The form came back with what is wrong.
  function takeOver(text) {
    const answer = new DOMParser().parseFromString(text, "text/html");
    const main = answer.querySelector("#main");
    if (!main?.querySelector(FILES)) return false;
    document.title = answer.title;
    document.querySelector("#main").replaceWith(document.adoptNode(main));
    requestAnimationFrame(() => document.querySelector("#main [aria-invalid=true]")?.focus());
    return true;
  }

  function show(said, cancel) {
    const dialog = element("dialog", { className: "upload-progress" });
    const label = element("h2", { id: "upload-progress-label", textContent: said.uploading.replace("{percent}", 0) });
    const bar = element("progress", { max: 1, value: 0 });
    const spoken = element("p", { className: "w-sr-only", role: "status" });
    const button = element("button", { type: "button", className: "button button-secondary", textContent: said.cancel });
    let step = 0;
    for (const labelled of [dialog, bar]) labelled.setAttribute("aria-labelledby", label.id);
    button.addEventListener("click", cancel);
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (button.isConnected) cancel();
    });
    dialog.append(label, bar, spoken, button);
    document.body.append(dialog);
    dialog.showModal();

    return {
      reach(share) {
        const percent = Math.floor(share * 100);
        bar.value = share;
        label.textContent = said.uploading.replace("{percent}", percent);
        if (percent < step + SPOKEN_STEP) return;
        step = percent - (percent % SPOKEN_STEP);
        spoken.textContent = label.textContent;
      },
      // All of it has arrived; the server works on it, and cannot be stopped.
      store() {
        bar.removeAttribute("value");
        label.textContent = spoken.textContent = said.storing;
        button.remove();
        dialog.tabIndex = -1;
        dialog.focus();
      },
      close() {
        dialog.close();
        dialog.remove();
      },
    };
  }

  function element(name, properties) {
    return Object.assign(document.createElement(name), properties);
  }
}
