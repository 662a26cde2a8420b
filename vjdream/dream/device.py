"""Where the dream is computed: the device that was asked for, and how it is to compute."""

import os

import torch

from vjdream.errors import DreamerError


def choose_device(name: str) -> torch.device:
    """Return the device called ``cpu``, ``cuda`` or ``cuda:n``.

    Raises:
        DreamerError: when it is not there.
    """
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise DreamerError(f"--device {name} needs a CUDA GPU and torch finds none - use cpu")
    device = torch.device(name)
    if device.index is not None and device.index >= torch.cuda.device_count():
        raise DreamerError(f"--device {name} is not there: torch finds {torch.cuda.device_count()}")
    return device


def prepare_gpu(device: torch.device, repeatable: bool) -> None:
    """Choose between the fastest kernels and those that always give the same bits."""
    if device.index is not None:
        torch.cuda.set_device(device)
    torch.backends.cudnn.benchmark = not repeatable
    if repeatable:
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.use_deterministic_algorithms(True, warn_only=True)
    else:
        torch.set_float32_matmul_precision("high")  # 10 bits of fraction: enough for the prior
