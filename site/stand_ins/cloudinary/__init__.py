"""What a site needs to be tried without an account: a server on this machine that speaks Cloudinary's protocol."""
