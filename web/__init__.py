"""The Flask page and the HTTP API."""
