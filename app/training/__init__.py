"""The training core: a generator of events. Torch and numpy; no web, no database, no processes."""
