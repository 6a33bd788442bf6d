"""`python -m advisor` and the command `advisor`: errors become one line each, never a traceback."""

from __future__ import annotations

import os
import sys

from advisor.cli import cli
from advisor.core.terminal import one_line, speak_utf8, write_message
from advisor.errors import AdvisorError


def main() -> None:
    """Run the command line; exit 0 done, 1 the answer is no, 2 wrong input."""
    speak_utf8()
    try:
        cli()
    except AdvisorError as error:
        write_message(str(error))
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except MemoryError:
        write_message("There is not enough memory for this input. Give a smaller file.")
        sys.exit(2)
    except Exception as error:
        if os.environ.get("ADVISOR_DEBUG"):
            raise
        what = one_line(f"{type(error).__name__}: {error}")[:300]
        write_message(f"A fault in the advisor: {what}. Set ADVISOR_DEBUG=1 to see where.")
        sys.exit(70)


if __name__ == "__main__":
    main()
