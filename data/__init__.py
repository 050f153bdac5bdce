"""Data files of captag: vocabulary, blocklist, compact BLIP, sample photos (see README.md)."""
