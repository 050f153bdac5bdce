"""A sentence in, ranked hashtags out."""
