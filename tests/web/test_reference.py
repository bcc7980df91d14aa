"""The reference of the API: everything of the description is on the page, and its commands work."""
