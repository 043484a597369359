#!/bin/sh
# The engine's part in a command that only reads the state: it prints the one beside it.
[ "$1 $2" = 'stack export' ] && exec cat "$(dirname "$0")/state.json"
echo "pulumi $*: not in this test" >&2
exit 1
