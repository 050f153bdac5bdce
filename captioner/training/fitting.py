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
Labelled = Annotated[list[Path], typer.Option(help="Sets that `label` wrote into.")]


@app.command()
def expect(
    model: Annotated[Path, typer.Argument(help="Folder of a finished model; for its tokenizer.")],
    sets: Sets,
    labelled: Labelled,
    wordnet: WordNetFolder = WORDNET,
) -> None:
    """Write into each set which things a fit to all the other photos expects of its photos."""
    from captioner.training.agreement import expected_by_others
    from captioner.training.data import pairs
    from captioner.training.sets import CAPTIONS, write_things
    from captioner.training.shown import photos_shown

    tokenizer, material = _material(model, sets, labelled, wordnet)
    described, shown = expected_by_others(material)
    names: list[tuple[Path, Collection[str]]] = [(own, pairs(own / CAPTIONS)) for own in sets]
    names += [(own, photos_shown(own)) for own in labelled]
    write_things(names, [*described, *shown], tokenizer)


@app.command()
def agree(
    model: Annotated[Path, typer.Argument(help="Folder of a finished model.")],
    sets: Sets,
    labelled: Labelled,
    wordnet: WordNetFolder = WORDNET,
) -> None:
    """Fit what people are expected to write of a photo, and save it beside a model."""
    from captioner.training.agreement import fit

    _, material = _material(model, sets, labelled, wordnet)
    fit(material).save(model)


@app.command()
def tune(
    model: Annotated[Path, typer.Argument(help="Folder of a finished model.")],
    photos: Annotated[list[Path], typer.Option(help="A folder with photos, one a set.")],
    captions: Annotated[list[Path], typer.Option(help="Their captions, one file a set.")],
    share: Annotated[list[float], typer.Option(help="How often a photo is drawn, one a set.")],
    steps: Annotated[list[int], typer.Option(help="Of each training; their mean is taken.")],
    rate: Annotated[list[float], typer.Option(help="Highest learning rate of each training.")],
) -> None:
    """Tune the CNN's last stages to captions, and save how they differ beside a model."""
    from captioner.training.examples import examples_of
    from captioner.training.tuning import Run
    from captioner.training.tuning import tune as tune_stages

    examples = examples_of(model, zip(photos, captions, share, strict=True))
    runs = [Run(*of, seed) for seed, of in enumerate(zip(steps, rate, strict=True))]
    tune_stages(examples, runs).save(model)


@app.command()
def renew(
    model: Annotated[Path, typer.Argument(help="Folder of a finished model.")],
    sets: Sets,
) -> None:
    """Fit what is expected of photos anew; which words can be stays.

    Before that, write into each set which things a fit to all the other photos expects of its own.
    """
    from captioner.training.renewing import renew_beside

    renew_beside(model, sets)


def _material(
    model: Path, sets: list[Path], labelled: list[Path], wordnet: Path
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
        read_shown(labelled, tokenizer.get_vocab()),
        Lexicon(len(tokenizer), no_words(tokenizer), nouns),
    )
