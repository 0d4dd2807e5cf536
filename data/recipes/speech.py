"""Seven voices of telephone prompts in four languages: MFCC frames of each, and one recording of each to hear."""

import gzip
import io
import subprocess
import tarfile
import wave
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np
import python_speech_features
import soundfile
from scipy.signal import butter, sosfilt, sosfilt_zi

from recipes.archives import Archive, read_member

CORE, CORE_VERSION = "asterisk-core-sounds", "1.6.1-1"
ARCHIVES = [
    Archive("debian", package, version, f"{package}_{version.replace(':', '%3a')}_all.deb", sha256)
    for package, version, sha256 in [
        (f"{CORE}-en-gsm", CORE_VERSION, "ddc33205a56aebf54c73a0fb95c3a0d8131087878d74857a4e54bcab2b0d72ae"),
        (f"{CORE}-es-gsm", CORE_VERSION, "533b4c29e232cae99f89a6933b5fc0af5341514e513924df401c683e222614b7"),
        (f"{CORE}-fr-gsm", CORE_VERSION, "97bd8bebb7ef775046802a5a466d8f89916f54f437e158a1ec537cef814d44fd"),
        (f"{CORE}-it-gsm", CORE_VERSION, "fb6d6ce94502894714f00240c372a291bcaa4cd3e05fdf278780a4dd9edfabab"),
        (
            "asterisk-prompt-es-co",
            "0.20070403-2.1",
            "6702696e045514699e87dc8fb70f370717e5df91f821f7bec8dd0df1be008e83",
        ),
        (
            "asterisk-prompt-fr-armelle",
            "20070613-2.2",
            "162570b1a9b3512a98f06b89f60c7c17cf1b9b52297315adca9a4e5be728bea3",
        ),
        (
            "asterisk-prompt-it-menardi-gsm",
            "1:1.4.22+mm20110907-3.1",
            "36ca6a951c029a94e6773c1c7d433042f5e4e2d9403c953005b0b7c9b2f9fbc2",
        ),
    ]
]


class Voice(NamedTuple):
    """A voice, where its prompts are, and where its licence is."""

    name: str
    package: str
    folder: str  # below usr/share/asterisk/sounds
    licence: str  # the name of the licence file here


VOICES = [
    Voice("allison_en", f"{CORE}-en-gsm", "en_US_f_Allison", "LICENSE.core"),
    Voice("allison_es", f"{CORE}-es-gsm", "es_MX_f_Allison", "LICENSE.core"),
    Voice("july_es", "asterisk-prompt-es-co", "es", "LICENSE.july"),
    Voice("june_fr", f"{CORE}-fr-gsm", "fr_CA_f_June", "LICENSE.core"),
    Voice("armelle_fr", "asterisk-prompt-fr-armelle", "fr", "LICENSE.armelle"),
    Voice("carlo_it", f"{CORE}-it-gsm", "it_IT_m_Carlo", "LICENSE.core"),
    Voice("paola_it", "asterisk-prompt-it-menardi-gsm", "it_IT_f_Menardi", "LICENSE.menardi"),
]
# sounds in which nobody speaks
TONES = {
    "ascending-2tone",
    "beep",
    "beeperr",
    "confbridge-join",
    "confbridge-leave",
    "descending-2tone",
    "tt-monkeys",
}
RATE = 8000  # samples a second
SHORTEST, LONGEST = RATE, 2 * RATE  # samples of a clip
LOUDNESS = 2000  # root mean square of a clip, of 32,767
WINDOW, STEP, COEFFICIENTS, FILTERS = 256, 160, 13, 26  # 32 ms every 20 ms
SCALE = np.array([1] + [4] * (COEFFICIENTS - 1))  # stored = round(coefficient · scale): a whole number from -128 to 127
TO_HEAR = "vm-sorry"  # "I am sorry, I did not understand your response", which every voice says


