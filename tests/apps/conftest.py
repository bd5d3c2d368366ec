"""Every app's tests have the cast."""

from tests.cast import *  # noqa: F403
