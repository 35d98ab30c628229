"""Makes mutations of seeds, the same for the same random numbers, for the runs without a fuzzing engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

_NUMBERS = (b"0", b"-1", b"1", b"255", b"65536", b"2147483648", b"18446744073709551616", b"1e999", b"nan", b"9" * 400)
_TROUBLE = (
    *(
        b"\x00",
        b"\r\n",
        b"\n",
        b"\xff",
        b"\xc3",
        b"\xe2\x80\xae",
        b"\xed\xa0\x80",
        b"\xf0\x9f\xa7\xbe",
        b"%00",
        b"%0d%0a",
    ),
    *(
        b"..",
        b"/",
        b"//",
        b"\\",
        b'"',
        b"'",
        b";",
        b",",
        b":",
        b"=",
        b"&",
        b"[",
        b"]",
        b"{",
        b"}",
        b"@",
        b"#",
        b"*",
        b" ",
    ),
    *("\u0663".encode(), "\u00b2".encode(), "\u2028".encode()),
)
_MAX_BYTES = 200_000


def mutations(seeds: Sequence[bytes], words: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Yield `count` mutations of the seeds. Most have one or two changes, few have many."""
    random = Random(seed)
    inserted = (*_NUMBERS, *_TROUBLE, *words)
    for _ in range(count):
        data = random.choice(seeds)
        for _ in range(random.choice((1, 1, 1, 2, 2, 3, 8, 30))):
            data = _changed(random, data, seeds, inserted)[:_MAX_BYTES]
        yield data


def _changed(random: Random, data: bytes, seeds: Sequence[bytes], inserted: Sequence[bytes]) -> bytes:
    start = random.randrange(len(data) + 1)
    end = min(len(data), start + random.choice((1, 1, 2, 4, 16, 200)))
    match random.randrange(7):
        case 0:  # change a bit
            if start < len(data):
                return data[:start] + bytes([data[start] ^ (1 << random.randrange(8))]) + data[start + 1 :]
            return data
        case 1:
            return data[:start] + data[end:]
        case 2:
            return data[:start] + random.choice(inserted) + data[start:]
        case 3:
            return data[:start] + random.choice(inserted) + data[end:]
        case 4:  # repeat a part
            return data[:start] + data[start:end] * random.choice((2, 3, 40)) + data[end:]
        case 5:  # go on with another seed
            other = random.choice(seeds)
            return data[:start] + other[random.randrange(len(other) + 1) :]
        case _:
            return data[:start]
