"""Depthscope: residual against plain networks, trained live in the browser."""
