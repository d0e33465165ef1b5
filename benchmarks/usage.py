"""What a program uses: memory and CPU of a process and all its descendants, as /proc tells them."""

import os
from pathlib import Path


def processes(root: int) -> list[int]:
    """The program's process and all its descendants."""
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            continue
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").iterdir():
            try:
                children += (task / "children").read_text().split()
            except OSError:
                continue
        todo += [int(child) for child in set(children)]
    return sorted(set(found))


def memory(pids: list[int]) -> tuple[float, float]:
    """Resident and proportional memory in MB, summed."""
    resident = proportional = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        facts = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:] if ":" in line}
        resident += facts["Rss"]
        proportional += facts["Pss"]
    return resident / 1024, proportional / 1024


def cpu(pids: list[int]) -> float:
    """CPU seconds spent so far, summed."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
