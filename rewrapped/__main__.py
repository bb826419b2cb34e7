"""`python -m rewrapped`."""

import sys

from rewrapped.cli import main

sys.exit(main())
