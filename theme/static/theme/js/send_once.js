// Two quick presses would be two mails, or a code spent and then refused. Nothing is disabled: browsers that restore
// a form would restore that too, and who comes back, or waits in vain, may send again.
const PAUSE = 5000; // milliseconds
let sent = new WeakMap();
addEventListener("pageshow", () => (sent = new WeakMap()));
addEventListener("submit", (event) => {
  if (event.timeStamp - sent.get(event.target) < PAUSE) event.preventDefault();
  else sent.set(event.target, event.timeStamp);
});
