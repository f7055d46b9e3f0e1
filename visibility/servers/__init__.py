"""PostgreSQL and Valkey for development, demo and tests, run by a small supervisor of our own.

`addresses()` says where the servers are; `with running():` has them up. Each project (state directory) has
its own. Knows nothing of Django, and nothing else of this product.
"""

from visibility.servers.addresses import Addresses, addresses
from visibility.servers.databases import clone_database, drop_database
from visibility.servers.errors import ServersError
from visibility.servers.supervisor import running

__all__ = ["Addresses", "ServersError", "addresses", "clone_database", "drop_database", "running"]
