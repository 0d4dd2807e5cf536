"""Jane Austen's novels, from the R package janeaustenr as Debian has it: two to learn from, a piece of two others.

The package keeps its data as R does: in a file of compressed objects (`.rdb`) and a list of where each begins (`.rdx`).
"""

import re
import warnings
import zlib
from pathlib import Path

from recipes.archives import Archive, read_member

NOVELS = Archive(
    "debian",
    "r-cran-janeaustenr",
    "1.0.0-1",
    "r-cran-janeaustenr_1.0.0-1_all.deb",
    "df6bddf211906d1ff404f8ff662c21b34e6660e7f54a311084e749050c019c95",
)
ARCHIVES = [NOVELS]
INSIDE = "usr/lib/R/site-library/janeaustenr/data/Rdata"
COPYRIGHT = "usr/share/doc/r-cran-janeaustenr/copyright"

WHOLE = None
CHARACTERS = {  # of each novel, from its beginning, whole paragraphs
    "prideprejudice": ("pride_and_prejudice", WHOLE),
    "sensesensibility": ("sense_and_sensibility", WHOLE),
    "northangerabbey": ("northanger_abbey", 200_000),
    "persuasion": ("persuasion", 200_000),
}
ALPHABET = "\n !\"'(),-.:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TITLE = re.compile(r"\b(Mrs?)\b(?!\.)")  # one of the four editions has no full stop here
HEADING = re.compile(r"(chapter|volume) [ivxlc\d]+|fini[s]|the end", re.IGNORECASE)


def make(folder: Path) -> dict[str, bytes]:
    """Return the content of each file, by its name, from the package in `folder`."""
    lines = r_objects(folder / NOVELS.file)
    files = {"LICENSE": read_member(folder / NOVELS.file, COPYRIGHT)}
    for name, (file, length) in CHARACTERS.items():
        kept = []
        for paragraph in paragraphs(lines[name]):
            if length is not WHOLE and sum(map(len, kept)) + len(kept) + len(paragraph) + 1 > length:
                break
            kept.append(paragraph)
        files[f"{file}.txt"] = "".join(f"{paragraph}\n" for paragraph in kept).encode("ascii")
    return files


def paragraphs(lines: list[str]) -> list[str]:
    """Return the paragraphs of a novel from its first chapter on, each as one line.

    Left out are headings, the editor's note on the text, and paragraphs with figures or other rare signs. The marks
    of slanted print and doubled spaces go. "Mr" and "Mrs" have a full stop in all.
    """
    blocks = [" ".join(block.split()) for block in "\n".join(lines).replace("_", "").split("\n\n")]
    blocks = [block for block in blocks if block]
    first = next(
        i for i, block in enumerate(blocks) if HEADING.fullmatch(block) and not HEADING.fullmatch(blocks[i + 1])
    )
    last = blocks.index("A NOTE ON THE TEXT") if "A NOTE ON THE TEXT" in blocks else len(blocks)
    kept = [TITLE.sub(r"\1.", block) for block in blocks[first:last]]
    return [block for block in kept if not HEADING.fullmatch(block) and set(block) <= set(ALPHABET)]


def r_objects(package: Path) -> dict[str, list[str]]:
    """Return each novel's lines, by the name of its R object."""
    import rdata

    def converted(content: bytes):
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Unknown file type")  # it has no name from which to tell
            return rdata.conversion.convert(rdata.parser.parse_data(content))

    index, objects = (read_member(package, f"{INSIDE}.{kind}") for kind in ("rdx", "rdb"))
    found = {}
    for name, (start, length) in converted(index)["variables"].items():
        content = zlib.decompress(objects[start + 4 : start + length])  # the first four bytes tell its size
        found[str(name)] = [str(line) for line in converted(content)]
    return found
