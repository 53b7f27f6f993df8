"""What takes turns: with CASES_SHARE=K/N each N-th, every K from 0 to N-1 gives all; with CASES_BUT=K/N, where another build has
these (.ci/run), those of the next K."""
import os


def take_turns(items):
    for name, behind in (("CASES_SHARE", 0), ("CASES_BUT", 1)):
        part, _, whole = (os.environ.get(name) or "").partition("/")
        if whole:
            items = [item for i, item in enumerate(items) if i % int(whole) == (int(part) + behind) % int(whole)]
    return items
