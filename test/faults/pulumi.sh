#!/bin/sh
# The engine's part in a command that only reads the state: it prints the one beside it.
case "$1 $2" in
'stack export') exec cat "$(dirname "$0")/state.json" ;;
'whoami --json') echo "{\"url\":\"file://$(dirname "$0")/state\"}" ; exit ;;
esac
echo "pulumi $*: not in this test" >&2
exit 1
