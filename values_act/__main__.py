"""`python -m values_act`."""

from values_act.cli import main

main()
