"""Depthscope over HTTP: pages, the JSON interface, and the sockets that follow runs."""
