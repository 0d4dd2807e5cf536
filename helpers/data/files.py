"""Where the data lie."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "data"


def found(*parts: str) -> Path:
    """Return the path of a file below the folder `data`.

    Raises
    ------
    FileNotFoundError
        If it is not there; the message says how to get it again.
    """
    file = FOLDER.joinpath(*parts)
    if not file.is_file():
        raise FileNotFoundError(
            f"{file} is missing. A fresh copy of the whole repository has it; `python data/rebuild.py` in the "
            "repository's top folder makes it again"
        )
    return file
