"""Train the part-of-speech tagger that ``tagmapper.keywords`` uses.

Captions come in lower case, so the tagger reads every sentence twice: as it is and in lower case.
The universal tags (UPOS) are learned, because the chunker asks for nothing finer.

::

    python -m tagmapper.train_tagger en_ewt-ud-train.conllu --captions data/tagged_captions.txt \
        --test en_ewt-ud-test.conllu --out data/tagger.json
"""

import argparse
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tagmapper.keywords import averaged_perceptron

Sentence = list[tuple[str, str]]

_FORM, _UPOS = 1, 3  # columns of CoNLL-U, https://universaldependencies.org/format.html
_ROUNDS = 5
_SEED = 0
_CAPTION_COPIES = 5  # so that 72 captions are heard among 12,500 sentences
_SMALLEST_WEIGHT = 1.0  # leaving out the smaller ones halves the file and costs 0.3 points
_DECIMALS = 1


def read_conllu(lines: Iterable[str]) -> Iterator[Sentence]:
    """Yield the sentences of a CoNLL-U file as (word, universal tag) pairs."""
    sentence: Sentence = []
    for line in lines:
        if not line.strip() and sentence:
            yield sentence
            sentence = []
        fields = line.split("\t")
        if fields[0].isdigit():  # not a comment, a multi-word token "1-2" or an empty node "8.1"
            sentence.append((fields[_FORM], fields[_UPOS]))
    if sentence:
        yield sentence


def read_captions(lines: Iterable[str]) -> Iterator[Sentence]:
    """Yield captions tagged by hand, one a line: ``a/DET dog/NOUN runs/VERB``."""
    for line in lines:
        if not line.startswith("#"):
            pairs = (token.rpartition("/") for token in line.split())
            yield [(word, tag) for word, _, tag in pairs]


def lower(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Return the sentences as a captioner would write them: in lower case."""
    return [[(word.lower(), tag) for word, tag in sentence] for sentence in sentences]


def train(sentences: Sequence[Sentence], *, rounds: int = _ROUNDS) -> dict[str, object]:
    """Train on the sentences and on their lower-case copies; the same input gives the same tagger.

    Returns:
        ``weights``, ``tagdict`` and ``classes`` of nltk's PerceptronTagger, ready for JSON.
    """
    random.seed(_SEED)  # nltk shuffles the sentences with the global generator
    tagger = averaged_perceptron()
    tagger.train([*sentences, *lower(sentences)], nr_iter=rounds)
    return {
        "weights": _prune(tagger.model.weights),
        "tagdict": dict(sorted(tagger.tagdict.items())),
        "classes": sorted(tagger.classes),
    }


def _prune(weights: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    kept = {
        feature: {
            tag: round(weight, _DECIMALS)
            for tag, weight in sorted(by_tag.items())
            if abs(weight) >= _SMALLEST_WEIGHT
        }
        for feature, by_tag in sorted(weights.items())
    }
    return {feature: by_tag for feature, by_tag in kept.items() if by_tag}


def accuracy(parameters: dict[str, object], sentences: Sequence[Sentence]) -> float:
    """Return the share of words that get their right tag, in [0, 1]."""
    tagger = averaged_perceptron(parameters)
    right = total = 0
    for sentence in sentences:
        guessed = tagger.tag([word for word, _ in sentence])
        right += sum(
            guess == truth for (_, guess), (_, truth) in zip(guessed, sentence, strict=True)
        )
        total += len(sentence)
    return right / total


def _read_all(paths: Iterable[Path]) -> list[Sentence]:
    return [s for path in paths for s in read_conllu(path.read_text("utf-8").splitlines())]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("conllu", nargs="+", type=Path, help="treebank files to learn from")
    parser.add_argument("--captions", type=Path, help="captions tagged by hand")
    parser.add_argument("--test", nargs="*", type=Path, default=[], help="files to measure on")
    parser.add_argument("--out", type=Path, required=True, help="JSON file to write")
    return parser.parse_args()


def main() -> None:
    """Train, write, and measure where there is something to measure on."""
    arguments = _arguments()
    sentences = _read_all(arguments.conllu)
    if arguments.captions:
        captions = read_captions(arguments.captions.read_text("utf-8").splitlines())
        sentences += [*captions] * _CAPTION_COPIES
    parameters = train(sentences)
    text = json.dumps(parameters, ensure_ascii=False, separators=(",", ":"))
    arguments.out.write_text(text + "\n", "utf-8")
    if arguments.test:
        share = accuracy(parameters, lower(_read_all(arguments.test)))
        print(f"accuracy on the test files in lower case: {share:.1%}")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
