"""What a shop needs to be tried without an account: a server on this machine that speaks Stripe's protocol."""
