"""How the compact BLIP was made, to be made again: ``python -m captioner.training --help``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from captioner.training.fitting import Sets
from captioner.training.fitting import app as fitting
from captioner.training.material import WORDNET, WordNetFolder, chosen_names
from captioner.training.material import app as material

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)
app.add_typer(material)
app.add_typer(fitting)

Texts = Annotated[list[Path], typer.Option(help="Captions alone, one a line.")]
RunFolder = Annotated[Path, typer.Option(help="Folder of the checkpoint; to go on, call again.")]
Out = Annotated[Path, typer.Option(help="Folder of the finished model.")]
Rate = Annotated[float, typer.Option(help="Highest learning rate of the cosine.")]


@app.command()
def train(
    sets: Sets,
    texts: Texts,
    run: RunFolder,
    out: Out,
    start: Annotated[
        Path | None, typer.Option(help="Finished model to begin from, in place of MiniLM.")
    ] = None,
    words: Annotated[Path | None, typer.Option(help="Words to keep word pieces for.")] = None,
    teacher: Annotated[
        Path | None, typer.Option(help="Finished model whose two readings to learn in one.")
    ] = None,
    steps: int = 1600,
    rate: Rate = 4e-4,
    wordnet: WordNetFolder = WORDNET,
) -> None:
    """Train the compact BLIP and save it as transformers does, in float16."""
    from captioner.training.loop import Recipe
    from captioner.training.run import Run, train_model

    recipe = Recipe(steps=steps, rate=rate)
    train_model(
        Run(sets, texts, run, out, wordnet, recipe), start=start, words=words, teacher=teacher
    )


@app.command()
def categorize(
    model: Annotated[Path, typer.Argument(help="Folder of a finished model with categories.tsv.")],
    sets: Sets,
    labelled: Annotated[
        list[Path] | None, typer.Option(help="Sets that `label` wrote into.")
    ] = None,
    *,
    renew: Annotated[
        bool, typer.Option("--renew", help="Stay near what is beside the model already.")
    ] = False,
) -> None:
    """Fit what kind of thing a photo shows, and save it beside a model."""
    from captioner.training.categorizing import categorize_beside

    categorize_beside(model, sets, labelled or (), renew=renew)


@app.command()
def familiarize(
    model: Annotated[Path, typer.Argument(help="Folder of a finished model.")],
    familiar: Annotated[Path, typer.Argument(help="The set that most of it was learnt from.")],
    described: Annotated[list[Path], typer.Option(help="Other prepared sets.")],
    everyday: Annotated[list[Path], typer.Option(help="Those of photos such as are posted.")],
) -> None:
    """Fit which photos are unlike those learnt from, and save it beside a model."""
    from captioner.training.familiarizing import fit, seen_in

    fit(seen_in(familiar, described, everyday)).save(model)


@app.command()
def evaluate(
    photos: Annotated[Path, typer.Option(help="The folder with the photos.")],
    captions: Annotated[Path, typer.Option(help="Their captions: .csv, .json or .tsv.")],
    names: Annotated[Path | None, typer.Option(help="Photo names to take, one a line.")] = None,
    model: Annotated[str, typer.Option(help="As `captag tag --captioner` takes it.")] = "compact",
    out: Annotated[Path | None, typer.Option(help="Write each caption here, as .tsv.")] = None,
    precision: Annotated[
        str, typer.Option(help="As `captag tag` takes it; float32 is alike on every machine.")
    ] = "float32",
) -> None:
    """Caption photos as the product does, and print CIDEr against what people wrote."""
    from captioner.blip import BlipCaptioner
    from captioner.training.evaluation import caption_files, cider
    from captioner.training.sets import read_captions, write_captions

    chosen = chosen_names(names)
    references = read_captions(captions, chosen)
    found = caption_files(BlipCaptioner(model, precision=precision), photos, references)
    written = {name: caption.text for name, caption in found.items()}
    if out:
        write_captions(out, {name: [text] for name, text in written.items()})
    score = cider(written, references)
    typer.echo(f"CIDEr {score:.1f} on {len(references)} photos ({model}, {precision})")


@app.command()
def calibrate(
    model: Annotated[Path, typer.Argument(help="Folder of a finished model; its config changes.")],
    photos: Annotated[list[Path], typer.Option(help="A folder with photos, one a set.")],
    captions: Annotated[list[Path], typer.Option(help="Their captions, one file a set.")],
    names: Annotated[list[Path], typer.Option(help="Photo names to take, one file a set.")],
    judged: Annotated[
        list[Path] | None, typer.Option(help="Captions read by eye, as .tsv, one file a set.")
    ] = None,
    drawing: Annotated[
        Path | None, typer.Option(help="Draw how well it fits into this .svg.")
    ] = None,
    wordnet: WordNetFolder = WORDNET,
) -> None:
    """Fit how sure the captions of a model are to what people wrote, and print how well it fits."""
    from captioner.blip import read_checkpoint
    from captioner.engine import Engine
    from captioner.training.calibration import (
        bins_by_name,
        fit,
        judge,
        judged_by_eye,
        reliability,
        things_of,
    )
    from captioner.training.drawing import draw_reliability
    from captioner.training.sets import read_captions
    from captioner.training.words import WordNet

    nouns = WordNet(wordnet)
    processor, network = read_checkpoint(str(model), "auto")
    things = things_of(processor.tokenizer.get_vocab(), nouns)
    network.config.person_token_ids = sorted(things.people)
    network.config.thing_labels = {str(token): own for token, own in things.labels.items()}
    network.config.confidence_weights = None  # of other signs, perhaps
    engine = Engine(network)
    sets = [
        judge(processor, engine, folder, read_captions(file, chosen_names(chosen)), nouns)
        for folder, file, chosen in zip(photos, captions, names, strict=True)
    ]
    sets += [judged_by_eye(processor, engine, file) for file in judged or ()]
    found = fit(sets)
    network.config.confidence_weights = [round(weight, 4) for weight in found.weights]
    network.config.save_pretrained(model)
    named = [file.stem for file in (*names, *(judged or ()))]
    for name, own, expected, auc in zip(named, sets, found.expected, found.auc, strict=True):
        typer.echo(f"{name}: {len(own.right)} photos, {own.right.mean():.0%} right, AUC {auc:.2f}")
        for sure, right, count in reliability(expected, own.right):
            typer.echo(f"  {sure:.2f} expected, {right:.2f} right, {count} captions")
    if drawing is not None:
        draw_reliability(bins_by_name(named[: len(names)], sets, found), drawing)


if __name__ == "__main__":
    app()
