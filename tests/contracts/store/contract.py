"""What every store must do, whatever database is behind it: the parts together."""

from __future__ import annotations

from tests.contracts.store.appending import Appending
from tests.contracts.store.deleting import Deleting
from tests.contracts.store.listing import Listing
from tests.contracts.store.opening import Opening
from tests.contracts.store.paging import Paging


class StoreContract(Opening, Appending, Paging, Listing, Deleting):
    """The suite. A test module inherits it, and gives an empty database's address in ``url``."""
