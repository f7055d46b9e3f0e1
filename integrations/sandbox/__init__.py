"""A small distribution company to try everything on: who it is, what happens to its orders, and the
documents that tell of it. Seeded and pure; imports nothing of `visibility`.
"""

from integrations.sandbox.documents import SandboxDocument, documents

__all__ = ["SandboxDocument", "documents"]
