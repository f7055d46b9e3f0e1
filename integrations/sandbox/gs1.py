"""GS1 identifiers with their check digits, all under prefix 952, which GS1 keeps for examples."""

EXAMPLE_PREFIX = "952"


def check_digit(digits: str) -> str:
    """The GS1 check digit of `digits`: weights 3 and 1 from the right, complement to ten."""
    total = sum(int(digit) * (1 if index % 2 else 3) for index, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def company_prefix(number: int) -> str:
    """A seven-digit company prefix of the example range; `number` 0 to 9999 tells companies apart."""
    return f"{EXAMPLE_PREFIX}{number:04d}"


def gln(prefix: str, reference: int) -> str:
    """A Global Location Number, 13 digits."""
    digits = f"{prefix}{reference:05d}"
    return digits + check_digit(digits)


def gtin14(prefix: str, reference: int, *, level: int) -> str:
    """A GTIN-14; `level` is the packaging indicator: 0 the base unit, 1 to 8 what it is packed in."""
    digits = f"{level}{prefix}{reference:05d}"
    return digits + check_digit(digits)


def sscc(prefix: str, serial: int) -> str:
    """A Serial Shipping Container Code, 18 digits; `serial` below one thousand million."""
    digits = f"0{prefix}{serial:09d}"
    return digits + check_digit(digits)
