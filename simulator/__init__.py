"""A pretend Amazon Selling Partner API, written from Amazon's published models.

Shares no code with ``amazon/``, so that a mistake in the client cannot hide in both.
"""

from simulator.pretend import CREDENTIALS, IN_MEMORY, Credentials, Simulator
from simulator.server import create_simulator
from simulator.transport import SimulatorTransport

__all__ = [
    "CREDENTIALS",
    "IN_MEMORY",
    "Credentials",
    "Simulator",
    "SimulatorTransport",
    "create_simulator",
]
