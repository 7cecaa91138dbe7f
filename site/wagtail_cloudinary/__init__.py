"""Files on Cloudinary for a Wagtail site: a storage, and pictures that are resized by address. See README.md."""
