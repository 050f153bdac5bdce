"""What a tag adds to those that are chosen: pure numpy."""

import numpy as np

from tagmapper.ranking import Floats, Ints

_PART = 0.5  # of the diversity; tuned as the ranking was


def marginal(scores: Floats, redundancy: Floats, covered: Ints, diversity: float) -> Floats:
    """What each candidate adds to those that are chosen.

    Maximal marginal relevance (Carbonell & Goldstein, "The Use of MMR, Diversity-Based
    Reranking", SIGIR 1998); a repetition costs a share of the score here, so that it weighs the
    same in every place. And each part of a caption is to have its say, as aspects of a query have
    in xQuAD (Santos, Macdonald & Ounis, WWW 2010): a dog on a beach brings a beach, too.

    Args:
        scores: Shape ``(C,)`` in ``[0, 1]``.
        redundancy: Largest cosine of each to one that is chosen, shape ``(C,)``.
        covered: How many are chosen that are nearest to the same part of the caption, ``(C,)``.
        diversity: In ``[0, 1]``; 0 leaves the scores as they are.

    Returns:
        Shape ``(C,)`` in ``[0, 1]``.
    """
    repeated = diversity * np.maximum(redundancy, 0)
    return np.asarray(scores * (1 - repeated) * (1 - _PART * diversity) ** covered, np.float32)
