#!/bin/sh
# The engine's part in a command that writes no state: it prints the one beside it. What adoption reads by an import goes to
# a backend of its own.
cd "$(dirname "$0")" || exit 1
state=state.json
[ -z "$PULUMI_BACKEND_URL" ] || state=imported.json
case "$1 $2" in
'stack export') exec cat "$state" ;;
'whoami --json') echo "{\"url\":\"file://$PWD/state\"}"; exit ;;
'stack init' | 'import --file') exit ;;
esac
echo "pulumi $*: not in this test" >&2
exit 1
