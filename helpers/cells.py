"""RNN, GRU and LSTM in NumPy, one layer each, written to be read beside their equations.

A sample is a row, as in Keras. At one time step the input ``x_t`` has shape (batch, features) and the state
``h`` has shape (batch, units). Every gate has three arrays, and the first letter says what an array meets:

=====  ==================  ===================================================
``W``  (features, units)   the input, as ``x_t @ W`` (the kernel)
``U``  (units, units)      the state before, as ``h @ U`` (the recurrent kernel)
``b``  (units,)            the sum of both (the bias)
=====  ==================  ===================================================

Each cell offers the same: `initialise` draws random weights, `from_keras` copies those of a Keras layer, `forward`
gives all hidden states, `backward` gives the gradients. Masks are left out, and dropout, which acts in training only.
"""

import copy
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike


def sigmoid(a: ArrayLike) -> np.ndarray:
    """Return σ(a) = 1 / (1 + exp(−a)), element by element.

    For a below −709, exp(−a) is too large for a number and becomes infinite. Then σ(a) is 0, which is right, so NumPy's
    warning is silenced.

    Parameters
    ----------
    a : array of any shape

    Returns
    -------
    np.ndarray
        Same shape as `a`, values from 0 to 1.
    """
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-1.0 * np.asarray(a)))


class _Cell:
    """What the three cells share: they hold weights and check what comes in."""

    def __init__(self, dtype: DTypeLike, **weights: ArrayLike):
        self.dtype = np.dtype(dtype)
        if not np.issubdtype(self.dtype, np.floating):
            raise ValueError(f"dtype must be a floating-point type such as np.float64; found {self.dtype}.")
        self._names = tuple(weights)
        for name, values in weights.items():
            setattr(self, name, np.array(values, dtype=self.dtype))

        first, kernel = next(iter(self.weights.items()))
        if kernel.ndim != 2 or 0 in kernel.shape:
            raise ValueError(f"{first} must have shape (features, units); found shape {kernel.shape}.")
        self.features, self.units = kernel.shape
        shapes = {"W": kernel.shape, "U": (self.units, self.units), "b": (self.units,)}
        for name, array in self.weights.items():
            if array.shape != shapes[name[0]]:
                raise ValueError(
                    f"{name} must have shape {shapes[name[0]]}, to go with {first} of shape "
                    f"(features, units) = {kernel.shape}; found shape {array.shape}."
                )

    @property
    def weights(self) -> dict[str, np.ndarray]:
        """The weights by name, in the order of the equations."""
        return {name: getattr(self, name) for name in self._names}

    def _check_input(self, x: ArrayLike) -> np.ndarray:
        x = np.array(x, dtype=self.dtype)  # a copy: backward needs x as it was
        if x.ndim != 3 or x.shape[1] == 0 or x.shape[2] != self.features:
            raise ValueError(
                f"x must have shape (batch, time, features) with {self.features} features and at least one time "
                f"step; found shape {x.shape}. A single series is a batch of one: x[np.newaxis]."
            )
        return x

    def _check_state(self, state: ArrayLike | None, batch: int) -> np.ndarray:
        if state is None:
            return np.zeros((batch, self.units), dtype=self.dtype)
        state = np.array(state, dtype=self.dtype)
        if state.shape != (batch, self.units):
            raise ValueError(
                f"An initial state must have shape (batch, units) = {(batch, self.units)}; found {state.shape}."
            )
        return state

    def _check_grad(self, grad: ArrayLike) -> np.ndarray:
        if not hasattr(self, "h"):
            raise RuntimeError("Call forward first: backward needs the values that forward keeps.")
        grad = np.asarray(grad, dtype=self.dtype)
        if grad.shape != self.h.shape:
            raise ValueError(
                f"grad must have the shape of all hidden states, (batch, time, units) = {self.h.shape}; found "
                f"{grad.shape}. For a loss on the last step alone, fill the other steps with zeros."
            )
        return grad

    def _zero_gradients(self) -> dict[str, np.ndarray]:
        """Return zeros for every weight, for the input and for every hidden state."""
        arrays = self.weights | {"x": self.x, "h": self.h}
        return {name: np.zeros_like(array) for name, array in arrays.items()}


