"""`python -m values_act`."""

import sys

try:
    from values_act.cli import main
except KeyboardInterrupt:  # as `main` ends once it runs
    sys.exit(130)

main()
