"""Which words does a round use? Those that ship, or those that were read out of its own notice when it was imported."""

from hatchmark.db.models import Round
from hatchmark.domain.vocabulary import Vocabulary, load_vocabulary, vocabulary_from


def vocabulary_of(evaluation_round: Round) -> Vocabulary:
    """Return the words of a round."""
    words = evaluation_round.settings.get("words")
    return vocabulary_from(words) if words else load_vocabulary(evaluation_round.vocabulary)
