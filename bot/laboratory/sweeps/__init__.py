"""Sweeps: many runs over parameters and start dates, in processes and on clusters, to files."""
