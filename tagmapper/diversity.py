"""What a tag adds to those that are chosen."""

_PART = 0.5  # of the diversity; tuned as the ranking was


def marginal(score: float, redundancy: float, covered: int, diversity: float) -> float:
    """What a candidate adds to those that are chosen.

    Maximal marginal relevance (Carbonell & Goldstein, "The Use of MMR, Diversity-Based
    Reranking", SIGIR 1998); a repetition costs a share of the score here, so that it weighs the
    same in every place. And each part of a caption is to have its say, as aspects of a query have
    in xQuAD (Santos, Macdonald & Ounis, WWW 2010): a dog on a beach brings a beach, too.

    Args:
        score: In ``[0, 1]``.
        redundancy: Largest cosine to one that is chosen, in ``[0, 1]``.
        covered: How many are chosen that are nearest to the same part of the caption.
        diversity: In ``[0, 1]``; 0 leaves the score as it is.

    Returns:
        In ``[0, 1]``.
    """
    return score * (1 - diversity * redundancy) * (1 - _PART * diversity) ** covered