def make(folder: Path) -> dict[str, bytes]:
    """Return frames, a recording and the licence of each voice, and the table of clips, from the packages."""
    made, rows = {}, ["voice,prompt,frames"]
    for voice in VOICES:
        package = folder / next(archive.file for archive in ARCHIVES if archive.package == voice.package)
        frames, used = [], set()
        for name, content in prompts(package, voice.folder):
            samples = trimmed(without_rumble(decoded(content)))
            if len(samples) < SHORTEST or samples.tobytes() in used:
                continue
            used.add(samples.tobytes())
            clip = equally_loud(samples[:LONGEST])
            frames.append(mfcc(clip))
            rows.append(f"{voice.name},{name},{len(frames[-1])}")
            if name == TO_HEAR:
                made[f"{voice.name}.wav"] = as_wav(clip)
        made[f"{voice.name}.npy"] = as_npy(np.concatenate(frames))
        made[voice.licence] = licence(package, voice.package)
    made["clips.csv"] = ("\n".join(rows) + "\n").encode()
    return made


def prompts(package: Path, folder: str) -> list[tuple[str, bytes]]:
    """Return name and content of each sound file in which somebody speaks, in the order of the names."""
    content = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], check=True, capture_output=True).stdout
    root = PurePosixPath("usr/share/asterisk/sounds", folder)
    found = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            path = PurePosixPath(member.name)
            if member.isfile() and path.suffix == ".gsm" and path.is_relative_to(root):
                name = str(path.relative_to(root).with_suffix(""))
                if path.stem not in TONES and not name.startswith("silence/"):
                    found[name] = archive.extractfile(member).read()
    return sorted(found.items())


def decoded(content: bytes) -> np.ndarray:
    """Return the samples of a GSM 06.10 recording as 16-bit integers."""
    form = {"format": "RAW", "subtype": "GSM610", "samplerate": RATE, "channels": 1}
    return soundfile.read(io.BytesIO(content), dtype="int16", **form)[0]


def without_rumble(samples: np.ndarray) -> np.ndarray:
    """Filter out what lies below 100 Hz: some recordings begin with an offset that fades, others hum."""
    high_pass = butter(4, 100, "highpass", fs=RATE, output="sos")
    return sosfilt(high_pass, samples, zi=sosfilt_zi(high_pass) * samples[0])[0]


def trimmed(samples: np.ndarray) -> np.ndarray:
    """Cut off the silence at both ends: pieces of 20 ms with less than 5 % of the loudest piece's root mean square."""
    pieces = samples[: len(samples) // STEP * STEP].reshape(-1, STEP)
    loudness = np.sqrt((pieces**2).mean(axis=1))
    loud = np.flatnonzero(loudness > 0.05 * loudness.max())
    return samples[loud[0] * STEP : (loud[-1] + 1) * STEP]


def equally_loud(samples: np.ndarray) -> np.ndarray:
    """Return 16-bit integers with the root mean square LOUDNESS."""
    louder = samples * (LOUDNESS / np.sqrt((samples**2).mean()))
    return np.clip(np.round(louder), -32768, 32767).astype("<i2")


def mfcc(samples: np.ndarray) -> np.ndarray:
    """Return the MFCCs of a clip as 8-bit integers, shape (frames, COEFFICIENTS)."""
    values = python_speech_features.mfcc(
        samples.astype(float),
        RATE,
        winlen=WINDOW / RATE,
        winstep=STEP / RATE,
        numcep=COEFFICIENTS,
        nfilt=FILTERS,
        nfft=WINDOW,
        preemph=0.97,
        ceplifter=0,
        appendEnergy=False,
        winfunc=np.hamming,
    )
    whole = 1 + (len(samples) - WINDOW) // STEP  # the library fills a last frame up with zeros
    return np.clip(np.round(values[:whole] * SCALE), -128, 127).astype("int8")


def licence(package: Path, name: str) -> bytes:
    """Return what the package says about its licence, unaltered."""
    folder = f"usr/share/doc/{name}"
    text = read_member(package, f"{folder}/copyright")
    if name == "asterisk-prompt-es-co":  # the text of the GPL is in a file of its own
        text += b"\n" + gzip.decompress(read_member(package, f"{folder}/LICENCIA.gz"))
    return text


def as_npy(values: np.ndarray) -> bytes:
    """Return an array as the content of a .npy file."""
    file = io.BytesIO()
    np.lib.format.write_array(file, values, version=(1, 0), allow_pickle=False)
    return file.getvalue()


def as_wav(samples: np.ndarray) -> bytes:
    """Return 16-bit samples as the content of a .wav file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples.tobytes())
    return file.getvalue()
