"""The back office of a back office: who may sign in, what they may touch, and where."""

__version__ = "0.1.0"
