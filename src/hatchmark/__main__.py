"""`python -m hatchmark` is the command line."""

from hatchmark.cli.main import main

raise SystemExit(main())
