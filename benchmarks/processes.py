"""What processes have used: CPU seconds and memory."""

from __future__ import annotations

import psutil


def cpu_seconds(process: psutil.Process) -> float:
    """CPU seconds of a process and of its children, those that have ended included."""
    own = process.cpu_times()
    total: float = own.user + own.system + own.children_user + own.children_system
    for child in process.children():
        try:
            total += cpu_seconds(child)
        except psutil.NoSuchProcess:
            continue
    return total


def memory_bytes(process: psutil.Process) -> int:
    """Bytes that a process and its children hold, pages shared among them counted once (Linux: PSS)."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total
