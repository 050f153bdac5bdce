"""Plurals that no rule makes."""

# Nouns of captions and hashtags; "people" is no plural of "person" there, but a word of its own.
PLURALS = {
    "calf": "calves",
    "child": "children",
    "foot": "feet",
    "goose": "geese",
    "half": "halves",
    "knife": "knives",
    "leaf": "leaves",
    "loaf": "loaves",
    "man": "men",
    "mouse": "mice",
    "ox": "oxen",
    "scarf": "scarves",
    "shelf": "shelves",
    "tooth": "teeth",
    "wife": "wives",
    "wolf": "wolves",
    "woman": "women",
}
SINGULARS = {plural: singular for singular, plural in PLURALS.items()}
