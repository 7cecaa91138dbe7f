// The moment in the preview panel: kept for this tab, and sent in the preview's address, so that no draft holds it.
window.wagtail.app.register(
  "preview-moment",
  class extends window.StimulusModule.Controller {
    connect() {
      this.key = `preview_moment:${window.location.pathname}`;
      this.element.value = window.sessionStorage.getItem(this.key) ?? "";
      if (this.element.value) this.send();
    }

    choose() {
      window.sessionStorage.setItem(this.key, this.element.value);
      this.send();
    }

    send() {
      const url = new URL(this.panel.dataset.wPreviewUrlValue, window.location.href);
      if (this.element.value) url.searchParams.set("at", this.element.value);
      this.panel.setAttribute("data-w-preview-render-url-value", url.pathname + url.search);
      // It may be loading at the moment before: then once more.
      this.panel.setAttribute("data-w-preview-stale-value", "true");
    }

    get panel() {
      return this.element.closest("[data-w-preview-url-value]");
    }
  },
);
