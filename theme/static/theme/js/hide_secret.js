// The address of this page is a secret: take it out of the address bar and the history. The form keeps its own copy.
history.replaceState(null, "", "/access/confirm/");
