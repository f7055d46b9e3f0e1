"""What cannot be written as X12 or EDIFACT without coming out broken, with its place."""


class UnwritableError(ValueError):
    """A value or an envelope that the syntax has no way to write. `where` names it in words."""

    def __init__(self, code: str, text: str, where: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.where = where