class RNN(_Cell):
    """A plain recurrent layer: Keras' ``SimpleRNN``.

    ::

        h_t = tanh(x_t W + h U + b)                           h is the state before

    Parameters
    ----------
    W, U, b : arrays
        Shapes (features, units), (units, units), (units,).
    dtype : floating-point type
        Of the weights and of everything computed with them.

    Attributes
    ----------
    weights : dict
        The arrays above by name.
    h : np.ndarray
        After `forward`: the hidden states, shape (batch, time, units).

    Raises
    ------
    ValueError
        If the shapes of the weights do not fit together.
    """

    def __init__(self, *, W: ArrayLike, U: ArrayLike, b: ArrayLike, dtype: DTypeLike = np.float64):
        super().__init__(dtype, W=W, U=U, b=b)

    @classmethod
    def initialise(cls, features: int, units: int, rng: np.random.Generator, dtype: DTypeLike = np.float64) -> Self:
        """Draw random weights as Keras does: Glorot-uniform kernel, orthogonal recurrent kernel, zero bias.

        Parameters
        ----------
        features, units : int
            Sizes of the input and of the state.
        rng : np.random.Generator
            The source of the random numbers, such as ``np.random.default_rng(0)``.
        dtype : floating-point type

        Raises
        ------
        ValueError
            If a size is not a whole number of at least 1, or `rng` is no generator.
        """
        kernel, recurrent_kernel = _draw_kernels(features, units, 1, rng)
        return cls(W=kernel, U=recurrent_kernel, b=np.zeros(units), dtype=dtype)

    @classmethod
    def from_keras(cls, layer: Any, dtype: DTypeLike = np.float64) -> Self:
        """Copy the weights of a Keras layer. They need no change.

        Parameters
        ----------
        layer : keras.layers.SimpleRNN
            Already built. Without a bias (``use_bias=False``), zeros are taken.
        dtype : floating-point type

        Raises
        ------
        ValueError
            If the layer is of another kind, is not built, or does what this class cannot.
        """
        kernel, recurrent_kernel, bias = _keras_weights(layer, "SimpleRNN")
        return cls(W=kernel, U=recurrent_kernel, b=bias, dtype=dtype)

    def forward(self, x: ArrayLike, initial_state: ArrayLike | None = None) -> np.ndarray:
        """Run over the time steps and return every hidden state.

        Parameters
        ----------
        x : array, shape (batch, time, features)
        initial_state : array, shape (batch, units), optional
            Zeros if left out.

        Returns
        -------
        np.ndarray, shape (batch, time, units)

        Raises
        ------
        ValueError
            If a shape is wrong.
        """
        x = self._check_input(x)
        batch, time, _ = x.shape
        h = self._check_state(initial_state, batch)
        self.x, self.initial_state = x, h
        self.h = np.empty((batch, time, self.units), dtype=self.dtype)
        for t in range(time):
            h = np.tanh(x[:, t] @ self.W + h @ self.U + self.b)
            self.h[:, t] = h
        return self.h.copy()

    def backward(self, grad: ArrayLike) -> dict[str, np.ndarray]:
        """Carry the gradient of a loss back through every time step of the last `forward`.

        In the code, ``dh`` is the gradient of the loss with respect to the state h, and ``da`` that with respect
        to what stands inside the tanh.

        Parameters
        ----------
        grad : array, shape (batch, time, units)
            Gradient of the loss with respect to all hidden states, each taken as an output of the layer.

        Returns
        -------
        dict
            Gradients of the loss by name, each in the shape of what it belongs to: every weight, ``"x"`` and
            ``"initial_state"``. ``"h"`` holds the gradient with respect to each hidden state by every path: as an
            output, and through all later steps.

        Raises
        ------
        ValueError
            If `grad` has another shape than the hidden states.
        RuntimeError
            If `forward` has not run.
        """
        grad = self._check_grad(grad)
        gradients = self._zero_gradients()
        dh = np.zeros_like(self.initial_state)
        for t in reversed(range(grad.shape[1])):
            h = self.h[:, t - 1] if t > 0 else self.initial_state
            dh_t = dh + grad[:, t]  # from all later steps, and from this step's own output
            gradients["h"][:, t] = dh_t

            da = dh_t * (1 - self.h[:, t] ** 2)  # the slope of tanh is 1 − tanh²
            gradients["W"] += self.x[:, t].T @ da
            gradients["U"] += h.T @ da
            gradients["b"] += da.sum(axis=0)
            gradients["x"][:, t] = da @ self.W.T
            dh = da @ self.U.T
        return gradients | {"initial_state": dh}


