"""The arrays that the kernel works on."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Row: TypeAlias = NDArray[np.int64]
Table: TypeAlias = NDArray[np.int64]
Days: TypeAlias = NDArray[np.int64]
"""Runs, sessions, figures of a session."""
