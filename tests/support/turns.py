"""What takes turns: with CASES_SHARE=K/N each N-th, every K from 0 to N-1 gives all; with CASES_BUT=K/N all but these, where
another build has them (.ci/run)."""
import os


def take_turns(items):
    for name, wanted in (("CASES_SHARE", True), ("CASES_BUT", False)):
        part, _, whole = (os.environ.get(name) or "").partition("/")
        if whole:
            items = [item for i, item in enumerate(items) if (i % int(whole) == int(part)) == wanted]
    return items
