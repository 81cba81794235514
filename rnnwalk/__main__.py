"""rnnwalk as a command: ``rnnwalk`` and ``python -m rnnwalk``."""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # small matrices lose by threads; before numpy is imported

from rnnwalk.cli.app import main  # noqa: E402

if __name__ == "__main__":
    main()
