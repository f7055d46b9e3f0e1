"""Whether two numbers may be one, but for a slip in writing one of them down. Pure."""

from typing import Literal

from visibility.canonical.keys import normalise

Likeness = Literal["same", "spelled", "swapped", "one_off"]


def likeness(one: str, other: str) -> Likeness | None:
    """How alike two numbers are, up to a slip in writing them down. The same both ways round."""
    a, b = sorted((normalise(one), normalise(other)))
    if not a or a == b:
        return "same" if a else None
    digits = ["".join(c for c in text if c.isdigit()).lstrip("0") for text in (a, b)]
    letters = ["".join(c for c in text if c.isalpha()) for text in (a, b)]
    if digits[0] == digits[1] and len(digits[0]) >= 4 and ("" in letters or letters[0] == letters[1]):
        return "spelled"
    if len(a) == len(b):
        differ = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        if len(differ) == 1 and len(a) >= 6:
            return "one_off"
        if len(differ) == 2 and len(a) >= 4:
            i, j = differ
            return "swapped" if j == i + 1 and (a[i], a[j]) == (b[j], b[i]) else None
        return None
    short, long = sorted((a, b), key=len)
    one_more = len(long) == len(short) + 1 and len(short) >= 5
    return (
        "one_off" if one_more and any(long[:i] + long[i + 1 :] == short for i in range(len(long))) else None
    )


def slips(value: str) -> set[str]:
    """The number itself and what it may have been before a slip: spelling, a swap, a character too many."""
    own = normalise(value)
    if len(own) < 4:
        return {own} - {""}
    plain = "".join(c for c in own if c.isalnum())
    digits = "".join(c for c in own if c.isdigit())
    found = {own, plain, plain.lstrip("0")}
    if len(digits.lstrip("0")) >= 4:
        found |= {digits, digits.lstrip("0")}
    found |= {own[:i] + own[i + 1] + own[i] + own[i + 2 :] for i in range(len(own) - 1)}
    if len(own) >= 6:
        found |= {own[:i] + own[i + 1 :] for i in range(len(own))}
    return found - {""}
