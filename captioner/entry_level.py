"""What people call the animals that ImageNet tells apart: "a snake" for an Indian cobra.

The entry-level categories of Ordonez et al. 2013, "From Large Scale Image Categorization to
Entry-Level Categories", written down by hand. The 398 labels of animals stand in the order of the
tree of life, so that those of one name are side by side.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from captioner.confidence import ANIMALS
from captioner.hedging import Saying

if TYPE_CHECKING:
    from collections.abc import Sequence

# How likely an animal must be, all labels of a kind together: below it a flower is one now and
# then, a chipmunk a rabbit and a wild boar a kangaroo.
SURE = 0.45
_RUNS = """\
2 fish|3 shark|2 stingray|2 chicken|1 ostrich|12 bird|1 eagle|1 vulture|1 owl|5 salamander|3 frog
5 turtle|11 lizard|1 crocodile|1 alligator|1 dinosaur|17 snake|1 fossil|1 spider|1 scorpion
6 spider|1 tick|1 centipede|4 bird|1 peacock|2 bird|4 parrot|3 bird|1 hummingbird|1 bird|1 toucan
2 duck|1 goose|1 swan|1 elephant|1 echidna|1 platypus|1 kangaroo|1 koala|1 wombat|1 jellyfish
1 sea anemone|1 coral|2 worm|1 shell|1 snail|1 slug|1 sea slug|1 chiton|1 nautilus|4 crab
2 lobster|1 crayfish|1 crab|1 isopod|2 stork|1 spoonbill|1 flamingo|3 heron|10 bird|1 pelican
1 penguin|1 bird|2 whale|1 dugong|1 sea lion|118 dog|3 wolf|1 coyote|1 dingo|2 wild dog|1 hyena
4 fox|5 cat|1 cougar|1 lynx|2 leopard|1 jaguar|1 lion|1 tiger|1 cheetah|4 bear|1 mongoose|1 meerkat
1 beetle|1 ladybug|6 beetle|1 fly|1 bee|1 ant|2 grasshopper|1 stick insect|1 cockroach|1 mantis
1 cicada|2 insect|2 dragonfly|6 butterfly|1 starfish|1 sea urchin|1 sea cucumber|3 rabbit|1 hamster
1 porcupine|1 squirrel|1 marmot|1 beaver|1 guinea pig|1 horse|1 zebra|1 pig|1 wild boar|1 warthog
1 hippo|1 cow|1 buffalo|1 bison|2 sheep|1 goat|3 antelope|1 camel|1 llama|2 weasel|2 ferret|1 otter
1 skunk|1 badger|1 armadillo|1 sloth|1 orangutan|1 gorilla|1 chimpanzee|2 gibbon|13 monkey|2 lemur
2 elephant|1 red panda|1 panda|1 fish|1 eel|7 fish"""
_NAMES = tuple(
    name for count, name in re.findall(r"(\d+) ([a-z ]+)", _RUNS) for _ in range(int(count))
)  # of each label
_ANY = re.compile(r"\ban? animal\b")
_AS_A_VOWEL = re.compile("[aio]|e(?!u)|u(?!ni)")


def entry_level(label: int) -> str | None:
    """What people call an animal; None for what is none: the names of things are plain enough.

    Args:
        label: ImageNet's, from 0 to 999.
    """
    return _NAMES[label] if label < ANIMALS else None


def chance(label: int, probabilities: Sequence[float]) -> float:
    """How likely something is, called as people call it: all labels of a name together.

    Args:
        label: Of the thing.
        probabilities: The classifier's, 1,000.
    """
    name = entry_level(label)
    return probabilities[label] if name is None else _chances(probabilities)[name]


def animal(probabilities: Sequence[float]) -> Saying | None:
    """Which animal is there if one is; None where that is not sure.

    Args:
        probabilities: The classifier's, 1,000.

    Returns:
        Its name with an article, and how likely it is among animals.
    """
    chances = _chances(probabilities)
    name = max(chances, key=chances.__getitem__)
    if chances[name] < SURE:
        return None
    return Saying(indefinite(name), chances[name] / sum(chances.values()))


def closer(saying: Saying, which: Saying | None) -> Saying:
    """Say which animal where a caption says no more than that it is one.

    Args:
        saying: What is said of a photo.
        which: As `animal` gives it.
    """
    if which is None or not _ANY.search(saying.text):
        return saying
    text = _ANY.sub(which.text, saying.text)
    return Saying(text, saying.probability * which.probability, saying.worth)


def indefinite(name: str) -> str:
    """``owl`` as "an owl", ``unicycle`` as "a unicycle"."""
    return f"{'an' if _AS_A_VOWEL.match(name) else 'a'} {name}"


def _chances(probabilities: Sequence[float]) -> dict[str, float]:
    """How likely each animal is."""
    chances = dict.fromkeys(_NAMES, 0.0)
    for name, probability in zip(_NAMES, probabilities, strict=False):
        chances[name] += probability
    return chances
