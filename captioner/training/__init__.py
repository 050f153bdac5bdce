"""How the compact BLIP was made; never imported by the product."""
