"""Files on Cloudinary for a Wagtail site: a storage, and images that are resized by URL. See README.md."""
