"""What this package raises on purpose."""


class ServersError(RuntimeError):
    """The embedded servers cannot be had; the text says why and what to do about it."""
