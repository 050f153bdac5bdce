"""A contact sheet to read: each photo of a folder with its label words, caption and hashtags.

::

    python -m benchmarks.captions FOLDER [--out sheet.html]

One HTML file that needs nothing beside it. Read it after each change to the captions: figures do
not show what is confidently wrong.
"""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any

import typer
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from tqdm import tqdm

from captag import Settings, Suggestion, build_pipeline
from captag.batch import Failure, find_photos, suggest_all
from captioner import read_image

HERE = Path(__file__).parent
LIMIT = 10
SIDE = 320  # pixels of the longer side


def main(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Photos to read.")],
    out: Annotated[Path, typer.Option(help="The HTML file to write.")] = Path("sheet.html"),
) -> None:
    """Caption every photo of a folder as the product does, and write the sheet."""
    settings = Settings()
    photos = [*find_photos([str(folder)])]
    suggestions = suggest_all(
        build_pipeline(settings), photos, limit=LIMIT, max_pixels=settings.max_pixels
    )
    rows = [_row(each) for each in tqdm(suggestions, total=len(photos))]
    out.write_text(sheet(str(folder), rows), encoding="utf-8")
    typer.echo(f"{len(rows)} photos in {out}")


def sheet(title: str, rows: list[dict[str, Any]]) -> str:
    """The page, every name and word in it escaped."""
    templates = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined
    )
    return templates.get_template("captions.html").render(title=title, rows=rows)


def _row(found: Suggestion | Failure) -> dict[str, Any]:
    if isinstance(found, Failure):
        return {"photo": found.photo, "refusal": found.message}
    with Path(found.photo).open("rb") as stream:
        image = read_image(stream)
    image.thumbnail((SIDE, SIDE))
    jpeg = BytesIO()
    image.save(jpeg, "JPEG", quality=80)
    picture = base64.b64encode(jpeg.getvalue()).decode()
    return {
        "photo": found.photo,
        "refusal": "",
        "picture": f"data:image/jpeg;base64,{picture}",
        "caption": found.caption,
        "tags": [match.tag for match in found.hashtags],
    }


if __name__ == "__main__":
    typer.run(main)
