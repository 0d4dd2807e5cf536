"""Messages with the mood that people read in them, from the package vaderSentiment, and what its rules say of each.

Of the archive's four collections only the first is used. The others are newspapers' and reviewers' texts.
"""

import csv
import html
import importlib.util
import io
import random
import re
import tarfile
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from recipes.archives import Archive, read_member

VADER = Archive(
    "pypi",
    "vaderSentiment",
    "3.3.2",
    "vaderSentiment-3.3.2.tar.gz",
    "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9",
)
RUDE_WORDS = Archive(
    "pypi",
    "better_profanity",
    "0.7.0",
    "better_profanity-0.7.0-py3-none-any.whl",
    "bd4c529ea6aa2db1aaa50524be1ed14d0fe5c664f1fd88c8bc388c7e9f9f00e8",
)
NAMES = Archive(
    "pypi",
    "names",
    "0.3.0",
    "names-0.3.0.tar.gz",
    "726e46254f2ed03f1ffb5d941dae3bc67c35123941c29becd02d48d0caa2a671",
)
ARCHIVES = [VADER, RUDE_WORDS, NAMES]
INSIDE = "vaderSentiment-3.3.2"
SEED = 2014

# On the list of rude words, but harmless in most messages, or mild.
MILD = {"crap", "damn", "dopey", "drunk", "dummy", "facial", "fat", "foobar", "gai", "god", "goddamn", "hell", "hiv"}
MILD |= {"homey", "jerk", "kill", "lmao", "moron", "omg", "oral", "pot", "potty", "screw", "screwed", "slave", "spicy"}
MILD |= {"strip", "stupid", "suck", "sucking", "ugly", "vodka", "vomit", "wang", "weirdo", "woody", "wtf", "xx"}
ENDINGS = ("s", "es", "ed", "ing", "in", "er", "ers", "y", "ty")
STARRED = re.compile(r"\b[a-z]\*|\w\*+[a-z]|\w\*\*")  # letters replaced by stars
CONTACT = re.compile(r"www\.\S|\S@\S+\.\S|\b\w+\.com\b|\b\d{3}[-. ]\d{3,4}[-. ]?\d{4}\b|\b\d{3}-\d{4}\b", re.IGNORECASE)

# What the rules below did not find, left out after all the rest had been read. The words are not repeated here.
READ_OFFENSIVE = (126, 249, 301, 401, 830, 923, 951, 1028, 1192, 1225, 1369, 1405, 1601, 1614, 1697, 1933, 2066, 2078)
READ_OFFENSIVE += (2080, 2172, 2282, 2287, 2368, 2393, 2447, 2654, 2751, 2778, 2789, 2828, 2863, 2867, 2869, 2966, 3091)
READ_OFFENSIVE += (3193, 3265, 3276, 3281, 3342, 3535, 3565, 3695, 3702, 3733, 3773, 3779, 3784, 3875, 3896, 3988, 4089)
READ_OFFENSIVE += (4125,)
READ_PERSONAL = (351, 367, 561, 648, 884, 989, 1098, 1101, 1263, 1343, 1552, 1679, 2258, 2459, 2475, 2476, 2491, 2523)
READ_PERSONAL += (2613, 2646, 2697, 2709, 2823, 2987, 3162, 3225, 3316, 3684, 3869)
READ_NOT_ENGLISH = (928, 929, 1529, 1555, 1580, 1954, 2680, 3400, 3789, 3791, 3792)


def make(folder: Path) -> dict[str, bytes]:
    """Return the content of each file, by its name, from the packages in `folder`."""
    kept = clean(messages(folder), rude_words(folder), given_names(folder), family_names(folder))
    family = families([text for _, text in kept.values()])
    ratings = raw_ratings(folder)
    analyzer = vader(folder)
    rng = random.Random(SEED)
    rows = []
    for (number, (mean, text)), first in zip(kept.items(), family, strict=True):
        words = text.split()
        shuffled = " ".join(sorted(words, key=lambda _: rng.random()))  # so drawn, the same in every Python
        scores = (analyzer.polarity_scores(each)["compound"] for each in (text, shuffled))
        raters = ratings[number]
        designed = (
            abs(sum(raters) / len(raters) - mean) > 1e-6
        )  # rated anew in a survey whose single ratings are not told
        numbers = ("", "") if designed else (len(raters), raters[0])
        rows.append(
            (number, list(kept)[first], int(designed), f"{mean:.4f}", *numbers, *map("{:.4f}".format, scores), text)
        )
    heading = ("id", "family", "designed", "rating", "raters", "one", "vader", "vader_shuffled", "text")
    seen = {piece for _, text in kept.values() for piece in pieces(text)}
    words = [(word, f"{value:.1f}") for word, value in sorted(analyzer.lexicon.items()) if word in seen]
    return {
        "messages.csv": as_csv([heading, *rows]),
        "words.csv": as_csv([("word", "rating"), *words]),
        "LICENSE": read_member(folder / VADER.file, f"{INSIDE}/LICENSE.txt").replace(b"\r\n", b"\n"),
    }


