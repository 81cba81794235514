"""rnnwalk as a command: ``rnnwalk`` and ``python -m rnnwalk``."""

import gc
import os
import sys

from rnnwalk import ending

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # small matrices lose by threads; before numpy is imported


def main() -> None:
    """Run the command line; a signal ends it in order, also while it is still being loaded."""
    ending.heed()
    try:
        from rnnwalk.cli import app
    except KeyboardInterrupt:
        sys.exit(130)
    try:
        app.main()
    finally:
        gc.freeze()  # the process ends: to look through all that it holds once more took a fifth of a walk


if __name__ == "__main__":
    main()
