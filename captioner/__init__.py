"""A photo in, its caption out."""
