"""Depthscope: residual against plain networks, trained live in the browser."""

__version__ = "0.1.0"
