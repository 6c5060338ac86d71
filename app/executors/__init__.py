"""Engines that run jobs: each passes the one contract suite in tests/contracts."""
