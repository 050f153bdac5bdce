"""The commands that make the training's material: photos looked at, captions found for them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()

WordNetFolder = Annotated[
    Path, typer.Option(help="WordNet 3.0's folder (Debian: package wordnet-base).")
]
WORDNET = Path("/usr/share/wordnet")
Uncaptioned = Annotated[Path, typer.Argument(help="A set prepared without captions.")]
HumanTexts = Annotated[Path, typer.Option(help="Human captions to choose from, one a line.")]


@app.command()
def prepare(
    out: Annotated[Path, typer.Argument(help="The set's folder, made when missing.")],
    photos: Annotated[Path, typer.Option(help="The folder with the photos.")],
    captions: Annotated[
        Path | None,
        typer.Option(help="Flickr8k's .csv, COCO's .json, or .tsv of photo and caption."),
    ] = None,
    names: Annotated[Path | None, typer.Option(help="Photo names to take, one a line.")] = None,
    augment: Annotated[bool, typer.Option(help="Each mirrored and cropped as well.")] = False,
    small: Annotated[bool, typer.Option(help="Each as a small square copy as well.")] = False,
    model: Annotated[
        Path | None, typer.Option(help="Finished model; what `tune` made of it looks as well.")
    ] = None,
) -> None:
    """Run the CNN over a set of photos once, and keep what it saw with their captions."""
    from captioner.training.features import extract, whole
    from captioner.training.features import small as small_copy
    from captioner.training.sets import CAPTIONS, SMALL, VIEWS, read_captions, write_captions
    from captioner.tuning import Tuning

    tuning = None if model is None else Tuning.beside(str(model))
    chosen = chosen_names(names)
    out.mkdir(parents=True, exist_ok=True)
    if captions:
        write_captions(out / CAPTIONS, read_captions(captions, chosen))
    for name, view in VIEWS.items():
        if augment or view is whole:
            extract(photos, out / name, chosen, view, tuning)
    if small:
        extract(photos, out / SMALL, chosen, small_copy, tuning)


@app.command()
def texts(
    out: Annotated[Path, typer.Argument(help="The file to write, one caption a line.")],
    sources: Annotated[list[Path], typer.Option("--from", help=".txt, .json or .tsv.")],
    leave_out: Annotated[
        list[Path], typer.Option(help="Captions never to be among them: .txt, .json or .tsv.")
    ],
) -> None:
    """Gather captions without photos; the captions of photos kept aside stay out."""
    from captioner.training import data

    found = data.texts(sources, data.texts(leave_out, ()))
    out.write_text("\n".join(found), encoding="utf-8")
    typer.echo(f"{len(found)} captions in {out}")


@app.command()
def teach(
    folder: Uncaptioned,
    photos: Annotated[Path, typer.Option(help="The folder with its photos.")],
    texts: HumanTexts,
    detector: Annotated[Path, typer.Option(help="yolox_nano.onnx; it sees people and things.")],
    wordnet: WordNetFolder = WORDNET,
) -> None:
    """Give photos without captions human ones whose words a detector and the labels explain."""
    from captioner.training.data import lines
    from captioner.training.detector import Yolox
    from captioner.training.teaching import teach as teach_set
    from captioner.training.words import WordNet

    count = teach_set(folder, photos, lines(texts), Yolox(detector), WordNet(wordnet))
    typer.echo(f"{count} photos with captions in {folder}")


@app.command()
def describe(
    folder: Uncaptioned,
    photos: Annotated[Path, typer.Option(help="The folder with its photos.")],
    detector: Annotated[
        Path, typer.Option(help="yolox_nano.onnx; photos in which it sees people stay out.")
    ],
    kind: Annotated[
        str | None,
        typer.Option(help="What all of them show, as in kinds.tsv; else scenery, by their labels."),
    ] = None,
) -> None:
    """Give photos of one kind captions that say so: a valley, a street, a pair of shoes."""
    from captioner.training.detector import Yolox
    from captioner.training.kinds import captions_of_kinds
    from captioner.training.kinds import describe as describe_set

    if kind and kind not in captions_of_kinds():
        known = ", ".join(captions_of_kinds())
        raise typer.BadParameter(f"{kind!r} has no captions; there are {known}.")
    count = describe_set(folder, photos, Yolox(detector), kind)
    typer.echo(f"{count} photos with captions in {folder}")


@app.command()
def name(
    folder: Annotated[Path, typer.Argument(help="A set of ImageNet photos without captions.")],
    texts: Annotated[Path, typer.Option(help="The captions taught with, one a line.")],
    wordnet: WordNetFolder = WORDNET,
) -> None:
    """Give photos of things that no caption mentions captions that name them and no more."""
    from captioner.training.data import lines
    from captioner.training.naming import name_things
    from captioner.training.words import WordNet

    count = name_things(folder, lines(texts), WordNet(wordnet))
    typer.echo(f"{count} photos with captions in {folder}")


@app.command()
def label(
    folder: Uncaptioned,
    labels: Annotated[
        Path, typer.Option(help=".tsv of photo, what it shows, and perhaps its WordNet synset.")
    ],
    manner: Annotated[str, typer.Option(help="What kind of thing that is: food, place ...")],
    texts: Annotated[Path, typer.Option(help="The captions taught with, one a line.")],
    wordnet: WordNetFolder = WORDNET,
) -> None:
    """Give photos of a known class captions that name it, and say in shown.tsv what it is."""
    from captioner.training.data import lines
    from captioner.training.labelled import MANNERS, caption_labelled, read_classes
    from captioner.training.plain import common_words
    from captioner.training.words import WordNet

    if manner not in MANNERS:
        raise typer.BadParameter(f"{manner!r} is no manner; there are {', '.join(MANNERS)}.")
    common = common_words(lines(texts))
    count = caption_labelled(folder, read_classes(labels), manner, common, WordNet(wordnet))
    typer.echo(f"{count} photos with captions in {folder}")


@app.command()
def write(
    model: Annotated[Path, typer.Argument(help="Folder of a finished model.")],
    sets: Annotated[list[Path], typer.Argument(help="Prepared sets.")],
) -> None:
    """Write into each set what a finished model says of its photos, for a pupil to learn."""
    from captioner.training.pseudo import caption_sets

    typer.echo(f"{caption_sets(sets, model)} captions")


def chosen_names(names: Path | None) -> list[str] | None:
    """The photo names of a file, one a line; None where there is no file."""
    return names.read_text(encoding="utf-8").splitlines() if names else None
