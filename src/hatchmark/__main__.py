"""`python -m hatchmark` is the command line."""

import gc

from hatchmark.cli.main import main

# Starting makes many objects that stay. Looking through them after every 700 new ones is a tenth of the start.
gc.set_threshold(50_000, 20, 20)

raise SystemExit(main())
