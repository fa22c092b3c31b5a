"""The version of the package; a test holds it equal to that of the native module."""

__version__ = "0.1.0"
