"""`python -m llmsec_nb` is `llmsec`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
