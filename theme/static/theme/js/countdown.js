// Counts down what the server said in seconds, and takes the words away at the end. Without this script they stay.
setInterval(() => {
  for (const element of document.querySelectorAll("[data-countdown]")) {
    const left = Number(element.dataset.countdown) - 1;
    element.dataset.countdown = left;
    if (left > 0) element.querySelector("[data-seconds]").textContent = left;
    else element.remove();
  }
}, 1000);
