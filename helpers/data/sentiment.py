"""Messages, and the mood that people read in them."""

from typing import NamedTuple

import pandas as pd

from helpers.data.files import found


class Sentiment(NamedTuple):
    """The messages and VADER's list of words, as `load` describes them."""

    messages: pd.DataFrame
    words: pd.Series


def load() -> Sentiment:
    """Read the messages with their ratings, and what VADER knows of words.

    Returns
    -------
    Sentiment
        `messages`: a DataFrame with one row a message, indexed by its number in the package. `text` (str); `rating`
        (float64), the raters' mean from −4, very negative, to 4, very positive; `raters` (float64), how many there
        were, and `one` (float64), what the first of them said, both NaN where `designed` (bool): the 173 texts by which
        the authors tried out their rules; `family` (int64), the number of the first message of those that share words;
        `vader` (float64), the score of VADER 3.3.2 for the text, from −1 to 1, and `vader_shuffled` (float64), its
        score for the same words in an order drawn by chance.
        `words`: a float64 Series, word → VADER's rating from −4 to 4, of the words that are in the messages.

    Raises
    ------
    FileNotFoundError
        If a file is not in data/sentiment.
    """
    plain = {"keep_default_na": False}  # the word "nan" is a word
    messages = pd.read_csv(
        found("sentiment", "messages.csv"), index_col="id", na_values={"raters": "", "one": ""}, **plain
    )
    messages["designed"] = messages["designed"].astype(bool)
    words = pd.read_csv(found("sentiment", "words.csv"), index_col="word", **plain)["rating"]
    return Sentiment(messages, words)