def research_file(folder: Path, name: str) -> list[list[str]]:
    """Return the rows of one of the tables in the archive that lies inside the package."""
    inner = read_member(folder / VADER.file, f"{INSIDE}/additional_resources/hutto_ICWSM_2014.tar.gz")
    with tarfile.open(fileobj=io.BytesIO(inner)) as archive:
        text = archive.extractfile(f"hutto_ICWSM_2014/{name}").read().decode("utf-8")
    return [line.split("\t") for line in text.splitlines()]


def messages(folder: Path) -> dict[int, tuple[float, str]]:
    """Return number → (mean rating, text). HTML's escapes are undone (some were escaped twice), spaces made single."""
    rows = research_file(folder, "tweets_GroundTruth.txt")
    unescaped = ((number, mean, html.unescape(html.unescape(text))) for number, mean, text in rows)
    return {int(number): (float(mean), " ".join(text.split())) for number, mean, text in unescaped}


def raw_ratings(folder: Path) -> dict[int, list[int]]:
    """Return number → what each rater said, from −4 to 4."""
    rows = research_file(folder, "tweets_anonDataRatings.txt")
    return {int(number): [int(value) for value in ratings.strip("[]").split(",")] for number, _, _, ratings in rows}


def rude_words(folder: Path) -> set[str]:
    """Return the words and expressions that no kept message may have."""
    lines = (
        read_member(folder / RUDE_WORDS.file, "better_profanity/profanity_wordlist.txt").decode("utf-8").splitlines()
    )
    return {line.strip().lower() for line in lines if line.strip()} - MILD


def given_names(folder: Path) -> set[str]:
    """Return the given names of the USA's census of 1990."""
    return name_list(folder, "dist.male.first") | name_list(folder, "dist.female.first")


def family_names(folder: Path) -> set[str]:
    """Return the family names of the USA's census of 1990."""
    return name_list(folder, "dist.all.last")


def name_list(folder: Path, file: str) -> set[str]:
    """Return the first word of each line, in small letters."""
    lines = read_member(folder / NAMES.file, f"names-0.3.0/names/{file}").decode("ascii").splitlines()
    return {line.split()[0].lower() for line in lines}


def clean(found: dict, rude: set[str], given: set[str], family: set[str]) -> dict:
    """Return the messages that are left: none is offensive, names a person in full, or says where to reach someone."""
    read = {*READ_OFFENSIVE, *READ_PERSONAL, *READ_NOT_ENGLISH}
    return {
        number: (mean, text)
        for number, (mean, text) in found.items()
        if number not in read
        and not is_rude(text.lower(), rude)
        and not has_full_name(text, given, family)
        and not CONTACT.search(text)
    }


def is_rude(text: str, rude: set[str]) -> bool:
    """Tell whether a text in small letters has a rude word, also with an ending or with stars in it."""
    words = re.findall(r"[a-z0-9$@]+", text)
    stems = {word.removesuffix(end) for word in words for end in ENDINGS if word not in MILD}
    several = (expression for expression in rude if " " in expression)
    return bool(
        STARRED.search(text)
        or rude.intersection(words)
        or rude.intersection(stem for stem in stems if len(stem) >= 4)
        or any(expression in text for expression in several)
    )


def has_full_name(text: str, given: set[str], family: set[str]) -> bool:
    """Tell whether a given name and a family name follow each other, perhaps with an initial between them."""
    pairs = re.finditer(r"(?=\b([A-Z][a-z]+)\s+(?:[A-Z]\.?\s+)?([A-Z][a-zA-Z]+)\b)", text)
    return any(pair[1].lower() in given and pair[2].lower() in family for pair in pairs)


def families(texts: list[str]) -> list[int]:
    """Return for each text the first text of its family: texts that share half of their words, and so on in a chain.

    Of two texts, the words in both are counted against the words in either. Capitals, signs, and the stand-ins for
    names and addresses do not count.
    """
    first = list(range(len(texts)))
    words = []
    having = defaultdict(list)  # word → the texts that have it
    for number, text in enumerate(texts):
        plain = text.lower().replace("@anonymous", " ").replace("http://url_removed", " ")
        words.append(set(re.findall(r"[a-z0-9']+", plain) or plain.split()))
        common = Counter(other for word in words[number] for other in having[word])
        for other, count in common.items():
            new, old = sorted((first[number], first[other]))
            if new < old and 2 * count >= len(words[number] | words[other]):
                first = [new if each == old else each for each in first]
        for word in words[number]:
            having[word].append(number)
    return first


def pieces(text: str) -> set[str]:
    """Return what of a text may stand in a lexicon: what spaces part, with and without its signs, in small letters."""
    parts = text.lower().split()
    return {*parts, *(part.strip(".,!?\"'()[]{}:;-*#") for part in parts), *re.findall(r"[a-z']+", text.lower())}


def vader(folder: Path):
    """Return the package's own analyzer, its code and its lexicon as they are in the archive."""
    with tempfile.TemporaryDirectory() as temporary:
        for name in ("vaderSentiment.py", "vader_lexicon.txt", "emoji_utf8_lexicon.txt"):
            content = read_member(folder / VADER.file, f"{INSIDE}/vaderSentiment/{name}")
            (Path(temporary) / name).write_bytes(content)
        spec = importlib.util.spec_from_file_location("vaderSentiment", Path(temporary) / "vaderSentiment.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.SentimentIntensityAnalyzer()


def as_csv(rows: list[tuple]) -> bytes:
    """Return the rows as UTF-8 with LF line ends, on every system."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")
