"""``python -m vjdream``."""

import sys

from vjdream.cli import main

if __name__ == "__main__":
    sys.exit(main())
