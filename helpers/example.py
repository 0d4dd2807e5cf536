"""The examples that the lessons of the cell compute with: two units for a pencil, and one that keeps a pulse.

The memory starts as zeros. All arrays are row vectors' tables: a kernel W has shape (features, units), a recurrent
kernel U (units, units), a bias b (units,).
"""

import numpy as np

X = np.array([[1.0], [-1.0], [1.0]])
"""The inputs of the running example, shape (time steps, features)."""

GRU = {
    "W_r": np.array([[-2.0, 1.0]]),
    "U_r": np.array([[1.0, 0.5], [0.0, -1.0]]),
    "b_r": np.array([0.2, 0.0]),
    "W_z": np.array([[2.0, -1.0]]),
    "U_z": np.array([[0.0, 1.0], [1.0, 0.0]]),
    "b_z": np.array([-0.5, -0.3]),
    "W_h": np.array([[1.0, -1.0]]),
    "U_h": np.array([[1.0, 0.5], [-1.0, 2.0]]),
    "b_h": np.array([0.0, 0.0]),
}
"""The GRU's weights by name: r reset gate, z update gate (z = 1 takes the candidate), h candidate."""

KEEPER = {
    "W_r": np.array([[0.0]]),
    "U_r": np.array([[0.0]]),
    "b_r": np.array([0.0]),
    "W_z": np.array([[20.0]]),
    "U_z": np.array([[0.0]]),
    "b_z": np.array([-6.0]),
    "W_h": np.array([[1.0]]),
    "U_h": np.array([[1.0]]),
    "b_h": np.array([0.0]),
}
"""A GRU of one unit whose update gate opens for a positive input only."""

PULSES = np.zeros((80, 1))
"""The inputs of this unit, shape (time steps, features): a 1 at step 5 and 0.5 at step 60, counted from 1."""
PULSES[[4, 59], 0] = 1.0, 0.5

RNN = {"W": GRU["W_h"], "U": GRU["U_h"], "b": GRU["b_h"]}
"""The plain cell with the candidate's weights."""

LSTM = {f"{letter}_i": GRU[f"{letter}_z"] for letter in "WUb"}
LSTM |= {f"{letter}_f": -GRU[f"{letter}_z"] for letter in "WUb"}
LSTM |= {f"{letter}_o": GRU[f"{letter}_r"] for letter in "WUb"}
LSTM |= {f"{letter}_c": GRU[f"{letter}_h"] for letter in "WUb"}
"""The LSTM with the same numbers: input gate i = z, forget gate f = 1 - z, output gate o = the reset gate's."""
