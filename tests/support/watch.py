#!/usr/bin/env python3
"""Waits for the end of a process that is no child of ours, however it ends, and then runs a command in its own place.

    watch.py PID COMMAND [ARGUMENT...]
"""
import os
import select
import sys


def main():
    try:
        process = os.pidfd_open(int(sys.argv[1]))
    except ProcessLookupError:  # it has ended already
        pass
    else:
        select.select([process], [], [])
    os.execv(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
