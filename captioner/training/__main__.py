"""How the compact BLIP was made, to be made again: ``python -m captioner.training --help``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)

WordNetFolder = Annotated[
    Path, typer.Option(help="WordNet 3.0's folder (Debian: package wordnet-base).")
]
WORDNET = Path("/usr/share/wordnet")


@app.command()
def prepare(
    out: Annotated[Path, typer.Argument(help="The set's folder, made when missing.")],
    photos: Annotated[Path, typer.Option(help="The folder with the photos.")],
    captions: Annotated[
        Path | None,
        typer.Option(help="Flickr8k's .csv, COCO's .json, or .tsv of photo and caption."),
    ] = None,
    names: Annotated[Path | None, typer.Option(help="Photo names to take, one a line.")] = None,
    mirror: Annotated[bool, typer.Option(help="Each photo mirrored as well.")] = False,
) -> None:
    """Run the frozen CNN over a set of photos once, and keep what it saw with their captions."""
    from captioner.training.features import extract
    from captioner.training.sets import CAPTIONS, VIEWS, read_captions, write_captions

    chosen = _lines(names)
    out.mkdir(parents=True, exist_ok=True)
    if captions:
        write_captions(out / CAPTIONS, read_captions(captions, chosen))
    for view, flip in zip(VIEWS, (False, True), strict=True):
        if mirror or not flip:
            extract(photos, out / view, chosen, flip=flip)


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
def train(
    sets: Annotated[
        list[Path], typer.Argument(help="Prepared sets; name one twice to see it twice.")
    ],
    texts: Annotated[list[Path], typer.Option(help="Captions alone, one a line.")],
    run: Annotated[Path, typer.Option(help="Folder of the checkpoint; to go on, call again.")],
    out: Annotated[Path, typer.Option(help="Folder of the finished model.")],
    words: Annotated[Path | None, typer.Option(help="Words to keep word pieces for.")] = None,
    steps: int = 1600,
    rate: Annotated[float, typer.Option(help="Highest learning rate of the cosine.")] = 4e-4,
    wordnet: WordNetFolder = WORDNET,
) -> None:
    """Train the compact BLIP and save it as transformers does, in float16."""
    from captioner.training.run import train_model

    train_model(sets, texts, run, out, words=words, steps=steps, rate=rate, wordnet=wordnet)


@app.command()
def evaluate(
    photos: Annotated[Path, typer.Option(help="The folder with the photos.")],
    captions: Annotated[Path, typer.Option(help="Their captions: .csv, .json or .tsv.")],
    names: Annotated[Path | None, typer.Option(help="Photo names to take, one a line.")] = None,
    model: Annotated[str, typer.Option(help="As `captag tag --captioner` takes it.")] = "compact",
    out: Annotated[Path | None, typer.Option(help="Write each caption here, as .tsv.")] = None,
) -> None:
    """Caption photos as the product does, and print CIDEr against what people wrote."""
    from captioner.training.evaluation import caption_files, cider
    from captioner.training.sets import read_captions, write_captions

    chosen = _lines(names)
    references = read_captions(captions, chosen)
    written = caption_files(model, photos, list(references))
    if out:
        write_captions(out, {name: [caption] for name, caption in written.items()})
    typer.echo(f"CIDEr {cider(written, references):.1f} on {len(references)} photos ({model})")


def _lines(names: Path | None) -> list[str] | None:
    return names.read_text(encoding="utf-8").splitlines() if names else None


if __name__ == "__main__":
    app()
