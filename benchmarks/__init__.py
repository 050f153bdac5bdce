"""Speed and quality: each figure of the README comes from a command here."""
