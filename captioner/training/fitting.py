"""The commands that fit what people are expected to write of a photo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from captioner.training.material import WORDNET, WordNetFolder

if TYPE_CHECKING:
    from collections.abc import Collection

    from transformers import BertTokenizer

    from captioner.training.agreement import Material

app = typer.Typer()

Sets = Annotated[list[Path], typer.Argument(help="Prepared sets; name one twice to see it twice.")]
Labelled = Annotated[
    list[Path], typer.Option(help="Sets that `label` wrote into; what is like them is strange.")
]
Ordinary = Annotated[
    list[Path] | None,
    typer.Option(help="Such sets whose photos are like those that people describe."),
]


@app.command()
def expect(
    model: Annotated[Path, typer.Argument(help="Folder of a finished model; for its tokenizer.")],
    sets: Sets,
    labelled: Labelled,
    ordinary: Ordinary = None,
    wordnet: WordNetFolder = WORDNET,
) -> None:
    """Write into each set which things a fit to all the other photos expects of its photos."""
    from captioner.training.agreement import expected_by_others
    from captioner.training.data import pairs
    from captioner.training.sets import CAPTIONS, write_things
    from captioner.training.shown import photos_shown

    tokenizer, material = _material(model, sets, labelled, ordinary, wordnet)
    described, shown = expected_by_others(material)
    names: list[tuple[Path, Collection[str]]] = [(own, pairs(own / CAPTIONS)) for own in sets]
    names += [(own, photos_shown(own)) for own in [*labelled, *(ordinary or ())]]
    write_things(names, [*described, *shown], tokenizer)


@app.command()
def agree(
    model: Annotated[Path, typer.Argument(help="Folder of a finished model.")],
    sets: Sets,
    labelled: Labelled,
    ordinary: Ordinary = None,
    wordnet: WordNetFolder = WORDNET,
) -> None:
    """Fit what people are expected to write of a photo, and save it beside a model."""
    from captioner.training.agreement import fit

    _, material = _material(model, sets, labelled, ordinary, wordnet)
    fit(material).save(model)


@app.command()
def renew(
    model: Annotated[Path, typer.Argument(help="Folder of a finished model.")],
    sets: Sets,
    everyday: Annotated[list[Path], typer.Option(help="Sets of photos such as are posted.")],
) -> None:
    """Fit what is expected of photos anew, keeping a share of what the model expected before.

    Before that, write into each set which things a fit to all the other photos expects of its own.
    """
    from captioner.training.renewing import renew_beside

    renew_beside(model, sets, everyday)


def _material(
    model: Path,
    sets: list[Path],
    labelled: list[Path],
    ordinary: list[Path] | None,
    wordnet: Path,
) -> tuple[BertTokenizer, Material]:
    """A model's tokenizer, and what `agree` and `expect` fit to."""
    from captioner.compact import CompactBlipConfig
    from captioner.training.agreement import Lexicon, Material
    from captioner.training.run import load
    from captioner.training.sets import photo_set
    from captioner.training.shown import read_shown
    from captioner.training.tokens import no_words
    from captioner.training.words import WordNet, noun_tokens

    network, tokenizer = load(model)
    config = cast("CompactBlipConfig", network.config)
    nouns = noun_tokens(tokenizer.get_vocab(), WordNet(wordnet).nouns)
    return tokenizer, Material(
        [photo for folder in sets for photo in photo_set(folder, tokenizer, config)],
        read_shown(labelled, ordinary or (), tokenizer.get_vocab()),
        Lexicon(len(tokenizer), no_words(tokenizer), nouns),
    )
