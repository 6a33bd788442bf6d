"""The advisor: is this a behaviour problem or a knowledge problem?"""

__version__ = "0.1.0"
