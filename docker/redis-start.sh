#!/bin/sh
# Start Valkey with one account and its password: the default one, which needs none, is off.
# The account does what Celery and the cache need, and nothing that empties, lists or sets up the server.
set -eu

digest=$(printf %s "${REDIS_PASSWORD:?}" | sha256sum | cut -d " " -f 1)
accounts=${REDIS_ACCOUNTS:-/tmp/accounts.acl}
umask 077
cat >"$accounts" <<END
user default off
user carenet on #$digest ~* &* +@all -@admin -@dangerous +info
END
exec valkey-server --aclfile "$accounts" --save "" --appendonly no "$@"