class GRU(_Cell):
    """A gated recurrent unit. Its update gate z lets the candidate in.

    ::

        r   = σ(x_t W_r + h U_r + b_r)                        reset gate
        z   = σ(x_t W_z + h U_z + b_z)                        update gate
        h′  = tanh(x_t W_h + (r ⊙ h) U_h + b_h)               candidate, reset_after=False
        h′  = tanh(x_t W_h + r ⊙ (h U_h + b_Uh) + b_h)        candidate, reset_after=True
        h_t = (1 − z) ⊙ h + z ⊙ h′                            new state; h is the state before

    Textbooks stack state and input and write r = σ(W_r·[h, x] + b_r). It is the same sum: the columns of that wide
    matrix split into a part that meets h and a part that meets x. Here a sample is a row, so each part is
    transposed and stands on the right: W_r·[h, x] becomes h U_r + x W_r.

    **The sign of z** is that of Chung et al. (2014). Cho et al. (2014), Keras and PyTorch write
    h_t = z ⊙ h + (1 − z) ⊙ h′: there, z → 1 keeps the old state. Because σ(−a) = 1 − σ(a), negating W_z, U_z and
    b_z turns one form into the other exactly.

    **The place of the reset gate.** With ``reset_after=True`` it acts after the product with U_h, as in PyTorch and
    in Keras by default. Then a second bias in the candidate makes a difference: r scales b_Uh, but not b_h.
    Keras and PyTorch keep a second bias for r and z too. Those two are only ever added to the first, so this class
    holds the sums, 2·units numbers fewer than `gru_parameters` counts.

    Parameters
    ----------
    W_r, U_r, b_r, W_z, U_z, b_z, W_h, U_h, b_h : arrays
        Shapes (features, units) for W, (units, units) for U, (units,) for b.
    b_Uh : array, shape (units,), optional
        Only with ``reset_after=True``; zeros if left out.
    reset_after : bool
        Where the reset gate acts.
    dtype : floating-point type
        Of the weights and of everything computed with them.

    Attributes
    ----------
    weights : dict
        The arrays above by name.
    r, z, candidate, h : np.ndarray
        After `forward`: the gates, the candidate h′ and the hidden states, each of shape (batch, time, units).

    Raises
    ------
    ValueError
        If the shapes of the weights do not fit together, or `b_Uh` comes without ``reset_after=True``.

    References
    ----------
    Cho et al. (2014), arXiv:1406.1078. Chung et al. (2014), arXiv:1412.3555.
    """

    def __init__(
        self,
        *,
        W_r: ArrayLike,
        U_r: ArrayLike,
        b_r: ArrayLike,
        W_z: ArrayLike,
        U_z: ArrayLike,
        b_z: ArrayLike,
        W_h: ArrayLike,
        U_h: ArrayLike,
        b_h: ArrayLike,
        b_Uh: ArrayLike | None = None,
        reset_after: bool = False,
        dtype: DTypeLike = np.float64,
    ):
        if b_Uh is not None and not reset_after:
            raise ValueError("b_Uh belongs to reset_after=True alone. Leave it out, or set reset_after=True.")
        second = {}
        if reset_after:
            second["b_Uh"] = np.zeros_like(b_h) if b_Uh is None else b_Uh
        super().__init__(
            dtype, W_r=W_r, U_r=U_r, b_r=b_r, W_z=W_z, U_z=U_z, b_z=b_z, W_h=W_h, U_h=U_h, b_h=b_h, **second
        )
        self.reset_after = reset_after

    @classmethod
    def initialise(
        cls,
        features: int,
        units: int,
        rng: np.random.Generator,
        reset_after: bool = False,
        dtype: DTypeLike = np.float64,
    ) -> Self:
        """Draw random weights as Keras does: Glorot-uniform kernel, orthogonal recurrent kernel, zero biases.

        Parameters
        ----------
        features, units : int
            Sizes of the input and of the state.
        rng : np.random.Generator
            The source of the random numbers, such as ``np.random.default_rng(0)``.
        reset_after : bool
            Where the reset gate acts.
        dtype : floating-point type

        Raises
        ------
        ValueError
            If a size is not a whole number of at least 1, or `rng` is no generator.
        """
        kernel, recurrent_kernel = _draw_kernels(features, units, 3, rng)
        weights = _split_gates("rzh", kernel, recurrent_kernel, np.zeros(3 * units))
        return cls(**weights, reset_after=reset_after, dtype=dtype)

    @classmethod
    def from_keras(cls, layer: Any, dtype: DTypeLike = np.float64) -> Self:
        """Copy the weights of a Keras layer, whichever ``reset_after`` it has.

        Keras holds the gates side by side, in the order z, r, h. With ``reset_after=True`` its bias has two rows:
        the first is added to the input's part, the second to the state's part.

        A mask that comes from outside (``layer(x, mask=…)``, or a model within a masked one) leaves no trace in the
        layer and is not seen here: compare one output with the original.

        Parameters
        ----------
        layer : keras.layers.GRU
            Already built. Without a bias (``use_bias=False``), zeros are taken.
        dtype : floating-point type

        Raises
        ------
        ValueError
            If the layer is of another kind, is not built, or does what this class cannot.
        """
        kernel, recurrent_kernel, bias = _keras_weights(layer, "GRU")
        bias_W, bias_U = bias if bias.ndim == 2 else (bias, None)
        return cls._from_z_that_keeps("zrh", kernel, recurrent_kernel, bias_W, bias_U, dtype)

    @classmethod
    def from_torch(
        cls,
        weight_ih: ArrayLike,
        weight_hh: ArrayLike,
        bias_ih: ArrayLike,
        bias_hh: ArrayLike,
        dtype: DTypeLike = np.float64,
    ) -> Self:
        """Copy the weights of one layer of PyTorch's ``nn.GRU``, which is always ``reset_after=True``.

        PyTorch holds the gates one below the other, in the order r, z, n (n is the candidate), and multiplies from
        the left: its matrices are the transposes of ours.

        The arrays say nothing of how they are used. A layer with ``bias=False`` needs zeros here, one with
        ``bidirectional=True`` a second cell for its ``…_reverse`` arrays that reads the series backwards. Of a packed
        batch, each sample's own last step counts, not the last of all.

        Parameters
        ----------
        weight_ih : array, shape (3·units, features)
            As in ``gru.weight_ih_l0.detach().numpy()``; likewise the others.
        weight_hh : array, shape (3·units, units)
        bias_ih, bias_hh : arrays, shape (3·units,)
        dtype : floating-point type

        Raises
        ------
        ValueError
            If a shape does not fit.

        References
        ----------
        https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html
        """
        arrays = [np.asarray(array, dtype=np.float64) for array in (weight_ih, weight_hh, bias_ih, bias_hh)]
        weight_ih, weight_hh, bias_ih, bias_hh = arrays
        shapes = [array.shape for array in arrays]
        rows = 3 * weight_hh.shape[-1] if weight_hh.ndim == 2 else 0
        if weight_ih.ndim != 2 or shapes != [(rows, weight_ih.shape[1]), (rows, rows // 3), (rows,), (rows,)]:
            raise ValueError(
                "weight_ih, weight_hh, bias_ih and bias_hh must have the shapes (3·units, features), "
                f"(3·units, units), (3·units,) and (3·units,); found {shapes}."
            )
        return cls._from_z_that_keeps("rzh", weight_ih.T, weight_hh.T, bias_ih, bias_hh, dtype)

    @classmethod
    def _from_z_that_keeps(
        cls,
        order: str,
        kernel: np.ndarray,
        recurrent_kernel: np.ndarray,
        bias_W: np.ndarray,
        bias_U: np.ndarray | None,
        dtype: DTypeLike,
    ) -> Self:
        """Take over the weights of a GRU whose z keeps the old state, its gates side by side in this order.

        A second bias, `bias_U`, says that the reset gate acts after the product.
        """
        weights = _split_gates(order, kernel, recurrent_kernel, bias_W)
        if bias_U is not None:
            second = dict(zip(order, np.split(bias_U, 3), strict=True))
            weights["b_r"] = weights["b_r"] + second["r"]
            weights["b_z"] = weights["b_z"] + second["z"]
            weights["b_Uh"] = second["h"]
        for name in ("W_z", "U_z", "b_z"):
            weights[name] = -weights[name]  # σ(−a) = 1 − σ(a): now z lets the candidate in
        return cls(**weights, reset_after=bias_U is not None, dtype=dtype)

    def forward(self, x: ArrayLike, initial_state: ArrayLike | None = None) -> np.ndarray:
        """Run over the time steps and return every hidden state. Both gates and the candidate are kept.

        Parameters
        ----------
        x : array, shape (batch, time, features)
        initial_state : array, shape (batch, units), optional
            Zeros if left out.

        Returns
        -------
        np.ndarray, shape (batch, time, units)

        Raises
        ------
        ValueError
            If a shape is wrong.
        """
        x = self._check_input(x)
        batch, time, _ = x.shape
        h = self._check_state(initial_state, batch)
        self.x, self.initial_state = x, h
        self.r, self.z, self.candidate, self.h = np.empty((4, batch, time, self.units), dtype=self.dtype)
        for t in range(time):
            x_t = x[:, t]
            r = sigmoid(x_t @ self.W_r + h @ self.U_r + self.b_r)
            z = sigmoid(x_t @ self.W_z + h @ self.U_z + self.b_z)
            if self.reset_after:
                candidate = np.tanh(x_t @ self.W_h + r * (h @ self.U_h + self.b_Uh) + self.b_h)
            else:
                candidate = np.tanh(x_t @ self.W_h + (r * h) @ self.U_h + self.b_h)
            h = (1 - z) * h + z * candidate
            self.r[:, t], self.z[:, t], self.candidate[:, t], self.h[:, t] = r, z, candidate, h
        return self.h.copy()

    def backward(self, grad: ArrayLike) -> dict[str, np.ndarray]:
        """Carry the gradient of a loss back through every time step of the last `forward`.

        In the code, ``dr`` is the gradient of the loss with respect to r, and ``da_r`` that with respect to what
        stands inside its σ; likewise for the others.

        Parameters
        ----------
        grad : array, shape (batch, time, units)
            Gradient of the loss with respect to all hidden states, each taken as an output of the layer.

        Returns
        -------
        dict
            Gradients of the loss by name, each in the shape of what it belongs to: every weight, ``"x"`` and
            ``"initial_state"``. ``"h"`` holds the gradient with respect to each hidden state by every path: as an
            output, and through all later steps.

        Raises
        ------
        ValueError
            If `grad` has another shape than the hidden states.
        RuntimeError
            If `forward` has not run.
        """
        grad = self._check_grad(grad)
        gradients, weights = self._zero_gradients(), self.weights
        dh = np.zeros_like(self.initial_state)
        for t in reversed(range(grad.shape[1])):
            h = self.h[:, t - 1] if t > 0 else self.initial_state
            r, z, candidate = self.r[:, t], self.z[:, t], self.candidate[:, t]
            dh_t = dh + grad[:, t]  # from all later steps, and from this step's own output
            gradients["h"][:, t] = dh_t

            # h_t = (1 − z) ⊙ h + z ⊙ h′
            dh = dh_t * (1 - z)  # the direct path to the state before; the gates add theirs below
            dz = dh_t * (candidate - h)
            da_h = dh_t * z * (1 - candidate**2)  # the slope of tanh is 1 − tanh²

            # the state's part of the candidate
            if self.reset_after:  # r ⊙ (h U_h + b_Uh)
                dr = da_h * (h @ self.U_h + self.b_Uh)
                gradients["U_h"] += h.T @ (da_h * r)
                gradients["b_Uh"] += (da_h * r).sum(axis=0)
                dh += (da_h * r) @ self.U_h.T
            else:  # (r ⊙ h) U_h
                dr = (da_h @ self.U_h.T) * h
                gradients["U_h"] += (r * h).T @ da_h
                dh += (da_h @ self.U_h.T) * r

            # the state's part of both gates
            da_r, da_z = dr * r * (1 - r), dz * z * (1 - z)  # the slope of σ is σ (1 − σ)
            for gate, da in (("r", da_r), ("z", da_z)):
                gradients[f"U_{gate}"] += h.T @ da
                dh += da @ weights[f"U_{gate}"].T

            # the input's part and the bias
            for gate, da in (("r", da_r), ("z", da_z), ("h", da_h)):
                gradients[f"W_{gate}"] += self.x[:, t].T @ da
                gradients[f"b_{gate}"] += da.sum(axis=0)
                gradients["x"][:, t] += da @ weights[f"W_{gate}"].T
        return gradients | {"initial_state": dh}


class LSTM(_Cell):
    """A long short-term memory: a cell state c beside the hidden state h.

    ::

        i   = σ(x_t W_i + h U_i + b_i)                        input gate
        f   = σ(x_t W_f + h U_f + b_f)                        forget gate
        c′  = tanh(x_t W_c + h U_c + b_c)                     candidate
        o   = σ(x_t W_o + h U_o + b_o)                        output gate
        c_t = f ⊙ c + i ⊙ c′                                  new cell state; c is the one before
        h_t = o ⊙ tanh(c_t)                                   new hidden state; h is the one before

    Parameters
    ----------
    W_i, U_i, b_i, W_f, U_f, b_f, W_c, U_c, b_c, W_o, U_o, b_o : arrays
        Shapes (features, units) for W, (units, units) for U, (units,) for b.
    dtype : floating-point type
        Of the weights and of everything computed with them.

    Attributes
    ----------
    weights : dict
        The arrays above by name.
    i, f, candidate, o, c, h : np.ndarray
        After `forward`: the gates, the candidate c′ and both states, each of shape (batch, time, units).

    Raises
    ------
    ValueError
        If the shapes of the weights do not fit together.

    References
    ----------
    Hochreiter and Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735. The forget gate came with Gers, Schmidhuber
    and Cummins (2000), doi:10.1162/089976600300015015.
    """

    def __init__(
        self,
        *,
        W_i: ArrayLike,
        U_i: ArrayLike,
        b_i: ArrayLike,
        W_f: ArrayLike,
        U_f: ArrayLike,
        b_f: ArrayLike,
        W_c: ArrayLike,
        U_c: ArrayLike,
        b_c: ArrayLike,
        W_o: ArrayLike,
        U_o: ArrayLike,
        b_o: ArrayLike,
        dtype: DTypeLike = np.float64,
    ):
        i, f = {"W_i": W_i, "U_i": U_i, "b_i": b_i}, {"W_f": W_f, "U_f": U_f, "b_f": b_f}
        c, o = {"W_c": W_c, "U_c": U_c, "b_c": b_c}, {"W_o": W_o, "U_o": U_o, "b_o": b_o}
        super().__init__(dtype, **i, **f, **c, **o)

    @classmethod
    def initialise(cls, features: int, units: int, rng: np.random.Generator, dtype: DTypeLike = np.float64) -> Self:
        """Draw random weights as Keras does: Glorot-uniform kernel, orthogonal recurrent kernel, zero biases but one.

        The forget gate's bias starts at one (Keras' ``unit_forget_bias=True``). Then f starts near σ(1), not near
        σ(0) = 0.5, and the cell state fades more slowly.

        Parameters
        ----------
        features, units : int
            Sizes of the input and of the state.
        rng : np.random.Generator
            The source of the random numbers, such as ``np.random.default_rng(0)``.
        dtype : floating-point type

        Raises
        ------
        ValueError
            If a size is not a whole number of at least 1, or `rng` is no generator.
        """
        kernel, recurrent_kernel = _draw_kernels(features, units, 4, rng)
        weights = _split_gates("ifco", kernel, recurrent_kernel, np.zeros(4 * units))
        weights["b_f"] = np.ones(units)
        return cls(**weights, dtype=dtype)

    @classmethod
    def from_keras(cls, layer: Any, dtype: DTypeLike = np.float64) -> Self:
        """Copy the weights of a Keras layer, which holds the gates side by side in the order i, f, c, o.

        Parameters
        ----------
        layer : keras.layers.LSTM
            Already built. Without a bias (``use_bias=False``), zeros are taken.
        dtype : floating-point type

        Raises
        ------
        ValueError
            If the layer is of another kind, is not built, or does what this class cannot.
        """
        return cls(**_split_gates("ifco", *_keras_weights(layer, "LSTM")), dtype=dtype)

    def forward(self, x: ArrayLike, initial_state: tuple[ArrayLike, ArrayLike] | None = None) -> np.ndarray:
        """Run over the time steps and return every hidden state. Gates, candidate and cell states are kept.

        Parameters
        ----------
        x : array, shape (batch, time, features)
        initial_state : pair (h, c) of arrays, each of shape (batch, units), optional
            Zeros if left out.

        Returns
        -------
        np.ndarray, shape (batch, time, units)

        Raises
        ------
        ValueError
            If a shape is wrong, or `initial_state` is no pair.
        """
        x = self._check_input(x)
        batch, time, _ = x.shape
        if initial_state is None:
            initial_state = (None, None)
        if not isinstance(initial_state, tuple | list) or len(initial_state) != 2:
            raise ValueError(f"initial_state must be a pair (h, c); found {type(initial_state).__name__}.")
        h, c = (self._check_state(state, batch) for state in initial_state)
        self.x, self.initial_state = x, (h, c)
        self.i, self.f, self.candidate, self.o = np.empty((4, batch, time, self.units), dtype=self.dtype)
        self.c, self.h = np.empty((2, batch, time, self.units), dtype=self.dtype)
        for t in range(time):
            x_t = x[:, t]
            i = sigmoid(x_t @ self.W_i + h @ self.U_i + self.b_i)
            f = sigmoid(x_t @ self.W_f + h @ self.U_f + self.b_f)
            candidate = np.tanh(x_t @ self.W_c + h @ self.U_c + self.b_c)
            o = sigmoid(x_t @ self.W_o + h @ self.U_o + self.b_o)
            c = f * c + i * candidate
            h = o * np.tanh(c)
            self.i[:, t], self.f[:, t], self.candidate[:, t], self.o[:, t] = i, f, candidate, o
            self.c[:, t], self.h[:, t] = c, h
        return self.h.copy()

    def backward(self, grad: ArrayLike) -> dict[str, Any]:
        """Carry the gradient of a loss back through every time step of the last `forward`.

        In the code, ``di`` is the gradient of the loss with respect to i, and ``da["i"]`` that with respect to what
        stands inside its σ; likewise for the others.

        Parameters
        ----------
        grad : array, shape (batch, time, units)
            Gradient of the loss with respect to all hidden states, each taken as an output of the layer.

        Returns
        -------
        dict
            Gradients of the loss by name, each in the shape of what it belongs to: every weight, ``"x"`` and
            ``"initial_state"``, a pair (h, c). ``"h"`` and ``"c"`` hold the gradient with respect to each state:
            ``"h"`` while c_t stays as it is, ``"c"`` with what follows from it through h_t = o ⊙ tanh(c_t).

        Raises
        ------
        ValueError
            If `grad` has another shape than the hidden states.
        RuntimeError
            If `forward` has not run.
        """
        grad = self._check_grad(grad)
        gradients, weights = self._zero_gradients() | {"c": np.zeros_like(self.c)}, self.weights
        h_0, c_0 = self.initial_state
        dh, dc = np.zeros_like(h_0), np.zeros_like(c_0)
        for t in reversed(range(grad.shape[1])):
            h, c = (self.h[:, t - 1], self.c[:, t - 1]) if t > 0 else (h_0, c_0)
            i, f, candidate, o = self.i[:, t], self.f[:, t], self.candidate[:, t], self.o[:, t]
            dh_t = dh + grad[:, t]  # from all later steps, and from this step's own output
            gradients["h"][:, t] = dh_t

            # h_t = o ⊙ tanh(c_t)
            tanh_c = np.tanh(self.c[:, t])
            do = dh_t * tanh_c
            dc_t = dc + dh_t * o * (1 - tanh_c**2)  # the slope of tanh is 1 − tanh²
            gradients["c"][:, t] = dc_t

            # c_t = f ⊙ c + i ⊙ c′
            dc = dc_t * f  # the only path to the cell state before
            df = dc_t * c
            di = dc_t * candidate
            da_c = dc_t * i * (1 - candidate**2)

            # x_t W + h U + b, inside each gate
            da_i, da_f, da_o = di * i * (1 - i), df * f * (1 - f), do * o * (1 - o)  # the slope of σ is σ (1 − σ)
            dh = np.zeros_like(h_0)
            for gate, da in (("i", da_i), ("f", da_f), ("c", da_c), ("o", da_o)):
                gradients[f"W_{gate}"] += self.x[:, t].T @ da
                gradients[f"U_{gate}"] += h.T @ da
                gradients[f"b_{gate}"] += da.sum(axis=0)
                gradients["x"][:, t] += da @ weights[f"W_{gate}"].T
                dh += da @ weights[f"U_{gate}"].T
        return gradients | {"initial_state": (dh, dc)}


def state_jacobians(cell: RNN | GRU, x: ArrayLike) -> np.ndarray:
    """Return how the last hidden state answers to each earlier one: ∂h_T/∂h_t for every t.

    Row i of a Jacobian is the gradient of unit i of h_T. One sample carries one such row back, so the series is
    repeated once per unit, and `backward` starts sample i with a one at unit i.

    Parameters
    ----------
    cell : RNN or GRU
        What it keeps from an earlier `forward` stays as it is.
    x : array, shape (time, features)
        One series. The state before it is zero.

    Returns
    -------
    np.ndarray, shape (time, units, units)
        ``[t, i, j]`` is ∂h_T[i]/∂h_t[j]. The time steps count from 0 and T is the last, so ``[-1]`` is the identity.

    Raises
    ------
    ValueError
        If `x` has another shape, or for an `LSTM`: its memory is the cell state, which ∂h_T/∂h_t leaves out.
    """
    if not isinstance(cell, RNN | GRU):
        raise ValueError(
            f"state_jacobians takes an RNN or a GRU, whose only state is h; found {type(cell).__name__}. "
            "The gradients of both states of an LSTM are in what its backward returns."
        )
    x = np.asarray(x)
    if x.ndim != 2:
        raise ValueError(f"x must be one series of shape (time, features); found shape {x.shape}.")
    cell = copy.copy(cell)
    h = cell.forward(np.repeat(x[np.newaxis], cell.units, axis=0))
    grad = np.zeros_like(h)
    grad[:, -1] = np.eye(cell.units)
    return cell.backward(grad)["h"].swapaxes(0, 1)


def keras_step_back(cell: GRU, x_t: ArrayLike, h: ArrayLike, dh: ArrayLike) -> np.ndarray:
    """Return what Keras' own layer brings back to `h` of the gradient `dh`, by `tf.GradientTape`, in 64 bits.

    One step: x_t of shape (samples, features), the state before it and the gradient at the state after it of shape
    (samples, units), as is what is returned. The cell's reset gate has to act before the product.
    """
    import keras
    import tensorflow as tf

    w, layer = cell.weights, keras.layers.GRU(cell.units, reset_after=False, dtype="float64")
    layer.build((None, None, cell.features))
    layer.set_weights([np.concatenate([-w[f"{a}_z"], w[f"{a}_r"], w[f"{a}_h"]], axis=-1) for a in "WUb"])
    before = tf.constant(h)
    with tf.GradientTape() as tape:
        tape.watch(before)
        after = layer(np.asarray(x_t)[:, np.newaxis], initial_state=before)
    return tape.gradient(after, before, output_gradients=tf.constant(dh)).numpy()


def rnn_parameters(features: int, units: int) -> int:
    """Return the number of weights of a plain recurrent layer: n² + nm + n for n units and m features.

    A recurrent kernel (n²), a kernel (nm) and a bias (n), as Keras' ``SimpleRNN`` counts them.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least 1.
    """
    _check_sizes(features, units)
    return units**2 + units * features + units


def gru_parameters(features: int, units: int, *, reset_after: bool) -> int:
    """Return the number of weights of a GRU, for n units and m features, as Keras counts them.

    The textbook's GRU has three times those of a plain layer, 3(n² + nm + n). Keras' default, ``reset_after=True``,
    has a second bias for each of the three, 3(n² + nm + 2n). Of these 3n further numbers only the candidate's n do
    what the first bias cannot do; the others are added to it. `GRU` holds their sums, so 2n numbers fewer.

    Parameters
    ----------
    features, units : int
        Sizes of the input and of the state.
    reset_after : bool
        Where the reset gate acts.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least 1.
    """
    _check_sizes(features, units)
    biases = 2 if reset_after else 1
    return 3 * (units**2 + units * features + biases * units)


def lstm_parameters(features: int, units: int) -> int:
    """Return the number of weights of an LSTM: 4(n² + nm + n) for n units and m features.

    Four times those of a plain layer, as Keras' ``LSTM`` counts them.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least 1.
    """
    return 4 * rnn_parameters(features, units)


def _check_sizes(features: int, units: int) -> None:
    for name, size in (("features", features), ("units", units)):
        if not isinstance(size, int | np.integer) or size < 1:
            raise ValueError(f"{name} must be a whole number of at least 1; found {size!r}.")


def _draw_kernels(features: int, units: int, gates: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw a kernel and a recurrent kernel with the gates side by side, as Keras does.

    Drawing all gates as one matrix matters. The kernel's limit is √(6 / (rows + columns)) of the wide matrix (Glorot
    and Bengio 2010, AISTATS). The rows of the wide recurrent kernel are orthonormal (Saxe et al. 2014,
    arXiv:1312.6120), not those of each gate.
    """
    _check_sizes(features, units)
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a generator such as np.random.default_rng(0); found {rng!r}.")
    limit = np.sqrt(6 / (features + gates * units))
    kernel = rng.uniform(-limit, limit, (features, gates * units))
    q, r = np.linalg.qr(rng.standard_normal((gates * units, units)))
    return kernel, (q * np.sign(np.diag(r))).T  # the signs make every direction equally likely


def _split_gates(
    order: str, kernel: np.ndarray, recurrent_kernel: np.ndarray, bias: np.ndarray
) -> dict[str, np.ndarray]:
    """Cut matrices with the gates side by side, in this order, into W_r, U_r, b_r and so on."""
    weights = {}
    for letter, blocks in (("W", kernel), ("U", recurrent_kernel), ("b", bias)):
        for gate, block in zip(order, np.split(blocks, len(order), axis=-1), strict=True):
            weights[f"{letter}_{gate}"] = block
    return weights


def _keras_weights(layer: Any, kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return kernel, recurrent kernel and bias of a Keras layer, or say why a NumPy cell cannot stand for it."""
    if type(layer).__name__ != kind:
        raise ValueError(f"This needs a keras.layers.{kind}; found {type(layer).__name__}.")
    config = layer.get_config()
    plain = {"activation": "tanh", "recurrent_activation": "sigmoid", "go_backwards": False, "stateful": False}
    for name, value in plain.items():
        found = config.get(name, value)  # SimpleRNN has no recurrent_activation
        if found != value:
            raise ValueError(f"Only a {kind} with {name}={value!r} can be copied; found {name}={found!r}.")
    calls = getattr(layer, "_inbound_nodes", [])  # in a model of Keras' own; a mask (from Masking) is then an argument
    if any(call.arguments.kwargs.get("mask") is not None for call in calls):
        raise ValueError(f"Only a {kind} without a mask can be copied; the layer {layer.name!r} gets one.")
    if not calls and "/" in (layer.path or ""):
        raise ValueError(
            f"The layer {layer.name!r} is run by {layer.path.rsplit('/', 1)[0]!r}, which may give it a mask, unseen. "
            f"If there is none, hand over a keras.layers.{kind} of its own with the same options, built, with its "
            "weights set by set_weights(layer.get_weights())."
        )
    if not layer.built:
        raise ValueError(
            f"The layer {layer.name!r} has no weights yet. Call it on data once, or build it with "
            "layer.build((None, None, features))."
        )
    kernel, recurrent_kernel, *bias = (np.asarray(array, dtype=np.float64) for array in layer.get_weights())
    if not bias:  # use_bias=False
        columns = kernel.shape[1]
        bias = [np.zeros((2, columns) if config.get("reset_after") else columns)]
    return kernel, recurrent_kernel, bias[0]
